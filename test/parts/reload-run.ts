/**
 * What reloading leaves behind: `node --expose-gc … reload-run.ts [times]` loads that many different bundles of 250 kB by `vm`, asks each,
 * and prints how much the heap has grown, and how fast the last one decides beside the same bundle imported (paired runs).
 */
import { loadBundle as loadByImport } from '@plan-lint/runtime';
import { MODULE_HEAD } from '@plan-lint/runtime/contract';
import { loadBundle } from '@plan-lint/runtime/node';
import { compile, memoryHost } from '../../compiler/index.ts';
import { firstTrust, keySigner, signBundle, signerKey, trustBytes } from '../../compiler/6-sign/index.ts';
import { NOW, predicateOf, sharedKey } from '../support/signing.ts';

const RULES = 2400;
const times = Number(process.argv[2] ?? 1000);
const rules = Array.from(
  { length: RULES },
  (_, i) =>
    `  - {rule: r${i}, severity: high, description: Rule ${i} of the large policy, pattern: {tool: t${i % 300}.call${i}, arg: a${i % 7}, operation: gt, value: ${i}}}`,
);
const { result } = await compile(memoryHost({ 'p.yaml': `rules:\n${rules.join('\n')}\n` }));
if (!result) throw new Error('it does not compile');
const { code, entries } = result.module;
const trust = trustBytes(firstTrust(signerKey(sharedKey)));

async function bundle(i: number): Promise<[module: Uint8Array, sidecars: readonly Uint8Array[]]> {
  const module = Buffer.from(code.replace(MODULE_HEAD, `${MODULE_HEAD}/*${i}*/`));
  const { sidecars } = await signBundle({
    moduleName: 'acme.mjs',
    module,
    predicate: predicateOf({ entries, sequence: i, sources: [] }),
    signers: [keySigner(sharedKey)],
  });
  return [module, sidecars];
}

const plan = { steps: [{ id: 's', tool: 't1.call1', args: { a1: 5 } }] };
type Policy = ReturnType<Awaited<ReturnType<typeof loadBundle>>['policy']>;

async function turn(i: number): Promise<Policy> {
  const [module, sidecars] = await bundle(i);
  const policy = (await loadBundle(module, sidecars, trust, { now: NOW })).policy();
  if (policy.evaluate(plan).violations.length !== 1) throw new Error('it decides something else');
  return policy;
}

const heap = (): number => {
  for (let i = 0; i < 5; i += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

// The first loads fill caches of the engine's own.
for (let i = 1; i <= 20; i += 1) await turn(i);
const before = heap();
for (let i = 21; i <= times + 20; i += 1) await turn(i);
const grown = heap() - before;

const byVm = await turn(1);
const [module, sidecars] = await bundle(1);
const byImport = (await loadByImport(module, sidecars, trust, { now: NOW })).policy();
const timeOf = (policy: Policy): number => {
  const start = performance.now();
  for (let i = 0; i < 20_000; i += 1) policy.allows(plan);
  return performance.now() - start;
};
const ratios = Array.from({ length: 41 }, (_, i) => {
  // Whoever comes second finds a warmer processor: each comes second as often.
  if (i % 2 === 0) {
    const first = timeOf(byVm);
    return first / timeOf(byImport);
  }
  const first = timeOf(byImport);
  return timeOf(byVm) / first;
}).sort((a, b) => a - b);
const report = {
  node: process.version,
  moduleKB: Math.round(code.length / 1000),
  reloads: times,
  heapGrownMB: Math.round(grown / 1e4) / 100,
  vmBesideImport: Math.round((ratios[20] ?? NaN) * 1000) / 1000,
};
console.log(JSON.stringify(report));
