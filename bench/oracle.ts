/** What every engine must answer: the rules read one by one, as slowly and plainly as can be. */
import type { Check, Plan, Step, Workload } from './workload.ts';

/** The findings of a plan as `step:rule`, sorted. */
export type Verdict = readonly string[];

export function oracle(workload: Workload, plan: Plan): Verdict {
  const found = plan.steps.flatMap((step, i) => [
    ...workload.rules
      .filter(({ tool, arg, check }) => names(tool, step.tool) && fires(check, step.args[arg]))
      .map(({ id }) => `${i}:${id}`),
    ...workload.deny
      .filter((source) => textsOf(step).some((text) => new RegExp(source, 'u').test(text)))
      .map((source) => `${i}:deny ${source}`),
    ...(workload.allow.some((glob) => names(glob, step.tool)) ? [] : [`${i}:allow`]),
  ]);
  if (plan.steps.length > workload.maxSteps) found.push('-1:max_steps');
  return found.sort();
}

export const names = (glob: string, tool: string): boolean =>
  glob.endsWith('*') ? tool.startsWith(glob.slice(0, -1)) : glob === tool;

export const textsOf = ({ args }: Step): readonly string[] =>
  Object.values(args).filter((value): value is string => typeof value === 'string');

/** A number that is missing or something else fires; a text that is missing does not. */
export function fires(check: Check, value: string | number | undefined): boolean {
  if (check.operation === 'gt') return !(typeof value === 'number' && value <= check.value);
  if (check.operation === 'lt') return !(typeof value === 'number' && value >= check.value);
  if (typeof value !== 'string') return false;
  switch (check.operation) {
    case 'equals':
      return value === check.value;
    case 'in':
      return check.value.includes(value);
    case 'contains':
      return value.includes(check.value);
    case 'starts_with':
      return value.startsWith(check.value);
    case 'matches':
      return new RegExp(check.value, 'u').test(value);
  }
}
