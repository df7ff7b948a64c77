import { describe, expect, it } from 'vitest';
import type { PatternPlan } from '../../compiler/ir/pattern.ts';
import { compilePattern } from '../../compiler/patterns/index.ts';
import { CORPUS } from './corpus.ts';
import { FORCED, planOf, runnable } from './run.ts';

/** Compiled once: some of them take a tenth of a second. */
const PLANS = new Map(CORPUS.map(({ source }) => [source, planOf(source)]));
const planFor = (source: string): PatternPlan => PLANS.get(source) ?? planOf(source);

describe('patterns as policies are written with', () => {
  it.each(CORPUS)('$name', ({ source, engine, hit, miss }) => {
    const plan = planFor(source);
    expect(plan.engine).toBe(engine);
    const scan = runnable(plan);
    expect(scan(hit)).toBe(true);
    expect(scan(miss)).toBe(false);
    // Where no table is expected, it takes long to find out that there is none.
    for (const forced of engine === 'nfa' ? [] : FORCED) {
      const result = compilePattern(source, forced);
      if (!result.ok) continue;
      const other = runnable(result.plan);
      expect([forced, other(hit), other(miss)]).toEqual([forced, true, false]);
    }
  });

  it('come out as JSON that decides the same', () => {
    for (const { source, hit, miss } of CORPUS) {
      const scan = runnable(JSON.parse(JSON.stringify(planFor(source))) as PatternPlan);
      expect([source, scan(hit), scan(miss)]).toEqual([source, true, false]);
    }
  });

  it('come out the same each time', () => {
    for (const { source } of CORPUS.slice(0, 20)) expect(planOf(source)).toEqual(planFor(source));
  });

  it('find what they are for in the middle of a long text', () => {
    const around = 'lorem ipsum dolor sit amet, consectetur '.repeat(200);
    for (const { source, hit } of CORPUS.filter((sample) => !/[\^$]/.test(sample.source))) {
      expect([source, runnable(planFor(source))(`${around} ${hit} ${around}`)]).toEqual([source, true]);
    }
  });
});
