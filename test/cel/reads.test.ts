import { describe, expect, it } from 'vitest';
import { compileCel } from '../../compiler/cel/index.ts';
import { nativePatterns } from './bench.ts';
import { PLAN_VARIABLES } from './plan.ts';

function reads(source: string): string[] {
  const compiled = compileCel(source, { variables: PLAN_VARIABLES, compilePattern: nativePatterns });
  if (!compiled.ok) throw new Error(compiled.errors[0]?.message);
  return compiled.reads.map(({ path, start, end }) => `${path.join('.')} [${source.slice(start, end)}]`);
}

describe('what a condition reads', () => {
  it.each([
    ['plan.context.role == "admin"', ['plan.context.role [plan.context.role]']],
    [
      'plan["context"].role == context.role',
      ['plan.context.role [plan["context"].role]', 'context.role [context.role]'],
    ],
    ['has(plan.context) || size(plan) > 1', ['plan.context [has(plan.context)]', 'plan [plan]']],
    ['plan.steps[0].tool == "a"', ['plan.steps [plan.steps[0].tool]']],
    ['plan[step.id] == 1', ['plan [plan[step.id]]', 'step.id [step.id]']],
    ['cel.bind(c, plan.context, c.role == "a")', ['plan.context [plan.context]']],
    ['step.args.all(k, k != params.id)', ['step.args [step.args]']],
    ['step.args.?to.orValue("") == ""', ['step.args.to [step.args.?to]']],
    ['[1].all(plan, plan == 1)', []],
  ])('%s', (source, expected) => {
    if (source.includes('params.id')) expect(() => reads(source)).toThrow('there is no variable `params`');
    else expect(reads(source)).toEqual(expected);
  });

  it('names a variable with dots by its parts', () => {
    expect(reads('step.args.amount > params.limit')).toEqual([
      'step.args.amount [step.args.amount]',
      'params.limit [params.limit]',
    ]);
  });
});
