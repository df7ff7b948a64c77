import { ENFORCEMENTS, SEVERITIES } from './contract.ts';
import type { BundleIdentity, Cause, Decision, ModuleEntry, Status, Violation, Waiver } from './contract.ts';
import type { Problem } from './problem.ts';
import type { Question } from './question.ts';
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
  readonly found: readonly number[];
  /** The waiver of each pair that has one, by the place of the pair. */
  readonly waived: ReadonlyMap<number, Waiver>;
  readonly status: number;
  readonly risk: number;
}

const NO_WAIVERS: ReadonlyMap<number, Waiver> = new Map();

/**
 * Strongest enforcement of the rules that fired, and the risk score; reaching the threshold denies. A finding that
 * is waived counts for neither.
 */
export function judge(question: Question, entry: ModuleEntry, found: readonly number[]): Verdict {
  const { module } = question;
  let status = 0;
  let sum = 0;
  let largest = 0;
  const counted = new Set<number>();
  const waived = entry.waivers.length === 0 ? NO_WAIVERS : new Map<number, Waiver>();
  for (let i = 0; i < found.length; i += 2) {
    const index = found[i] ?? 0;
    const waiver = waiverOf(question, entry, index, found[i + 1] ?? -1);
    if (waiver) (waived as Map<number, Waiver>).set(i, waiver);
    if (waiver || counted.has(index)) continue;
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

/** Of whom and by whom a decision is. */
type Parties = Pick<Question, 'entry' | 'bundle'>;

/** A decision; violations are put into words when they are first read. */
class Decided implements Decision {
  readonly status: Status;
  readonly valid: boolean;
  readonly riskScore: number;
  readonly entry: string | null;
  readonly bundle: BundleIdentity;
  readonly #describe: () => readonly Violation[];
  #violations: readonly Violation[] | undefined;

  constructor({ entry, bundle }: Parties, status: number, risk: number, words: () => readonly Violation[]) {
    this.status = STATUSES[status] ?? 'deny';
    this.valid = status < VALID_BELOW;
    this.riskScore = risk;
    this.entry = entry;
    this.bundle = bundle;
    this.#describe = words;
    freeze(this);
  }

  get violations(): readonly Violation[] {
    this.#violations ??= freeze(this.#describe());
    return this.#violations;
  }

  /** Private state does not show in JSON; the violations must. */
  toJSON(): Decision {
    const { status, valid, riskScore, violations, entry, bundle } = this;
    return { status, valid, riskScore, violations, entry, bundle };
  }
}

export function passing({ entry, bundle }: Parties): Decision {
  return freeze({ status: 'pass', valid: true, riskScore: 0, violations: freeze([]), entry, bundle });
}

/** A plan that no policy was asked about: the runtime's own checks refuse it. */
export function refused(question: Question, problems: readonly Problem[]): Decision {
  const violations = problems.map(({ rule, message, stepIndex }) =>
    violation(
      question,
      stepIndex,
      {
        rule,
        policy: 'plan-lint',
        severity: 'critical',
        enforcement: 'deny',
        category: CATEGORIES[rule] ?? (rule.startsWith('plan') ? 'SCHEMA_INVALID' : 'BUNDLE'),
      },
      { message, path: '' },
      null,
      null,
    ),
  );
  return new Decided(question, DENY, 1, () => violations);
}

const CATEGORIES: Readonly<Record<string, string>> = {
  'plan.cycle': 'LOOP_DETECTED',
  'plan.self_dependency': 'LOOP_DETECTED',
  'plan.missing_dependency': 'MISSING_DEPENDENCY',
};

/** The verdicts of one or more entries as a decision: the strongest counts. */
export function decided(question: Question, verdicts: readonly Verdict[]): Decision {
  let status = 0;
  let risk = 0;
  for (const verdict of verdicts) {
    status = max(status, verdict.status);
    risk = max(risk, verdict.risk);
  }
  return new Decided(question, status, risk, () => describe(question, verdicts));
}

type Finding = readonly [entry: ModuleEntry, rule: number, step: number, waiver: Waiver | null];

function describe(question: Question, verdicts: readonly Verdict[]): readonly Violation[] {
  const seen = new Map<string, Finding>();
  for (const { entry, found, waived } of verdicts) {
    for (let i = 0; i < found.length; i += 2) {
      const rule = found[i] ?? 0;
      const step = found[i + 1] ?? -1;
      const waiver = waived.get(i) ?? null;
      // Entries that share a rule report it once; where one of them does not waive it, it is not waived.
      const key = `${rule} ${step}`;
      const known = seen.get(key);
      if (!known || (known[3] && !waiver)) seen.set(key, [entry, rule, step, waiver]);
    }
  }
  return [...seen.values()]
    .sort((a, b) => a[2] - b[2] || a[1] - b[1])
    .map((finding) => violationOf(question, finding));
}

function violationOf(question: Question, [entry, rule, step, waiver]: Finding): Violation {
  const { rules, policies, categories, files } = question.module;
  const row = rules[rule];
  if (!row) throw new RangeError('a module reported a rule it does not have');
  const [id, policy, category, severity, enforcement, , description, file, line, column] = row;
  const cause = causeOf(question, entry, rule, step);
  return violation(
    question,
    step,
    {
      rule: id,
      policy: policies[policy] ?? '',
      severity: SEVERITIES[severity] ?? 'critical',
      enforcement: ENFORCEMENTS[enforcement] ?? 'deny',
      category: categories[category] ?? '',
    },
    description === '' ? cause : { ...cause, message: `${description}: ${cause.message}` },
    freeze({ file: files[file] ?? '', line, column }),
    waiver?.label ?? null,
  );
}

function violation(
  { module, plan }: Question,
  stepIndex: number,
  head: Pick<Violation, 'rule' | 'policy' | 'severity' | 'enforcement' | 'category'>,
  { message, path }: Cause,
  origin: Violation['origin'],
  waiver: string | null,
): Violation {
  let stepId = null;
  try {
    // The id as it is now; the plan may have been changed since it was decided.
    const id = stepIndex < 0 ? null : (plan as Steps).steps[stepIndex]?.id;
    if (typeof id === 'string') stepId = module.secret(id) ? '[secret]' : id;
  } catch {
    // A getter that throws: the step has no id to show.
  }
  return freeze({ ...head, message, stepIndex, stepId, argPath: path, origin, waiver });
}

interface Steps {
  readonly steps: readonly { readonly id: unknown }[];
}

/** The plan may have been changed since it was decided; a report must not throw for it. */
function causeOf({ plan, context, now }: Question, entry: ModuleEntry, rule: number, step: number): Cause {
  try {
    return entry.explain(rule, step, plan, context, now);
  } catch {
    return { path: '', message: 'the plan has changed since it was decided, so the cause cannot be shown' };
  }
}
