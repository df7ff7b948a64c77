/** The graph of a plan, and the rules about the order of its steps, against naive versions and against executions. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { findAfter } from '../../engine/whole-plan/after.ts';
import { findBefore } from '../../engine/whole-plan/before.ts';
import { newFacts } from '../../engine/whole-plan/facts.ts';
import type { Lists, PlanGraph, Step } from '../../engine/whole-plan/shape.ts';
import { graphOf } from '../../engine/whole-plan/graph.ts';
import { readText } from '../../engine/text/references.ts';
import { viewOf } from '../../engine/walk/view.ts';
import { kit } from '../../runtime/kit.ts';
import { withoutFirst, withoutLast } from '../oracle/order.ts';
import type { OrderRule } from '../oracle/order.ts';
import type { OracleStep } from '../oracle/oracle.ts';
import { NaivePlan } from '../oracle/plan.ts';
import { readText as readNaively, withReferences } from '../oracle/references.ts';
import { steps } from './plans.ts';

// What the factory of a module takes from the kit.
beforeAll(() => {
  for (const [name, value] of Object.entries(kit)) vi.stubGlobal(name, value);
});

const RUNS = Number(process.env['WHOLE_PLAN_RUNS'] ?? 600);
const TOOLS = ['a', 'b', 'c'] as const;

const graphFor = (written: readonly OracleStep[]): PlanGraph =>
  graphOf(
    newFacts(viewOf({ steps: written }, [...written.keys()], new Map()) as { steps: Step[] }, undefined),
  );
const seen = (written: readonly OracleStep[]): readonly OracleStep[] =>
  written.map((step) => ({ ...step, args: withReferences(step.args) as OracleStep['args'] }));
const listOf = ({ starts, items }: Lists, i: number): readonly number[] =>
  items.slice(starts[i], starts[i + 1]);
const numbers = (found: ReadonlyMap<number, number>): readonly number[] =>
  [...found.keys()].sort((a, b) => a - b);

const SAMES: readonly OrderRule['same'][] = [
  [],
  [{ here: 'value', there: 'value' }],
  [{ here: 'value', there: 'in.other' }],
  [
    { here: 'value', there: 'value' },
    { here: 'in.other', there: 'in.other' },
  ],
];
const orderRule = fc.record({
  tools: fc.constant(['a']),
  others: fc.constantFrom(['b'], ['b', 'c'], ['a', 'b']),
  same: fc.constantFrom(...SAMES),
  listed: fc.boolean(),
});

function emitted({ tools, others, same, listed }: OrderRule) {
  return {
    tool: (tool: string) => tools.includes(tool),
    other: (tool: string) => others.includes(tool),
    here: same.map(({ here }) => here.split('.')),
    there: same.map(({ there }) => there.split('.')),
    listed,
    comesLater: false,
    says: '',
  };
}

describe('references', () => {
  it('are found by modules as by a naive reading of any text', () => {
    const piece = fc.constantFrom(
      '$',
      '{',
      '}',
      '${',
      '{{',
      '}}',
      '.result',
      'result',
      '.',
      'a',
      ' ',
      '|',
      '_',
      '\u2028',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14, size: 'max' }), (pieces) => {
        const text = pieces.join('');
        const found = readText(text);
        const naive = readNaively(text);
        expect(found && { known: found.known, ids: found.ids }).toEqual(
          naive && { known: naive.known, ids: naive.ids },
        );
      }),
      { numRuns: RUNS * 10, seed: 1 },
    );
  });
});

describe('the graph of a plan', () => {
  it('has the edges, effects and handlers of the naive one', () => {
    fc.assert(
      fc.property(steps(TOOLS, { handled: true }), (written) => {
        const graph = graphFor(written);
        const plan = new NaivePlan(seen(written));
        const sorted = (list: readonly number[]): readonly number[] => list.toSorted((a, b) => a - b);
        for (const i of plan.all) {
          expect(sorted(listOf(graph.waits, i))).toEqual(sorted(plan.waits(i)));
          const read = graph.waits.items.slice(graph.waits.starts[i], graph.reads[i]);
          expect(sorted(read)).toEqual(sorted(plan.reads(i)));
          const effect = (['stops', 'continues', 'handled', 'unknown'] as const)[graph.effects[i] ?? 3];
          expect(effect).toBe(plan.effect(i));
          if (effect === 'handled')
            expect([...new Set(listOf(graph.handlers, i))].sort()).toEqual(sorted(plan.handlers(i)));
          const place = (step: number): number => graph.order.indexOf(step);
          for (const other of listOf(graph.waits, i)) expect(place(other)).toBeLessThan(place(i));
        }
        expect(sorted(graph.order)).toEqual(plan.all);
      }),
      { numRuns: RUNS, seed: 2 },
    );
  });
});

describe('require_before', () => {
  it('says what the naive version says', () => {
    fc.assert(
      fc.property(steps(TOOLS, { handled: true }), orderRule, (written, rule) => {
        expect(numbers(findBefore(graphFor(written), emitted(rule)))).toEqual(
          withoutFirst(seen(written), rule),
        );
      }),
      { numRuns: RUNS * 3, seed: 3 },
    );
  });

  it.each([true, false])('holds in every execution (with handlers: %s)', (handled) => {
    fc.assert(
      fc.property(steps(TOOLS, { handled, most: 5 }), (written) => {
        const plan = new NaivePlan(seen(written));
        const rule: OrderRule = { tools: ['a'], others: ['b'], same: [], listed: false };
        const fired = numbers(findBefore(graphFor(written), emitted(rule)));
        const first = plan.all.filter((i) => written[i]?.tool === 'b');
        // The worst executions: no step that should come first ends well.
        const executions = subsets(plan.all).filter((failing) => first.every((i) => failing.has(i)));
        const unsafe = plan.all.filter(
          (i) => written[i]?.tool === 'a' && executions.some((failing) => plan.execution(failing).has(i)),
        );
        if (handled) expect(fired).toEqual(expect.arrayContaining([...unsafe]));
        else expect(fired).toEqual(unsafe);
      }),
      { numRuns: RUNS, seed: 4 },
    );
  });

  it('takes up to thirty groups of values in one pass, and any number in several', () => {
    const written = Array.from({ length: 200 }, (_, i): OracleStep[] => [
      { id: `b${i}`, tool: 'b', args: { value: i } },
      { id: `a${i}`, tool: 'a', args: { value: i }, depends_on: [`b${i % 7 === 3 ? i - 1 : i}`] },
    ]).flat();
    const rule: OrderRule = { tools: ['a'], others: ['b'], same: SAMES[1] ?? [], listed: false };
    const wrong = Array.from({ length: 200 }, (_, i) => i * 2 + 1).filter((_, i) => i % 7 === 3);
    expect(numbers(findBefore(graphFor(written), emitted(rule)))).toEqual(wrong);
  });

  it('tells exactly, however often handlers lead back', () => {
    // Each failure runs the step in front of it, from the last on, which anyone can start; and one that leads back.
    const chain = (length: number): readonly OracleStep[] => [
      { id: 'b', tool: 'b', args: {} },
      ...Array.from({ length }, (_, i): OracleStep => {
        const on_fail = i === 0 ? 'back0' : [`c${i - 1}`, `back${i}`];
        return { id: `c${i}`, tool: 'c', args: {}, depends_on: ['b'], on_fail };
      }),
      ...Array.from({ length }, (_, i): OracleStep => {
        return { id: `back${i}`, tool: 'c', args: {}, depends_on: ['b'], on_fail: `c${i}` };
      }),
      { id: 'open', tool: 'c', args: {}, on_fail: `c${length - 1}` },
      { id: 'behind', tool: 'a', args: {}, depends_on: ['c0'] },
      { id: 'end', tool: 'a', args: {}, depends_on: ['b'] },
    ];
    const rule: OrderRule = { tools: ['a'], others: ['b'], same: [], listed: false };
    const fired = (length: number): readonly number[] =>
      numbers(findBefore(graphFor(chain(length)), emitted(rule)));
    expect(fired(6)).toEqual([14]);
    expect(withoutFirst(chain(6), rule)).toEqual([14]);
    expect(fired(12)).toEqual([26]);
    expect(withoutFirst(chain(12), rule)).toEqual([26]);
    expect(fired(3000)).toEqual([6002]);
  });
});

describe('require_after', () => {
  const rule = fc.tuple(orderRule, fc.boolean()).map(([order, onFailure]) => ({ ...order, onFailure }));

  it('says what the naive version says', () => {
    fc.assert(
      fc.property(steps(TOOLS, { handled: true }), rule, (written, one) => {
        const found = findAfter(graphFor(written), { ...emitted(one), failing: one.onFailure });
        expect(numbers(found)).toEqual(withoutLast(seen(written), one));
      }),
      { numRuns: RUNS * 3, seed: 5 },
    );
  });

  it.each([true, false])('holds in every execution (with handlers: %s)', (handled) => {
    fc.assert(
      fc.property(steps(TOOLS, { handled, most: 5 }), fc.boolean(), (written, onFailure) => {
        const plan = new NaivePlan(seen(written));
        const one = { tools: ['a'], others: ['b'], same: [], listed: false };
        const fired = numbers(findAfter(graphFor(written), { ...emitted(one), failing: onFailure }));
        const unsafe = plan.all.filter((i) => {
          if (written[i]?.tool !== 'a') return false;
          const last = plan.all.filter(
            (j) =>
              written[j]?.tool === 'b' &&
              plan.effect(j) === 'stops' &&
              (plan.ancestors(j).has(i) || plan.handlers(i).includes(j)),
          );
          return subsets(plan.all).some((failing) => {
            const ran = plan.execution(failing);
            return ran.has(i) && (onFailure || !failing.has(i)) && !last.some((j) => ran.has(j));
          });
        });
        if (handled) expect(fired).toEqual(expect.arrayContaining([...unsafe]));
        else expect(fired).toEqual(unsafe);
      }),
      { numRuns: RUNS, seed: 6 },
    );
  });
});

function subsets(all: readonly number[]): readonly ReadonlySet<number>[] {
  return Array.from({ length: 2 ** all.length }, (_, bits) => new Set(all.filter((i) => (bits >> i) & 1)));
}
