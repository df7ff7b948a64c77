import { describe, expect, it } from 'vitest';
import { compileCel } from '../../compiler/cel/index.ts';
import { condition, nativePatterns } from './bench.ts';
import { PLAN_VARIABLES } from './plan.ts';

const degree = (source: string): number =>
  condition(source, PLAN_VARIABLES, { maxDegree: 100 }).expression.degree;

describe('the degree of the cost', () => {
  it.each([
    ['step.args.amount > 100.0', 1],
    ['now < timestamp("2030-01-01T00:00:00Z")', 0],
    ['[1, 2, 3].exists(x, x == 2)', 0],
    ['[1, 2].all(x, [3, 4].all(y, x < y))', 0],
    ['plan.steps.all(s, s.tool != "a")', 1],
    // A loop over a part of the element of the loop around it adds up to the whole.
    ['plan.steps.all(s, s.args.items.all(i, i.tags.all(t, t != "a")))', 1],
    ['plan.steps.all(s, step.depends_on.exists(d, d == s.id))', 2],
    ['plan.steps.all(s, s.id in step.depends_on)', 2],
    ['plan.steps.all(a, plan.steps.all(b, plan.steps.all(c, a.id != b.id)))', 3],
    ['plan.steps.map(s, plan.steps).all(p, p.all(q, q.id != ""))', 2],
    ['step.tool.replace("a", step.id) != ""', 2],
    ['cel.bind(t, step.id.replace("a", step.id), t.replace("a", t)) != ""', 4],
    ['cel.bind(s, plan.steps, s.all(x, s.exists(y, x.id == y.id)))', 2],
  ])('of %s is %i', (source, expected) => {
    expect(degree(source)).toBe(expected);
  });

  it('is limited to 2 unless the caller says otherwise', () => {
    const cubic = 'plan.steps.all(a, plan.steps.all(b, plan.steps.all(c, a.id != b.id)))';
    const environment = { variables: PLAN_VARIABLES, compilePattern: nativePatterns };
    const refused = compileCel(cubic, environment);
    expect(refused.ok ? [] : refused.errors).toEqual([
      {
        code: 'unsupported',
        message: "this condition's cost grows with the plan's size to the power of 3, and 2 is the limit",
        hint: 'a macro inside another one should go over a part of the outer element',
        start: 0,
        end: cubic.length,
      },
    ]);
    expect(compileCel(cubic, { ...environment, maxDegree: 3 }).ok).toBe(true);
  });
});
