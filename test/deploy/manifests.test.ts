/** The manifests are those of the source document, and the overlays agree with the service that they run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../cli/program.ts';
import { loadConfig } from '../../service/config/load.ts';
import { readRoles } from '../../service/rbac/roles.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const yaml = (path: string): unknown => load(text(path));
const kubernetes = (path: string): unknown => yaml(`deploy/kubernetes/${path}`);

interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly [probe: `${string}Probe`]: { readonly httpGet: { readonly path: string; readonly port: string } };
}
interface Workload {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly Container[];
        readonly volumes: readonly { readonly name: string }[];
      };
    };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

describe('the bases are what the source document prints', () => {
  it.each([
    ['deployment', 'base/deployment.yaml'],
    ['service', 'base/service.yaml'],
    ['statefulset', 'base-ha/statefulset.yaml'],
  ])('%s', (document, ours) => {
    expect(kubernetes(ours)).toEqual(yaml(`test/deploy/document/${document}.yaml`));
  });

  it('the service of the StatefulSet differs in being headless', () => {
    const { spec } = kubernetes('base-ha/service.yaml') as { readonly spec: Record<string, unknown> };
    const document = yaml('test/deploy/document/service.yaml') as { readonly spec: object };
    expect(spec).toEqual({ ...document.spec, clusterIP: 'None' });
  });
});

describe('the pipeline', () => {
  type Pipeline = Readonly<Record<string, { readonly stage: string; readonly script: readonly string[] }>>;
  const document = yaml('test/deploy/document/gitlab-ci.yaml') as Pipeline;
  const ours = yaml('deploy/gitlab/.gitlab-ci.yml') as Pipeline;

  it('has the stages, the jobs and their order of the source document', () => {
    expect(Object.keys(ours)).toEqual(Object.keys(document));
    expect(ours['stages']).toEqual(document['stages']);
    for (const job of ['policy-lint', 'policy-test', 'policy-bundle', 'deploy-policies'])
      expect(ours[job]?.stage).toBe(document[job]?.stage);
  });

  it('begins each line as the document does; the bundle is signed, published, and one key of the ConfigMap', () => {
    const lines = (pipeline: Pipeline): string[] =>
      Object.values(pipeline).flatMap(({ script = [] }) => script);
    const [lint, test, bundle, publish, configMap] = lines(ours);
    const [documentLint, documentTest, documentBundle, , documentConfigMap] = lines(document);
    expect([lint, test]).toEqual([documentLint, documentTest]);
    expect(bundle?.startsWith(documentBundle ?? 'none')).toBe(true);
    expect(publish).toContain('plan-lint publish policy-bundle.tar.gz');
    expect(configMap).toBe(documentConfigMap?.replace('policies/', 'policy-bundle.tar.gz'));
  });
});

const OVERLAYS = [
  ['production', 'overlays/production/hardening.yaml'],
  ['ha', 'overlays/ha/puller.yaml'],
] as const;

describe.each(OVERLAYS)('the overlay %s', (_, path) => {
  const { spec } = kubernetes(path) as Workload;
  const pod = spec.template.spec;
  const service = pod.containers.find(({ name }) => name === 'validator');

  it('asks for health where the service answers, on the port it listens on', async () => {
    const { config } = await configuration();
    expect(service?.ports).toEqual([
      { name: 'http', containerPort: Number(config.listen.split(':').at(-1)) },
    ]);
    expect(service?.['livenessProbe']?.httpGet).toEqual({ path: '/health', port: 'http' });
    expect(service?.['readinessProbe']?.httpGet).toEqual({ path: '/health/ready', port: 'http' });
    const { spec: ports } = kubernetes('base/service.yaml') as {
      readonly spec: { readonly ports: readonly { readonly targetPort: number }[] };
    };
    expect(ports.ports[0]?.targetPort).toBe(service?.ports?.[0]?.containerPort);
  });

  it('mounts what the configuration writes to, and gives it time to end', async () => {
    const { config } = await configuration();
    const mounts = (service?.volumeMounts ?? []).map(({ mountPath }) => mountPath);
    expect(mounts).toContain(config.state_dir);
    expect(mounts.some((mount) => config.audit.path.startsWith(`${mount}/`))).toBe(true);
    const preStop = path.includes('production') ? 5_000 : 0;
    const needed = preStop + config.drain.delay + config.drain.grace;
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(needed);
    expect(service?.env).toContainEqual({
      name: 'PLAN_LINT_CONFIG',
      value: '/etc/planlint/config/plan-lint.service.yaml',
    });
  });

  it('names no volume that is not there', () => {
    const volumes = [
      ...pod.volumes.map(({ name }) => name),
      ...(spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
    ];
    for (const { volumeMounts } of pod.containers)
      for (const { name } of volumeMounts) expect(volumes).toContain(name);
  });
});

it('the puller’s command line is one that `pull` takes', () => {
  const { spec } = kubernetes('overlays/ha/puller.yaml') as Workload;
  const [verb, ...flags] = spec.template.spec.containers.find(({ name }) => name === 'puller')?.args ?? [];
  const pull = commandLine({} as never, () => undefined).commands.find((each) => each.name() === verb);
  const known = pull?.options.map(({ long }) => long) ?? [];
  expect(verb).toBe('pull');
  for (const flag of flags) expect(known).toContain(flag.split('=')[0]);
  for (const { long, mandatory } of pull?.options ?? [])
    if (mandatory && long !== '--format')
      expect(flags.some((flag) => flag.startsWith(`${long}=`))).toBe(true);
});

const configuration = () =>
  loadConfig({
    file: join(root, 'deploy/kubernetes/config/plan-lint.service.yaml'),
    env: {},
    flags: new Map(),
  });

it('the shared configuration is read without an error, and so are its roles', async () => {
  const { config } = await configuration();
  expect(config.policies.path).toBe('/etc/planlint/policies');
  const roles = kubernetes('config/rbac.yaml') as Parameters<typeof readRoles>[0];
  expect(readRoles(roles).bindings).toHaveLength(3);
});
