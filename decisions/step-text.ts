import type { ViolationData } from '@plan-lint/runtime';

/**
 * Which step a finding is about, for people, who count from 1.
 *
 * @param escaped - makes the step's id safe where the text goes
 * @example stepText({ step_index: 0, step_id: 'pay' }) // 'step 1 (pay)'
 */
export function stepText(
  { step_index, step_id }: Pick<ViolationData, 'step_index' | 'step_id'>,
  escaped: (text: string) => string = (text) => text,
): string {
  if (step_index === null) return 'plan';
  return `step ${step_index + 1}${step_id === null ? '' : ` (${escaped(step_id)})`}`;
}
