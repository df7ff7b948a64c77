/** The targets, as ratios of one run; see docs/performance.md for what is behind each. */
import type { PeerCell } from './against.ts';
import type { Batch } from './batch.ts';
import type { Cold } from './cold.ts';
import { LIMITS } from './decisions.ts';
import type { Cell } from './decisions.ts';
import type { Rebuild } from './rebuild.ts';
import type { SessionCost } from './session.ts';
import type { SharingResult } from './sharing.ts';

export interface Target {
  readonly what: string;
  readonly measured: number;
  /** The bound: at most, or for peers at least. */
  readonly bound: number;
  readonly atLeast?: true;
}

export const met = ({ measured, bound, atLeast }: Target): boolean =>
  atLeast ? measured >= bound : measured <= bound;

const seen = (cell: Cell, name: string): number => cell.times[name]?.seen ?? NaN;
const fresh = (cell: Cell, name: string): number => cell.times[name]?.fresh ?? NaN;
const limit = (cell: Cell): number => Math.min(...LIMITS.map((name) => seen(cell, name)));

export function decisionTargets(cells: readonly Cell[]): readonly Target[] {
  const stable = cells.filter(({ order }) => order === 'stable');
  const of = (rules: number): Cell | undefined =>
    stable.find((cell) => cell.rules === rules && cell.steps === 50);
  const label = ({ rules, steps }: Cell): string => `${rules} rules, ${steps} steps`;
  const targets: Target[] = stable.map((cell) => ({
    what: `${label(cell)}: decision / better limit by hand`,
    measured: seen(cell, 'us') / limit(cell),
    bound: 1.2,
  }));
  for (const cell of stable) {
    targets.push(
      {
        what: `${label(cell)}: allows, clean / early out by hand`,
        measured: seen(cell, 'clean us') / seen(cell, 'clean early'),
        bound: 1.2,
      },
      {
        what: `${label(cell)}: allows, violating / early out by hand`,
        measured: seen(cell, 'violating us') / seen(cell, 'violating early'),
        bound: 1.2,
      },
    );
    const shuffled = cells.find(
      (other) => other.order === 'shuffled' && other.rules === cell.rules && other.steps === cell.steps,
    );
    if (shuffled) {
      targets.push({
        what: `${label(cell)}: arguments shuffled / in order`,
        measured: seen(shuffled, 'us') / seen(cell, 'us'),
        bound: 1.3,
      });
    }
  }
  const [small, middle, large] = [of(10), of(1000), of(10_000)];
  if (large)
    targets.push({
      what: '10000 rules, plans seen before: decision / JSON.parse',
      measured: seen(large, 'us') / fresh(large, 'parse'),
      bound: 0.8,
    });
  if (middle)
    targets.push({
      what: '1000 rules, fresh plans: parse and decide / parse',
      measured: fresh(middle, 'us') / fresh(middle, 'parse'),
      bound: 1.6,
    });
  if (small && large)
    targets.push({
      what: '10000 rules / 10 rules',
      measured: seen(large, 'us') / seen(small, 'us'),
      bound: 3,
    });
  return targets;
}

const AGAINST: readonly (readonly [name: string, bound: number])[] = [
  ['ajv', 6],
  ['json-logic-engine', 12],
  ['CASL', 25],
  ['OPA', 25],
  ['zen-engine', 25],
  ['CEL', 100],
  ['Cedar', 100],
  ['json-rules-engine', 100],
];

/** At 1,000 rules, each peer in its best form. */
export function peerTargets(cells: readonly PeerCell[]): readonly Target[] {
  const ratios = cells.flatMap(({ name, rules, micros, ours }) =>
    rules === 1000 && micros !== null && ours !== null ? [{ name, ratio: micros / ours }] : [],
  );
  return AGAINST.flatMap(([start, bound]) => {
    const [best] = ratios.filter(({ name }) => name.startsWith(start)).sort((a, b) => a.ratio - b.ratio);
    if (!best) return [];
    return [{ what: `1000 rules: ${best.name} / us`, measured: best.ratio, bound, atLeast: true as const }];
  });
}

export function coldTargets(cells: readonly Cold[]): readonly Target[] {
  const targets: Target[] = [];
  for (const { rules, bytesPerRule, gzipPerRule, fromText, fromCache, compile } of cells) {
    if (rules === 1000) {
      targets.push(
        { what: '1000 rules: bytes a rule', measured: bytesPerRule, bound: 135 },
        { what: '1000 rules: bytes a rule, gzip', measured: gzipPerRule, bound: 35 },
        { what: '1000 rules: load and first decision, ms', measured: fromText, bound: 4 },
        { what: '1000 rules: the same with a code cache, ms', measured: fromCache, bound: 1 },
      );
    }
    if (rules === 10_000) {
      targets.push(
        { what: '10000 rules: load and first decision with a code cache, ms', measured: fromCache, bound: 4 },
        { what: '10000 rules: YAML to signed module, ms', measured: compile, bound: 2000 },
      );
    }
  }
  return targets;
}

export function sharingTargets(results: readonly SharingResult[]): readonly Target[] {
  return results.flatMap(({ rules, teams, alone, together }) => {
    const what = `${rules} rules: ${teams} teams / 1 team`;
    return [
      { what: `${what}, compile time`, measured: together.milliseconds / alone.milliseconds, bound: 2 },
      { what: `${what}, bytes`, measured: together.bytes / alone.bytes, bound: 2 },
    ];
  });
}

export const rebuildTarget = ({ rules, files, warm }: Rebuild): Target => ({
  what: `${rules} rules in ${files} files: rebuild after one changed, ms`,
  measured: warm,
  bound: 300,
});

export const batchTarget = ({ threads, decided, parsed }: Batch): Target => ({
  what: `validate-batch, ${threads} threads: plans a second / those of \`JSON.parse\` alone`,
  measured: decided.perSecond / parsed.perSecond,
  bound: 0.6,
  atLeast: true,
});

/** The bounds are microseconds, and a ratio: the history is to cost nothing. */
export function sessionTargets({ rules, tenth, with200, fiveHundredth }: SessionCost): readonly Target[] {
  return [
    {
      what: `a call of a session, ${rules} rules, 200 calls behind it, in microseconds`,
      measured: with200,
      bound: rules > 10 ? 10 : 2,
    },
    {
      what: `a call of a session, ${rules} rules: the 500th / the 10th`,
      measured: fiveHundredth / tenth,
      bound: 1.2,
    },
  ];
}
