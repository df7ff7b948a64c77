/** What changes when one policy takes the place of another: sums, and the first plans that are decided anew. */
import type { BundleIdentity, Severity, Status } from '@plan-lint/runtime/contract';
import type { ViolationObject } from '../../decisions/decision.ts';
import type { PlanRecord } from '../../decisions/record.ts';
import { keyOf } from '../../decisions/record.ts';

export const STATUSES = ['pass', 'warn', 'approval', 'deny'] as const satisfies readonly Status[];

export interface RuleChange {
  readonly rule: string;
  readonly severity: Severity;
  /** Findings of the new policies that the old ones did not have, and the other way round. */
  appeared: number;
  gone: number;
}

export interface ChangedPlan {
  readonly plan: string;
  readonly plan_id: string | null;
  readonly old_status: Status;
  readonly new_status: Status;
  readonly appeared: readonly string[];
  readonly gone: readonly string[];
}

export type Side = 'old' | 'new';

export interface Simulation {
  plans: number;
  /** Plans whose status differs, and those that have the same one for other reasons. */
  changed: number;
  newlyRefused: number;
  newlyAllowed: number;
  /** Plans by old and new status. */
  readonly statuses: Record<Status, Record<Status, number>>;
  readonly rules: Map<string, RuleChange>;
  /** Which bundles decided, old and new, by digest. */
  readonly deciders: Record<Side, Map<string, BundleIdentity>>;
  /** The first of them. */
  readonly examples: ChangedPlan[];
}

const MAX_EXAMPLES = 500;

export function emptySimulation(): Simulation {
  const row = (): Record<Status, number> => ({ pass: 0, warn: 0, approval: 0, deny: 0 });
  return {
    plans: 0,
    changed: 0,
    newlyRefused: 0,
    newlyAllowed: 0,
    statuses: { pass: row(), warn: row(), approval: row(), deny: row() },
    rules: new Map(),
    deciders: { old: new Map(), new: new Map() },
    examples: [],
  };
}

/** Adds what two policies say of one plan. */
export function addPair(simulation: Simulation, before: PlanRecord, after: PlanRecord): void {
  simulation.plans += 1;
  if (before.bundle) simulation.deciders.old.set(before.bundle.digest, before.bundle);
  if (after.bundle) simulation.deciders.new.set(after.bundle.digest, after.bundle);
  simulation.statuses[before.status][after.status] += 1;
  if (before.is_valid && !after.is_valid) simulation.newlyRefused += 1;
  if (!before.is_valid && after.is_valid) simulation.newlyAllowed += 1;
  const appeared = without(after.violations, before.violations);
  const gone = without(before.violations, after.violations);
  for (const violation of appeared) ruleOf(simulation, violation).appeared += 1;
  for (const violation of gone) ruleOf(simulation, violation).gone += 1;
  if (before.status === after.status) return;
  simulation.changed += 1;
  if (simulation.examples.length >= MAX_EXAMPLES) return;
  simulation.examples.push({
    plan: keyOf(after),
    plan_id: after.plan_id,
    old_status: before.status,
    new_status: after.status,
    appeared: [...new Set(appeared.map(({ rule }) => rule))],
    gone: [...new Set(gone.map(({ rule }) => rule))],
  });
}

/** Adds what another part of the plans amounts to. */
export function addSimulation(sum: Simulation, part: Simulation): void {
  for (const key of ['plans', 'changed', 'newlyRefused', 'newlyAllowed'] as const) sum[key] += part[key];
  for (const side of ['old', 'new'] as const) {
    for (const [digest, bundle] of part.deciders[side]) sum.deciders[side].set(digest, bundle);
  }
  for (const old of STATUSES) {
    for (const now of STATUSES) sum.statuses[old][now] += part.statuses[old][now];
  }
  for (const [rule, change] of part.rules) {
    const found = sum.rules.get(rule);
    if (found) {
      found.appeared += change.appeared;
      found.gone += change.gone;
    } else sum.rules.set(rule, { ...change });
  }
  sum.examples.push(...part.examples.slice(0, MAX_EXAMPLES - sum.examples.length));
}

/** Findings are the same where rule and step are: messages may be worded anew. */
function without(
  violations: readonly ViolationObject[],
  compared: readonly ViolationObject[],
): readonly ViolationObject[] {
  if (violations.length === 0) return violations;
  const key = ({ rule, step_index }: ViolationObject): string => `${step_index ?? ''} ${rule}`;
  const others = new Set(compared.map(key));
  return violations.filter((violation) => !others.has(key(violation)));
}

function ruleOf({ rules }: Simulation, { rule, severity }: ViolationObject): RuleChange {
  let found = rules.get(rule);
  if (!found) {
    found = { rule, severity, appeared: 0, gone: 0 };
    rules.set(rule, found);
  }
  return found;
}
