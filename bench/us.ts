/** Plan-lint itself, from YAML to decisions, with the checks of shape, limits and graph that it never leaves out. */
import { gzipSync } from 'node:zlib';
import { compile, memoryHost } from '../compiler/index.ts';
import type { Host } from '../compiler/index.ts';
import { digestOf, signEphemeral } from '../compiler/6-sign/index.ts';
import { loadBundle } from '@plan-lint/runtime';
import type { Bundle, BundlePredicate, Capability } from '@plan-lint/runtime';
import type { Engine } from './engine.ts';
import { clock } from './measure.ts';
import { policyText } from './policy.ts';
import type { Workload } from './workload.ts';

/** What is said about every bundle that is measured. */
export const PREDICATE: BundlePredicate = {
  name: 'bench',
  version: '1',
  sequence: 1,
  audience: [],
  not_before: null,
  expires: null,
  entries: ['bench'],
  default_entry: null,
  format: 2,
  issued: null,
  require_base: [],
  chains: [],
  names: [],
  zones: null,
  capabilities: [],
  minimum_runtime: '0.2.0',
  compiler: '0.2.0',
  sources: [],
  catalog: null,
  tests: null,
};

/** A signed module, its trust root, and what it took to make. */
export interface Built {
  readonly module: Uint8Array;
  readonly sidecar: Uint8Array;
  readonly trust: Uint8Array;
  readonly milliseconds: number;
}

export const build = (files: Readonly<Record<string, string>>): Promise<Built> =>
  buildFrom(memoryHost(files));

export async function buildFrom(host: Host, capabilities: readonly Capability[] = []): Promise<Built> {
  const start = clock();
  const { result, diagnostics } = await compile(host, { capabilities });
  if (!result) throw new Error(diagnostics.map(({ code }) => code).join(' '));
  const module = Buffer.from(result.module.code);
  const predicate = {
    ...PREDICATE,
    entries: result.module.entries,
    default_entry: result.module.defaultEntry,
    capabilities: result.module.capabilities,
    sources: result.policies.sources.map(({ path, text }) => digestOf(path, Buffer.from(text))),
  };
  const { sidecars, trust } = await signEphemeral({ moduleName: 'bench.mjs', module, predicate }, 'bench');
  const [sidecar] = sidecars;
  if (!sidecar) throw new Error('no signature was made');
  return { module, sidecar, trust, milliseconds: (clock() - start) / 1000 };
}

export const open = ({ module, sidecar, trust }: Built): Promise<Bundle> =>
  loadBundle(module, sidecar, trust, { audience: 'production' });

export const us: Engine = {
  name: 'plan-lint',
  async prepare(workload) {
    const built = await build({ 'bench.yaml': policyText(workload) });
    const bundle = await open(built);
    const policy = bundle.policy();
    const options = { now: Date.now() };
    const nameOf = settingNames(workload);
    return {
      decide: (plan) => policy.evaluate(plan, options),
      allows: (plan) => policy.allows(plan, options),
      verdict: (plan) =>
        policy
          .evaluate(plan, options)
          .violations.map(({ stepIndex, rule }) => `${stepIndex}:${nameOf(rule)}`)
          .sort(),
      bytes: built.module.length,
      gzip: gzipSync(built.module).length,
    };
  },
};

/** A setting's id as the oracle has it. */
function settingNames({ deny }: Workload): (rule: string) => string {
  return (rule) => {
    if (rule.startsWith('allow_tools')) return 'allow';
    if (rule.startsWith('deny_tokens_regex'))
      return `deny ${deny.find((source) => rule.includes(JSON.stringify(source))) ?? rule}`;
    return rule;
  };
}
