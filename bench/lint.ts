/**
 * How long linting takes: what an author waits for on every save, in processor time, for the machine may be busy.
 * `node bench/run.js lint`
 */
import { directoryHost } from '../bundles/directory-host.ts';
import { lint, memoryHost } from '../compiler/index.ts';
import type { Host } from '../compiler/index.ts';
import { policyText } from './policy.ts';
import { makeWorkload } from './workload.ts';

const cases: readonly (readonly [what: string, host: Host])[] = [
  ['policies/', directoryHost('policies')],
  ['1,000 rules', memoryHost({ 'p.yaml': policyText(makeWorkload(1_000)) })],
  ['10,000 rules', memoryHost({ 'p.yaml': policyText(makeWorkload(10_000)) })],
];

/** Milliseconds of processor time so far. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const AT = { now: Date.parse('2026-06-01T00:00:00Z'), warnExpiry: 30 * 86_400_000 };
console.log('| | first | again | warnings |\n| --- | --- | --- | --- |');
for (const [what, host] of cases) {
  const times: number[] = [];
  let warnings = 0;
  for (let i = 0; i < 4; i += 1) {
    const start = cpu();
    warnings = (await lint(host, AT)).diagnostics.length;
    times.push(cpu() - start);
  }
  const [first = 0, ...again] = times;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  console.log(`| ${what} | ${seconds(first)} | ${seconds(Math.min(...again))} | ${warnings} |`);
}
