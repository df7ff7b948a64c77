/** Plans large enough that their steps are told apart in several passes, against the naive versions. */
import fc from 'fast-check';
import { beforeAll, expect, it, vi } from 'vitest';
import { findAfter } from '../../engine/whole-plan/after.ts';
import { findBefore } from '../../engine/whole-plan/before.ts';
import { newFacts } from '../../engine/whole-plan/facts.ts';
import type { PlanGraph, Step } from '../../engine/whole-plan/shape.ts';
import { graphOf } from '../../engine/whole-plan/graph.ts';
import { kit } from '../../runtime/kit.ts';
import type { OracleStep } from '../oracle/oracle.ts';
import { withoutFirst, withoutLast } from '../oracle/order.ts';

beforeAll(() => {
  for (const [name, value] of Object.entries(kit)) vi.stubGlobal(name, value);
});

const RUNS = Number(process.env['WHOLE_PLAN_RUNS'] ?? 40);

/** A step by its neighbours: how far behind it stands what it waits for, and what handles its failure. */
const step = fc.record({
  tool: fc.constantFrom('a', 'b', 'c'),
  waits: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
  pair: fc.integer({ min: 0, max: 2 }),
  failure: fc.oneof(
    { weight: 60, arbitrary: fc.constant(undefined) },
    { weight: 30, arbitrary: fc.constant('continue') },
    { weight: 6, arbitrary: fc.integer({ min: -40, max: 40 }) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 3 }) },
  ),
  odd: fc.nat({ max: 400 }),
});

/** Values go in pairs through the plan, so that equal ones stand near each other, and there are many. */
const plan = fc
  .array(step, { minLength: 66, maxLength: 80, size: 'max' })
  .chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(
        all.map((_, i) => i),
        { minLength: all.length },
      ),
      fc.boolean(),
    ),
  )
  .map(([all, shuffled, inOrder]) => {
    const steps = all.map(({ tool, waits, pair, failure, odd }, i): OracleStep => {
      const handler = typeof failure === 'number' ? `s${(i + failure + all.length) % all.length}` : failure;
      return {
        id: `s${i}`,
        tool,
        args: { value: Math.floor(i / 2) + (pair === 0 ? 1 : 0) },
        depends_on: waits.flatMap((back) => (back <= i ? [`s${i - back}`] : [])),
        ...(odd === 0 ? { on_fail: 7 } : handler !== undefined && { on_fail: handler }),
      };
    });
    return inOrder ? steps : shuffled.flatMap((i) => steps[i] ?? []);
  });

const rule = fc.record({
  tools: fc.constantFrom<readonly string[]>(['a'], ['a', 'b', 'c']),
  others: fc.constantFrom<readonly string[]>(['b'], ['a', 'b'], ['b', 'c']),
  same: fc.constantFrom([{ here: 'value', there: 'value' }], []),
  listed: fc.boolean(),
  onFailure: fc.boolean(),
});

const graphFor = (written: readonly OracleStep[]): PlanGraph =>
  graphOf(newFacts({ steps: written as readonly Step[] }, undefined));
const fired = (found: ReadonlyMap<number, number>): readonly number[] =>
  [...found.keys()].sort((a, b) => a - b);

it('say what the naive versions say', () => {
  const seen = { before: 0, notBefore: 0, after: 0, notAfter: 0 };
  fc.assert(
    fc.property(plan, rule, (written, one) => {
      const { tools, others, same, listed, onFailure } = one;
      const data = {
        tool: (tool: string) => tools.includes(tool),
        other: (tool: string) => others.includes(tool),
        here: same.map(({ here }) => [here]),
        there: same.map(({ there }) => [there]),
        listed,
        comesLater: false,
        says: '',
      };
      const graph = graphFor(written);
      const before = fired(findBefore(graph, data));
      const after = fired(findAfter(graph, { ...data, failing: onFailure }));
      expect(before).toEqual(withoutFirst(written, one));
      expect(after).toEqual(withoutLast(written, one));
      const governed = written.filter(({ tool }) => tools.includes(tool)).length;
      seen.before += before.length;
      seen.notBefore += governed - before.length;
      seen.after += after.length;
      seen.notAfter += governed - after.length;
    }),
    { numRuns: RUNS, seed: 11 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(RUNS);
}, 120_000);
