/** A line of a report, or of the log of a service that wrote a decision into it, as the record of a plan. */
import { SEVERITIES } from '@plan-lint/runtime/contract';
import type { PlanRecord } from '../../decisions/record.ts';
import type { ViolationObject } from '../../decisions/decision.ts';
import type { PlanPlace } from '../../plans/each-plan.ts';
import { idOf } from '../../decisions/record.ts';

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The record of a plan; `undefined` for what is no decision. A log has no name of a file in its lines, so its own stands in
 * its place; what else the line says is left out.
 *
 * @param at - where the line stands
 */
export function recordOf(value: unknown, at: PlanPlace): PlanRecord | undefined {
  if (!isObject(value)) return undefined;
  if (isRecord(value)) return violationsNow(value as unknown as PlanRecord);
  const decision = isObject(value['decision']) ? value['decision'] : value;
  if (!isDecision(decision)) return undefined;
  const { is_valid, status, risk_score, violations, pending, entry, bundle } =
    decision as unknown as PlanRecord;
  const named = value['plan_id'];
  return violationsNow({
    plan_id: typeof named === 'string' ? named : idOf(value['plan']),
    ...at,
    is_valid,
    status,
    risk_score,
    violations,
    ...(pending !== undefined && { pending }),
    entry,
    bundle,
  });
}

const STATUSES: readonly unknown[] = ['pass', 'warn', 'approval', 'deny'];

const isDecision = ({ is_valid, status, violations, pending }: Members): boolean =>
  typeof is_valid === 'boolean' &&
  STATUSES.includes(status) &&
  areFindings(violations) &&
  (pending === undefined || areFindings(pending));

const areFindings = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    (finding) =>
      isObject(finding) &&
      typeof finding['rule'] === 'string' &&
      (SEVERITIES as readonly unknown[]).includes(finding['severity']),
  );

const isRecord = (value: Members): boolean => typeof value['file'] === 'string' && isDecision(value);

/** Reports made before `step_index` had that number under another name. */
function violationsNow(record: PlanRecord): PlanRecord {
  if (record.violations.every((violation) => 'step_index' in violation)) return record;
  const violations = record.violations.map((violation): ViolationObject => {
    const { step = null, ...members } = violation as ViolationObject & { readonly step?: number | null };
    return { ...members, step_index: members.step_index ?? step };
  });
  return { ...record, violations };
}
