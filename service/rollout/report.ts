/** What a bundle would have meant, or has meant, for the plans that both were asked of: the members of `plan-lint simulate --format json`. */
import type { DecisionData, Status } from '@plan-lint/runtime';

const STATUSES = ['pass', 'warn', 'approval', 'deny'] as const satisfies readonly Status[];

/** How two bundles differ about one plan. */
export interface Difference {
  readonly differs: boolean;
  /** Rules of the candidate that the other has not, and the other way round. */
  readonly appeared: readonly string[];
  readonly gone: readonly string[];
}

interface RuleChange {
  readonly rule: string;
  readonly severity: string;
  appeared: number;
  gone: number;
}

/** Rules that are counted; more than that a bundle does not have. */
const MOST_RULES = 10_000;

type Said = Pick<DecisionData, 'is_valid' | 'status' | 'violations'>;

const rulesOf = ({ violations }: Said): ReadonlyMap<string, string> =>
  new Map(violations.map(({ rule, severity }) => [rule, severity]));

export class PairReport {
  decisions = 0;
  changed = 0;
  newlyRefused = 0;
  newlyAllowed = 0;
  readonly #statuses = Object.fromEntries(
    STATUSES.map((before) => [before, { pass: 0, warn: 0, approval: 0, deny: 0 }]),
  ) as Record<Status, Record<Status, number>>;
  readonly #rules = new Map<string, RuleChange>();

  /** @param stable - what decides, @param candidate - what may come to */
  add(stable: Said, candidate: Said): Difference {
    this.decisions += 1;
    this.#statuses[stable.status][candidate.status] += 1;
    if (stable.status !== candidate.status) this.changed += 1;
    if (stable.is_valid && !candidate.is_valid) this.newlyRefused += 1;
    if (!stable.is_valid && candidate.is_valid) this.newlyAllowed += 1;
    const [before, after] = [rulesOf(stable), rulesOf(candidate)];
    const appeared = this.#count(after, before, 'appeared');
    const gone = this.#count(before, after, 'gone');
    const differs = stable.status !== candidate.status || appeared.length + gone.length > 0;
    return { differs, appeared, gone };
  }

  #count(
    rules: ReadonlyMap<string, string>,
    others: ReadonlyMap<string, string>,
    which: 'appeared' | 'gone',
  ): readonly string[] {
    const own = [...rules.keys()].filter((rule) => !others.has(rule));
    for (const rule of own) {
      const change = this.#rules.get(rule) ?? { rule, severity: rules.get(rule) ?? '', appeared: 0, gone: 0 };
      change[which] += 1;
      if (this.#rules.size < MOST_RULES) this.#rules.set(rule, change);
    }
    return own;
  }

  toJSON(): object {
    return {
      plans: this.decisions,
      changed: this.changed,
      newly_refused: this.newlyRefused,
      newly_allowed: this.newlyAllowed,
      statuses: this.#statuses,
      rules: [...this.#rules.values()],
    };
  }
}
