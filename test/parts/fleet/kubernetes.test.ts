/** Manifests by the strict schemas of Kubernetes, the Dockerfile by hadolint: real programs, no cluster. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { partsDirectory } from '../../../scripts/parts-directory.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const python = (name: string): string => join(partsDirectory(), 'kubernetes/bin', name);
const directory = mkdtempSync(join(tmpdir(), 'manifests-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function run(program: string, ...argv: string[]): { readonly code: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(program, argv, { cwd: root, encoding: 'utf8' });
  return { code: status, text: stdout + stderr };
}

function validate(manifest: string): { readonly code: number | null; readonly text: string } {
  const path = join(directory, 'manifest.yaml');
  writeFileSync(path, manifest);
  return run(python('kubernetes-validate'), '--strict', path);
}

it.each(['base', 'base-ha', 'overlays/production', 'overlays/ha'])(
  '%s builds, passes the strict schemas, and a misspelt member would not',
  (name) => {
    const built = run('kubectl', 'kustomize', `deploy/kubernetes/${name}`);
    expect(built.code, built.text).toBe(0);
    const result = validate(built.text);
    expect(result.code, result.text).toBe(0);
    expect(validate(built.text.replace('containers:', 'container:')).code).not.toBe(0);
    expect(validate(built.text.replace('mountPath:', 'mountpath:')).code).not.toBe(0);
  },
);

it('the Dockerfile has no finding', () => {
  const result = run(python('hadolint'), 'deploy/Dockerfile');
  expect(result, result.text).toEqual({ code: 0, text: '' });
});

it('a ConfigMap made from a directory loses what lies below, and then the service is never ready', () => {
  const policies = join(directory, 'policies');
  mkdirSync(join(policies, 'base'), { recursive: true });
  writeFileSync(join(policies, 'base/core.yaml'), 'max_steps: 5\n');
  writeFileSync(join(policies, 'pay.yaml'), 'extends: base/core.yaml\nallow_tools: [pay]\n');
  const create = ['create', 'configmap', 'plan-lint-policies', `--from-file=${policies}`];
  const made = run('kubectl', ...create, '-o', 'json', '--dry-run=client');
  expect(made.code, made.text).toBe(0);
  const { data } = JSON.parse(made.text) as { readonly data: Readonly<Record<string, string>> };
  expect(Object.keys(data)).toEqual(['pay.yaml']);
  const mounted = join(directory, 'mounted');
  mkdirSync(mounted);
  for (const [name, content] of Object.entries(data)) writeFileSync(join(mounted, name), content);
  const serve = [
    'dist/cli/main.js',
    'serve',
    '--policy-dir',
    mounted,
    '--listen',
    '127.0.0.1:0',
    '--audit',
    '-',
  ];
  // It runs on, for the volume may yet be mended, and is never ready.
  const { stdout, stderr } = spawnSync(process.execPath, serve, {
    cwd: root,
    encoding: 'utf8',
    timeout: 10_000,
    killSignal: 'SIGKILL',
  });
  expect(stdout + stderr).toContain('PL2001: `base/core.yaml` names no policy file');
  expect(stdout + stderr).toContain('not ready: no bundle is loaded');
});
