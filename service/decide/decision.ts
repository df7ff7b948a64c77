/** A plan is decided, and what is said of it: the answer, and the line of the audit log. */
import { hash, randomUUID } from 'node:crypto';
import type { DecisionData, Policy, ViolationData } from '@plan-lint/runtime';
import type { AuditEvent } from '../audit/event.ts';
import type { Chosen } from '../policy/registry.ts';
import type { Caller } from './caller.ts';

/** What a request is about, beside the plan. */
export interface Asked {
  readonly caller: Caller;
  readonly requestId: string;
  readonly sourceIp: string;
  readonly environment: string;
  /** Where it came in. */
  readonly via: string;
  /** When what a reference stands for is asked. */
  readonly values: 'now' | 'later';
  /** A plan may be valid while checks wait (`policies.allow_pending`). */
  readonly allowsPending: boolean;
  /** `audit.include` asks for the arguments. */
  readonly includesArgs: boolean;
}

/** What was decided, before it is written anywhere. */
export interface Outcome {
  readonly decisionId: string;
  /** Members of the answer as JSON, without the braces. */
  readonly members: string;
  readonly violations: readonly ViolationData[];
  readonly isValid: boolean;
  readonly status: string;
  readonly riskScore: number;
  readonly steps: number;
  readonly rules: number;
  readonly event: AuditEvent;
}

/** The id of a plan as the source document has it: `"unknown"` where there is none. */
export function planIdOf(plan: unknown): string {
  const id =
    typeof plan === 'object' && plan !== null && Object.hasOwn(plan, 'id')
      ? (plan as { id: unknown }).id
      : undefined;
  if (typeof id === 'string') return id.slice(0, 256);
  return typeof id === 'number' ? String(id) : 'unknown';
}

export const stepCount = (plan: unknown): number => {
  const steps = (plan as { readonly steps?: unknown } | null)?.steps;
  return Array.isArray(steps) ? steps.length : 0;
};

export const digestOfBytes = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/** The name under which a policy decides: its entry, or its bundle where all entries do. */
export const policyName = ({ policy, slot }: Chosen): string => policy.entry ?? slot.bundle.identity.name;

export interface Question {
  readonly plan: unknown;
  /** Of the bytes that came over the wire, hex. */
  readonly sha256: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly now: number;
  readonly values: 'now' | 'later';
}

/** What is known of a plan beside its decision: also when it was decided in a thread. */
export interface PlanFacts {
  readonly planId: string;
  readonly steps: number;
  /** Of the bytes that came over the wire, hex. */
  readonly sha256: string;
  readonly microseconds: number;
  /** Of its steps, where the audit log wants them. */
  readonly args?: unknown;
}

/** The arguments of a plan, by step. */
export function argsOf(plan: unknown): unknown {
  const steps = (plan as { readonly steps?: unknown } | null)?.steps;
  if (!Array.isArray(steps)) return undefined;
  return (steps as readonly ({ id?: unknown; args?: unknown; parameters?: unknown } | null)[]).map(
    (step) => ({
      id: step?.id,
      args: step?.args ?? step?.parameters,
    }),
  );
}

/** Asks a policy, and notes what is known of the plan. Synchronous; what cannot be decided is denied. */
export function decideData(
  policy: Policy,
  { plan, sha256, context, now, values }: Question,
  includesArgs: boolean,
): { readonly data: DecisionData; readonly facts: PlanFacts } {
  const start = performance.now();
  const data = policy.evaluate(plan, { context, now, values }).toJSON();
  const microseconds = Math.round((performance.now() - start) * 1000);
  const known = { planId: planIdOf(plan), steps: stepCount(plan), sha256, microseconds };
  return { data, facts: { ...known, ...(includesArgs && { args: argsOf(plan) }) } };
}

export function decide(chosen: Chosen, question: Question, asked: Asked): Outcome {
  const { data, facts } = decideData(chosen.policy, question, asked.includesArgs);
  return outcomeOf(chosen, data, facts, asked);
}

/** What nobody has checked is no reason to go on: a plan with checks that wait is denied, unless somebody is said to ask them. */
export function settled(data: DecisionData, { allowsPending }: Asked): DecisionData {
  const { is_valid, violations, pending = [] } = data;
  if (!is_valid || pending.length === 0 || allowsPending) return data;
  const message = `checks wait for values that are not there yet: ${pending.length}`;
  return {
    ...data,
    is_valid: false,
    status: 'deny',
    risk_score: 1,
    violations: [...violations, ownViolation('values.pending', message)],
  };
}

/** The words for a decision that was made, here or in a thread. */
export function outcomeOf(chosen: Chosen, decided: DecisionData, facts: PlanFacts, asked: Asked): Outcome {
  const { is_valid, status, risk_score, violations, pending } = settled(decided, asked);
  const { planId, steps, sha256, microseconds, args } = facts;
  const decisionId = randomUUID();
  const { slot, policy } = chosen;
  const list = violations.length === 0 ? '[]' : JSON.stringify(violations);
  const waiting = pending === undefined ? '' : `,"pending":${JSON.stringify(pending)}`;
  const members =
    `"is_valid":${is_valid},"violations":${list},"decision_id":"${decisionId}","status":"${status}",` +
    `"risk_score":${JSON.stringify(risk_score)},"policy":${JSON.stringify(policyName(chosen))},"bundle":${slot.identityJson}${waiting}`;
  return {
    decisionId,
    members,
    violations,
    isValid: is_valid,
    status,
    riskScore: risk_score,
    steps,
    rules: slot.ruleCount(policy.entry),
    event: {
      ...eventOf(asked),
      plan_id: planId,
      policy_id: policyName(chosen),
      result: { is_valid, violation_count: violations.length, violations },
      decision_id: decisionId,
      bundle: `sha256:${slot.bundle.identity.digest}`,
      ...(policy.entry !== null && { entry: policy.entry }),
      status,
      risk_score,
      plan_sha256: sha256,
      duration_us: microseconds,
      ...(asked.values === 'later' && { detail: { values: 'later', pending: pending?.length ?? 0 } }),
      ...(args !== undefined && { args }),
    },
  };
}

/** What the line of the audit log has of a request, whatever is decided. */
function eventOf({ caller, requestId, sourceIp, environment, via }: Asked): AuditEvent {
  const { username, team } = caller.identity;
  return {
    action: 'validate_plan',
    plan_id: 'unknown',
    policy_id: 'unknown',
    user: username,
    request_id: requestId,
    source_ip: sourceIp,
    ...(team !== null && { team }),
    environment,
    via,
  };
}

/** Why nothing was asked: no bundle decides, or the plan cannot be read. */
export interface Refused {
  readonly rule: string;
  readonly message: string;
  readonly planId: string;
  readonly sha256: string;
}

/** What the service itself has against a plan. */
const ownViolation = (rule: string, message: string): ViolationData => ({
  rule,
  policy: 'plan-lint',
  message,
  severity: 'critical',
  enforcement: 'deny',
  category: 'BUNDLE',
  step_index: null,
  step_id: null,
  arg_path: '',
  origin: null,
  waiver: null,
});

/** No bundle decides. */
export const NO_BUNDLE = {
  rule: 'bundle.missing',
  message: 'no policies are loaded, so every plan is denied',
} as const;

/** What nobody could decide is denied, and written down. */
export function refusal({ rule, message, planId, sha256 }: Refused, asked: Asked): Outcome {
  const decisionId = randomUUID();
  const violations = [ownViolation(rule, message)];
  return {
    decisionId,
    members:
      `"is_valid":false,"violations":${JSON.stringify(violations)},"decision_id":"${decisionId}",` +
      '"status":"deny","risk_score":1,"policy":null,"bundle":null',
    violations,
    isValid: false,
    status: 'deny',
    riskScore: 1,
    steps: 0,
    rules: 0,
    event: {
      ...eventOf(asked),
      plan_id: planId,
      result: { is_valid: false, violation_count: 1, violations },
      decision_id: decisionId,
      status: 'deny',
      risk_score: 1,
      plan_sha256: sha256,
    },
  };
}
