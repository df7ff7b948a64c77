/** Decisions: us, the two limits by hand and `JSON.parse`, in one run. */
import { early, straight } from './baselines/straight.ts';
import { tables } from './baselines/tables.ts';
import type { Prepared } from './engine.ts';
import { hold } from './hold.ts';
import { measure } from './measure.ts';
import type { Subject, Timing } from './measure.ts';
import { us } from './us.ts';
import { makePlan, makeWorkload } from './workload.ts';
import type { Plan, PlanOptions, Workload } from './workload.ts';

export interface Cell {
  readonly rules: number;
  readonly steps: number;
  readonly order: 'stable' | 'shuffled';
  /** Microseconds a plan. */
  readonly times: Readonly<Record<string, Timing>>;
}

export const LIMITS = ['straight', 'tables'] as const;
const parse = (text: string): Plan => JSON.parse(text) as Plan;

/** Enough plans that each tool comes up often, so that code and regular expressions are warm. */
const warmUp = (workload: Workload, decide: (plan: Plan) => unknown): void => {
  for (let seed = 0; seed < Math.min(400, 20 + workload.tools.length); seed += 1)
    decide(makePlan(workload, 50, 100_000 + seed));
};

export async function decisions(
  cases: readonly (readonly [rules: number, steps: number])[],
  rounds: number,
): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  let size = 0;
  let workload = makeWorkload(10);
  let engines: readonly (readonly [string, Prepared])[] = [];
  for (const [rules, steps] of cases) {
    if (rules !== size) {
      size = rules;
      workload = makeWorkload(rules);
      const sample = [true, false].flatMap((shuffled) =>
        [1, 2, 3].map((seed) => makePlan(workload, rules > 1000 ? 5 : 50, seed, { shuffled })),
      );
      engines = [
        ['straight', await hold(straight, workload, sample)],
        ['tables', await hold(tables, workload, sample)],
        ['us', await hold(us, workload, sample)],
        ['early', await early.prepare(workload)],
      ];
      for (const [, { decide, allows }] of engines) {
        warmUp(workload, decide);
        if (allows) warmUp(workload, allows);
      }
    }
    cells.push(
      measureCell(workload, engines, steps, false, rounds),
      measureCell(workload, engines, steps, true, rounds),
    );
  }
  return cells;
}

function measureCell(
  workload: Workload,
  engines: readonly (readonly [string, Prepared])[],
  steps: number,
  shuffled: boolean,
  rounds: number,
): Cell {
  const count = steps > 100 ? 30 : 200;
  const plans = (options: PlanOptions): readonly string[] =>
    Array.from({ length: count }, (_, seed) =>
      JSON.stringify(makePlan(workload, steps, seed, { shuffled, ...options })),
    );
  const full = engines.filter(([name]) => name !== 'early');
  const subjects: Subject[] = [
    { name: 'parse', seen: () => 0, fresh: parse },
    ...full.map(([name, { decide }]) => ({
      name,
      seen: decide,
      fresh: (text: string) => decide(parse(text)),
    })),
  ];
  const quickly = engines.flatMap(([name, { allows }]) => (allows ? [{ name, seen: allows }] : []));
  const named = (prefix: string, options: PlanOptions): readonly (readonly [string, Timing])[] =>
    [...measure(quickly, plans(options), { rounds })].map(([name, timing]) => [`${prefix} ${name}`, timing]);
  return {
    rules: workload.rules.length,
    steps,
    order: shuffled ? 'shuffled' : 'stable',
    times: Object.fromEntries([
      ...measure(subjects, plans({}), { rounds }),
      ...named('clean', { violating: 0 }),
      ...named('violating', { violating: 50 }),
    ]),
  };
}
