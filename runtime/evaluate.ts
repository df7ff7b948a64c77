import type {
  BundleIdentity,
  BundlePredicate,
  Decider,
  Decision,
  PlanLimits,
  PredicateModule,
} from './contract.ts';
import { decided, decision, refused, type Parties } from './decision.ts';
import { refuseAs } from './errors.ts';
import { lifeOf, type Life } from './life.ts';
import { clock, freeze } from './platform.ts';
import type { TrustRoot } from './trust.ts';
import type { VerifiedBundle } from './verify.ts';

/** Options of a bundle that bear on deciding. */
export interface BundleOptions {
  /** Limits of the plans one may ask about; the defaults are safe, and stand for a limit that is not a number too. */
  readonly planLimits?: Partial<PlanLimits>;
}

export interface EvaluateOptions {
  /** What the caller vouches for: who is asking, role, environment. Never the plan's own `context`. */
  readonly context?: unknown;
  /** Milliseconds since the epoch; the clock when absent. Expiry is judged by it. */
  readonly now?: number;
  /**
   * What becomes of a check of a value that a reference stands for: `now` (the default), it counts against the plan;
   * `later`, it is in `pending`, for whoever asks it when the value is there.
   */
  readonly values?: 'now' | 'later';
}

export interface Policy {
  /** The entry that decides, or `null` where all entries do. */
  readonly entry: string | null;
  /** Decides a plan: synchronous, never throws, denies what it cannot decide. */
  evaluate(plan: unknown, options?: EvaluateOptions): Decision;
  /**
   * Whether `evaluate` would say `valid`, without the reasons: a plan is refused at the first step for which that
   * is certain. Synchronous, never throws.
   */
  allows(plan: unknown, options?: EvaluateOptions): boolean;
  /** What sessions and runs are made of: see `@plan-lint/runtime/session`. */
  readonly parts: PolicyParts;
}

/** What stands behind a policy, for what decides in another way than plan by plan. */
export interface PolicyParts extends BundleOptions {
  readonly parties: Parties;
  /** Why nothing can be asked now, if so. */
  readonly problem: Life['problem'];
  readonly module: PredicateModule;
  /** Those that decide, by index. */
  readonly entries: readonly number[];
}

/** A verified bundle. */
export interface Bundle {
  readonly identity: BundleIdentity;
  readonly predicate: BundlePredicate;
  readonly entries: readonly string[];
  /**
   * The policy of an entry; without a name that of the bundle's default entry, or, where it has none, of all
   * entries together: the strongest outcome wins.
   *
   * @throws RangeError when the bundle has no entry of that name, BundleError `module_failed` when the module has
   * nothing that decides.
   */
  policy(name?: string): Policy;
  /**
   * Asks a trust root again, the next one or the same at a later time. What it refuses decides no longer: from then on every
   * plan is denied, until a trust root says otherwise.
   *
   * @param now - milliseconds since the epoch; default: the clock
   * @throws BundleError with the code of the first check that fails; `trust_malformed`, `trust_rollback` and
   * `input_invalid` say something of the argument, nothing of the bundle, which decides as before
   * @example
   * await bundle.check(await readFile('trust.json')); // key_revoked
   */
  readonly check: (trust: TrustRoot | Uint8Array | string, now?: number) => Promise<void>;
}

/** Makes a bundle of a module whose bytes have been verified; `check` asks a trust root about it. */
export function createBundle(
  identity: BundleIdentity,
  predicate: BundlePredicate,
  module: PredicateModule,
  options: BundleOptions & Partial<Pick<VerifiedBundle, 'check'>> = {},
): Bundle {
  const names = module.entries;
  const life = lifeOf(predicate, options.check);
  const policies = new Map<string | null, Policy>();
  return freeze({
    identity,
    predicate,
    entries: names,
    check: life.check,
    policy(
      name: string | null = predicate.default_entry ?? (names.length > 1 ? null : (names[0] ?? null)),
    ): Policy {
      let policy = policies.get(name);
      if (!policy) {
        const entries = [...names.keys()].filter((i) => name === null || names[i] === name);
        if (entries.length === 0) throw new RangeError(`no entry ${name}, but ${names.join(', ')}`);
        const planLimits = { ...options.planLimits };
        policy = policyOf(
          {
            parties: freeze({ entry: name, bundle: identity }),
            problem: life.problem,
            module,
            entries,
            planLimits,
          },
          refuseAs('module_failed', () => module.open(entries, planLimits)),
        );
        policies.set(name, policy);
      }
      return policy;
    },
  });
}

/** The policy of some entries. */
function policyOf(parts: PolicyParts, decider: Decider): Policy {
  const { parties, problem } = parts;
  const pass = decision(parties, 'pass', 0, () => []);
  return freeze({
    entry: parties.entry,
    parts: freeze(parts),
    evaluate(plan: unknown, options?: EvaluateOptions): Decision {
      try {
        const now = options?.now ?? clock();
        const reason = problem(now);
        if (reason) return refused(parties, reason.rule, reason.message);
        const verdict = decider.evaluate(plan, options?.context, now, options?.values === 'later');
        return verdict === null ? pass : decided(parties, verdict);
      } catch {
        // A getter or proxy in the plan, or a module that breaks its contract: nothing was decided.
        return refused(parties, 'runtime.error', 'the plan could not be decided');
      }
    },
    allows(plan: unknown, options?: EvaluateOptions): boolean {
      try {
        const now = options?.now ?? clock();
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-boolean-literal-compare -- a module may say anything
        return !problem(now) && decider.allows(plan, options?.context, now) === true;
      } catch {
        return false;
      }
    },
  });
}
