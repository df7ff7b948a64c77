import { ENFORCEMENTS, SEVERITIES } from './contract.ts';
import type {
  BundleIdentity,
  Decision,
  ModuleEntry,
  PredicateModule,
  Status,
  Violation,
  Waiver,
} from './contract.ts';
import type { PlanProblem } from './plan.ts';
import { waiverOf } from './waivers.ts';

const { freeze } = Object;
const { round, max, min } = Math;

/** Outcomes, weakest first, and what an enforcement leads to. */
const STATUSES: readonly Status[] = ['pass', 'warn', 'approval', 'deny'];
const STATUS_OF_ENFORCEMENT = [0, 1, 2, 3];
const DENY = 3;
const VALID_BELOW = 2;

/** What one entry says of one plan, before it becomes a decision: numbers only. */
export interface Verdict {
  readonly entry: ModuleEntry;
  /** Pairs (rule index, step index). */
  readonly found: Int32Array;
  /** The waiver of each pair that has one, by the place of the pair; `null` where the entry has no waivers. */
  readonly waived: ReadonlyMap<number, Waiver> | null;
  readonly status: number;
  readonly risk: number;
}

/**
 * Strongest enforcement of the rules that fired, and the risk score; reaching the threshold denies. A finding that
 * is waived counts for neither.
 */
export function judge(
  module: PredicateModule,
  entry: ModuleEntry,
  found: Int32Array,
  plan: unknown,
  context: unknown,
  now: number,
): Verdict {
  let status = 0;
  let sum = 0;
  let largest = 0;
  const counted = new Set<number>();
  const waived = entry.waivers.length === 0 ? null : new Map<number, Waiver>();
  for (let i = 0; i < found.length; i += 2) {
    const index = found[i] ?? 0;
    const waiver = waived && waiverOf(entry, index, found[i + 1] ?? -1, plan, context, now);
    if (waiver) {
      waived.set(i, waiver);
      continue;
    }
    if (counted.has(index)) continue;
    counted.add(index);
    const row = module.rules[index];
    status = max(status, STATUS_OF_ENFORCEMENT[row?.[4] ?? DENY] ?? DENY);
    // Millionths, for a sum of decimal weights must not miss a decimal threshold by a rounding.
    const weight = round((row?.[5] ?? 1) * 1e6);
    sum += weight;
    largest = max(largest, weight);
  }
  const risk = min(entry.aggregate === 'max' ? largest : sum, 1e6);
  if (risk >= round(entry.threshold * 1e6)) status = DENY;
  return { entry, found, waived, status, risk: risk / 1e6 };
}

/** Whether a plan of which an entry says so may run. */
export const isValid = (verdict: Verdict): boolean => verdict.status < VALID_BELOW;

export function passing(bundle: BundleIdentity, entry: string | null): Decision {
  return freeze({ status: 'pass', valid: true, riskScore: 0, violations: freeze([]), entry, bundle });
}

/** A plan that no policy was asked about: the runtime's own checks refuse it. */
export function refused(
  bundle: BundleIdentity,
  module: PredicateModule,
  entry: string | null,
  problems: readonly PlanProblem[] | readonly { rule: string; message: string; stepIndex: number }[],
  plan: unknown,
): Decision {
  const violations = problems.map(({ rule, message, stepIndex }): Violation =>
    freeze({
      rule,
      policy: 'plan-lint',
      severity: 'critical',
      enforcement: 'deny',
      category: CATEGORIES[rule] ?? 'SCHEMA_INVALID',
      message,
      stepIndex,
      stepId: stepIdOf(module, plan, stepIndex),
      argPath: '',
      origin: null,
      waiver: null,
    }),
  );
  return freeze({
    status: 'deny',
    valid: false,
    riskScore: 1,
    violations: freeze(violations),
    entry,
    bundle,
  });
}

const CATEGORIES: Readonly<Record<string, string>> = {
  'plan.cycle': 'LOOP_DETECTED',
  'plan.self_dependency': 'LOOP_DETECTED',
  'plan.missing_dependency': 'MISSING_DEPENDENCY',
  'bundle.expired': 'BUNDLE',
  'bundle.not_yet_valid': 'BUNDLE',
  'runtime.error': 'BUNDLE',
  'runtime.polluted': 'BUNDLE',
};

/** The id of a step as it is now; the plan may have been changed since it was decided. */
function stepIdOf(module: PredicateModule, plan: unknown, index: number): string | null {
  if (index < 0) return null;
  try {
    const { steps } = plan as { readonly steps: readonly { readonly id: unknown }[] };
    const id = steps[index]?.id;
    if (typeof id !== 'string') return null;
    return module.secret(id) ? '[secret]' : id;
  } catch {
    return null;
  }
}

/** The verdicts of one or more entries as a decision; violations are put into words when they are first read. */
export class Decided implements Decision {
  readonly status: Status;
  readonly valid: boolean;
  readonly riskScore: number;
  readonly entry: string | null;
  readonly bundle: BundleIdentity;
  readonly #describe: () => readonly Violation[];
  #violations: readonly Violation[] | undefined;

  constructor(
    bundle: BundleIdentity,
    entry: string | null,
    module: PredicateModule,
    verdicts: readonly Verdict[],
    plan: unknown,
    context: unknown,
    now: number,
  ) {
    const status = verdicts.reduce((strongest, verdict) => max(strongest, verdict.status), 0);
    this.status = STATUSES[status] ?? 'deny';
    this.valid = status < VALID_BELOW;
    this.riskScore = verdicts.reduce((highest, verdict) => max(highest, verdict.risk), 0);
    this.entry = entry;
    this.bundle = bundle;
    this.#describe = () => freeze(describe(module, verdicts, plan, context, now));
    freeze(this);
  }

  get violations(): readonly Violation[] {
    this.#violations ??= this.#describe();
    return this.#violations;
  }

  /** Private state does not show in JSON; the violations must. */
  toJSON(): Decision {
    const { status, valid, riskScore, violations, entry, bundle } = this;
    return { status, valid, riskScore, violations, entry, bundle };
  }
}

function describe(
  module: PredicateModule,
  verdicts: readonly Verdict[],
  plan: unknown,
  context: unknown,
  now: number,
): readonly Violation[] {
  const seen = new Map<string, Finding>();
  for (const { entry, found, waived } of verdicts) {
    for (let i = 0; i < found.length; i += 2) {
      const rule = found[i] ?? 0;
      const step = found[i + 1] ?? -1;
      const waiver = waived?.get(i) ?? null;
      // Entries that share a rule report it once; where one of them does not waive it, it is not waived.
      const key = `${rule} ${step}`;
      const known = seen.get(key);
      if (!known || (known.waiver && !waiver)) seen.set(key, { entry, rule, step, waiver });
    }
  }
  return [...seen.values()]
    .sort((a, b) => a.step - b.step || a.rule - b.rule)
    .map((finding) => violationOf(module, finding, plan, context, now));
}

interface Finding {
  readonly entry: ModuleEntry;
  readonly rule: number;
  readonly step: number;
  readonly waiver: Waiver | null;
}

function violationOf(
  module: PredicateModule,
  { entry, rule, step, waiver }: Finding,
  plan: unknown,
  context: unknown,
  now: number,
): Violation {
  const row = module.rules[rule];
  if (!row) throw new RangeError('a module reported a rule it does not have');
  const [id, policy, category, severity, enforcement, , description, file, line, column] = row;
  const { path, message } = causeOf(entry, rule, step, plan, context, now);
  return freeze({
    rule: id,
    policy: module.policies[policy] ?? '',
    severity: SEVERITIES[severity] ?? 'critical',
    enforcement: ENFORCEMENTS[enforcement] ?? 'deny',
    category: module.categories[category] ?? '',
    message: description === '' ? message : `${description}: ${message}`,
    stepIndex: step,
    stepId: stepIdOf(module, plan, step),
    argPath: path,
    origin: freeze({ file: module.files[file] ?? '', line, column }),
    waiver: waiver?.label ?? null,
  });
}

/** The plan may have been changed since it was decided; a report must not throw for it. */
function causeOf(
  entry: ModuleEntry,
  rule: number,
  step: number,
  plan: unknown,
  context: unknown,
  now: number,
): { path: string; message: string } {
  try {
    const { path, message } = entry.explain(rule, step, plan, context, now);
    return { path: path, message: message };
  } catch {
    return { path: '', message: 'the plan has changed since it was decided, so the cause cannot be shown' };
  }
}
