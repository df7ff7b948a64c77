/**
 * `npm run bench`: holds every engine to the oracle, then measures all of them in one run.
 * `--quick` leaves out the large plans and most rounds; `--no-peers` the peers.
 */
import { writeFile } from 'node:fs/promises';
import { against } from './against.ts';
import type { PeerCell } from './against.ts';
import { batch } from './batch.ts';
import { cold, heapPerPlan } from './cold.ts';
import { decisions } from './decisions.ts';
import type { Cell } from './decisions.ts';
import { hostile } from './hostile.ts';
import { rebuild } from './rebuild.ts';
import { measureSharing, sharingLine } from './sharing.ts';
import { plot } from './plot.ts';
import {
  batchTarget,
  coldTargets,
  decisionTargets,
  met,
  peerTargets,
  rebuildTarget,
  sharingTargets,
} from './targets.ts';

const quick = process.argv.includes('--quick');
const out = (line = ''): void => void process.stdout.write(`${line}\n`);
const number = (value: number | null | undefined, digits = 1): string =>
  (value === null || value === undefined || Number.isNaN(value) ? '-' : value.toFixed(digits)).padStart(9);

const SIZES = [10, 100, 1000, 10_000];
const cases = SIZES.flatMap((rules): (readonly [number, number])[] =>
  rules === 1000 && !quick
    ? [
        [rules, 5],
        [rules, 50],
        [rules, 500],
      ]
    : [[rules, 50]],
);

out(`node ${process.version}, microseconds of processor time a plan, lower quartile`);
out(
  '\nrules  steps order     JSON.parse  straight    tables        us   parse +  straight    tables        us',
);
const cells = await decisions(cases, quick ? 7 : 15);
for (const cell of cells) out(decisionLine(cell));

out('\nallows(plan)            clean: early by hand      us   violating: by hand      us');
for (const { rules, steps, order, times } of cells) {
  const values = ['clean early', 'clean us', 'violating early', 'violating us'].map((name) =>
    number(times[name]?.seen),
  );
  out(`${rules} rules, ${steps} steps, ${order}`.padEnd(34) + values.join(' '));
}

const peers = process.argv.includes('--no-peers') ? [] : await against([10, 100, 1000]);
if (peers.length > 0) {
  out(
    '\npeers, the rules of a tool handed to them by a Map: microseconds a plan of 50 steps, times us, ms until ready',
  );
  for (const rules of new Set(peers.map((cell) => cell.rules))) {
    const ours = peers.find((cell) => cell.rules === rules)?.micros ?? NaN;
    for (const cell of peers.filter((each) => each.rules === rules)) out(peerLine(cell, ours));
  }
  out(
    'OPA wasm: skipped, no `opa` to compile rego with; plan-lint 0.0.4: skipped, no Python toolchain is assumed',
  );
}

out(
  '\nrules   compile ms  again ms  bytes/rule  gzip/rule  verify+load ms  load+first ms  with code cache ms',
);
const starts = [];
for (const rules of SIZES) {
  const start = await cold(rules);
  starts.push(start);
  const { compile, compileAgain, bytesPerRule, gzipPerRule, verified, fromText, fromCache } = start;
  const values = [compile, compileAgain, bytesPerRule, gzipPerRule, verified, fromText, fromCache];
  out(`${rules}`.padEnd(6) + values.map((value) => number(value).padStart(12)).join(''));
}
const again = await rebuild(10_000);
out('\none of 50 files changed, milliseconds without and with the cache of parsed files and automata');
out(`10000 ${number(again.without)}${number(again.warm)}`);
const shared = [];
out('\nrules of a base, and the cost of 1 team policy and of 500 over it');
for (const rules of [1000, 10_000]) {
  const result = await measureSharing({ rules, teams: 500 });
  shared.push(result);
  out(sharingLine(result));
}
const many = await batch(quick ? 50_000 : 200_000);
out(
  '\nplans of 5 steps a second from JSONL, 100 rules: validate-batch, and `JSON.parse` alone on as many threads',
);
out(`${many.threads} threads${number(many.decided, 0)}${number(many.parsed, 0)}`);
const heap = await heapPerPlan();
out(`\nheap a passing plan of 50 steps: ${heap.toFixed(0)} bytes`);

out('\nhostile plans: nanoseconds a character or value, small and 16 times as large');
const worst = await hostile();
for (const { name, small, large } of worst) out(`${name.padEnd(44)}${number(small)}${number(large)}`);

const targets = [
  ...decisionTargets(cells),
  ...peerTargets(peers),
  ...coldTargets(starts),
  ...sharingTargets(shared),
  rebuildTarget(again),
  batchTarget(many),
];
out('\ntargets');
for (const target of targets) {
  const bound = `${target.atLeast ? '>=' : '<='} ${target.bound}`;
  out(
    `${met(target) ? 'met   ' : 'MISSED'} ${number(target.measured, 2)}  ${bound.padEnd(8)} ${target.what}`,
  );
}

const root = new URL('../../', import.meta.url);
await writeFile(
  new URL('results.json', root),
  `${JSON.stringify({ node: process.version, cells, peers, starts, again, shared, many, heap, worst, targets }, null, 1)}\n`,
);
if (peers.length > 0) await writeFile(new URL('../docs/performance.svg', root), plot(linesOf(cells, peers)));

function decisionLine({ rules, steps, order, times }: Cell): string {
  const names = ['straight', 'tables', 'us'];
  const of = (name: string, way: 'seen' | 'fresh'): string => number(times[name]?.[way]);
  return [
    `${rules}`.padEnd(6),
    `${steps}`.padEnd(5),
    order.padEnd(8),
    of('parse', 'fresh'),
    ...names.map((name) => of(name, 'seen')),
    ''.padEnd(8),
    ...names.map((name) => of(name, 'fresh')),
  ].join(' ');
}

function peerLine({ name, rules, micros, ready, note }: PeerCell, ours: number): string {
  const times = micros === null ? '-' : `${(micros / ours).toFixed(1)} x`;
  return `${`${rules}`.padEnd(6)}${name.padEnd(28)}${number(micros)}${times.padStart(12)}${number(ready, 0)}  ${note}`;
}

function linesOf(all: readonly Cell[], others: readonly PeerCell[]): Parameters<typeof plot>[0] {
  const stable = all.filter(({ order, steps }) => order === 'stable' && steps === 50);
  const line = (
    name: string,
    label: string,
    way: 'seen' | 'fresh' = 'seen',
  ): Parameters<typeof plot>[0][number] => ({
    name: label,
    points: stable.map(({ rules, times }): [number, number] => [rules, times[name]?.[way] ?? NaN]),
    ours: name === 'us',
  });
  const names = [...new Set(others.map(({ name }) => name))].filter((name) => name !== 'plan-lint');
  return [
    line('us', 'plan-lint'),
    line('straight', 'straight-line by hand'),
    line('tables', 'tables by hand'),
    line('parse', 'JSON.parse of the plan', 'fresh'),
    ...names.map((name) => ({
      name,
      points: others.flatMap(({ name: other, rules, micros }): [number, number][] =>
        other === name && micros !== null ? [[rules, micros]] : [],
      ),
    })),
  ];
}
