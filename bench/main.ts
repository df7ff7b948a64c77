/**
 * `npm run bench`: holds every engine to the oracle, then measures all of them in one run.
 * `--quick` leaves out the large plans and most rounds; `--no-peers` the peers; `--only SECTION` all other sections.
 */
import { writeFile } from 'node:fs/promises';
import { against } from './against.ts';
import type { PeerCell } from './against.ts';
import { batch } from './batch.ts';
import { bytesLines, fromBytes } from './bytes.ts';
import { cold, heapPerPlan } from './cold.ts';
import type { Cold } from './cold.ts';
import { decisions } from './decisions.ts';
import type { Cell } from './decisions.ts';
import { hostile } from './hostile.ts';
import { optionsOf } from './options.ts';
import type { Section } from './options.ts';
import { plot } from './plot.ts';
import {
  HEADS,
  batchLine,
  coldLines,
  decisionLines,
  hostileLine,
  peerLines,
  rebuildLine,
  sessionLine,
  targetLine,
} from './print.ts';
import { rebuild } from './rebuild.ts';
import { sessionCost } from './session.ts';
import { measureSharing, sharingLine } from './sharing.ts';
import type { SharingResult } from './sharing.ts';
import {
  batchTarget,
  coldTargets,
  decisionTargets,
  peerTargets,
  rebuildTarget,
  sessionTargets,
  sharingTargets,
} from './targets.ts';

const { quick, sections, whole } = optionsOf(process.argv.slice(2));
const out = (line = ''): void => void process.stdout.write(`${line}\n`);

/** Measures and prints one section, where it is asked for. */
async function section<T>(
  name: Section,
  work: () => Promise<T>,
  lines: (result: T) => readonly string[],
): Promise<T | undefined> {
  if (!sections.includes(name)) return undefined;
  out(`\n${HEADS[name]}`);
  const result = await work();
  for (const line of lines(result)) out(line);
  return result;
}

/** One after the other: what is timed has the machine for itself. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

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
const cells: readonly Cell[] =
  (await section('decisions', () => decisions(cases, quick ? 7 : 15), decisionLines)) ?? [];
const peers: readonly PeerCell[] = (await section('peers', () => against([10, 100, 1000]), peerLines)) ?? [];
const starts: readonly Cold[] = (await section('cold', () => each(SIZES, cold), coldLines)) ?? [];
const again = await section(
  'rebuild',
  () => rebuild(10_000),
  (result) => [rebuildLine(result)],
);
const shared: readonly SharingResult[] =
  (await section(
    'sharing',
    () => each([1000, 10_000], (rules) => measureSharing({ rules, teams: 500 })),
    (results) => results.map(sharingLine),
  )) ?? [];
const many = await section(
  'batch',
  () => batch(quick ? 200_000 : 400_000),
  (result) => [batchLine(result)],
);
const heap = await section('heap', heapPerPlan, (bytes) => [`${bytes.toFixed(0)} bytes`]);
const calls = await section(
  'session',
  () => each([10, 1000], (rules) => sessionCost(rules, quick ? 100 : 400)),
  (results) => results.map(sessionLine),
);
const ofBytes = await section('bytes', () => fromBytes(SIZES, quick ? 7 : 15), bytesLines);
const worst = await section('hostile', hostile, (results) => results.map(hostileLine));

const targets = [
  ...decisionTargets(cells),
  ...peerTargets(peers),
  ...coldTargets(starts),
  ...sharingTargets(shared),
  ...(again ? [rebuildTarget(again)] : []),
  ...(many ? [batchTarget(many)] : []),
  ...(calls ?? []).flatMap(sessionTargets),
];
if (targets.length > 0) out('\ntargets');
for (const target of targets) out(targetLine(target));

if (whole) {
  const results = {
    node: process.version,
    cells,
    peers,
    starts,
    again,
    shared,
    many,
    heap,
    calls,
    ofBytes,
    worst,
    targets,
  };
  const root = new URL('../../', import.meta.url);
  await writeFile(new URL('results.json', root), `${JSON.stringify(results, null, 1)}\n`);
  await writeFile(new URL('../docs/performance.svg', root), plot(linesOf(cells, peers)));
} else out('\na part of the benchmark: bench/results.json and docs/performance.svg stay as they are');

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
  const measured = others.filter(({ name, micros }) => name !== 'plan-lint' && micros !== null);
  const names = [...new Set(measured.map(({ name }) => name))];
  return [
    line('us', 'plan-lint'),
    line('straight', 'straight-line by hand'),
    line('tables', 'tables by hand'),
    line('parse', 'JSON.parse of the plan', 'fresh'),
    ...names.map((name) => ({
      name,
      points: measured.flatMap(({ name: other, rules, micros }): [number, number][] =>
        other === name && micros !== null ? [[rules, micros]] : [],
      ),
    })),
  ];
}
