import type { ViolationObject } from './decision.ts';
import type { PlanRecord } from './record.ts';

/**
 * What makes a finding the same one in the next run: the file, the plan by its id where it has one (lines move when others
 * are added), the rule with the file it stands in (two entries may have rules of one name), the step and the argument.
 * Messages and severities may change.
 */
export function fingerprint(record: PlanRecord, violation: ViolationObject): string {
  const { file, plan_id, line, index } = record;
  const { policy, rule, origin, step_index, step_id, arg_path } = violation;
  const plan = plan_id ?? line ?? index ?? null;
  return JSON.stringify([file, plan, policy, origin?.file ?? null, rule, step_id ?? step_index, arg_path]);
}
