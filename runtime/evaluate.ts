import type { BundleIdentity, BundlePredicate, Decision, ModuleEntry, PredicateModule } from './contract.ts';
import { decided, isValid, judge, passing, refused } from './decision.ts';
import type { Verdict } from './decision.ts';
import { combine } from './combine.ts';
import { OpenGuard } from './guard.ts';
import type { PlanLimits } from './limits.ts';
import { PlanChecker } from './plan.ts';
import type { Problem } from './problem.ts';
import type { Question } from './question.ts';

const { freeze } = Object;
const { now: clock, parse: parseInstant } = Date;

/** Options of a bundle that bear on deciding. */
export interface BundleOptions {
  /** Limits of the plans one may ask about; the defaults are safe. */
  readonly planLimits?: Partial<PlanLimits>;
}

export interface EvaluateOptions {
  /** What the caller vouches for: who is asking, role, environment. Never the plan's own `context`. */
  readonly context?: unknown;
  /** Milliseconds since the epoch; the clock when absent. Expiry is judged by it. */
  readonly now?: number;
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
   * @throws RangeError when the bundle has no entry of that name.
   */
  policy(name?: string): Policy;
}

/** Makes a bundle of a module whose bytes have been verified. */
export function createBundle(
  identity: BundleIdentity,
  predicate: BundlePredicate,
  module: PredicateModule,
  options: BundleOptions = {},
): Bundle {
  const checker = new PlanChecker(options.planLimits);
  const names = module.entries.map((entry) => entry.name);
  const policies = new Map<string | null, Policy>();
  return freeze({
    identity,
    predicate,
    entries: names,
    policy(
      name: string | null = predicate.default_entry ?? (names.length === 1 ? (names[0] ?? null) : null),
    ): Policy {
      let policy = policies.get(name);
      if (!policy) {
        const entries = module.entries.filter((entry) => name === null || entry.name === name);
        if (name !== null && entries.length === 0)
          throw new RangeError(`no entry ${name} in ${identity.name}, but ${names.join(', ')}`);
        policy = policyOf(identity, predicate, module, checker, name, entries);
        policies.set(name, policy);
      }
      return policy;
    },
  });
}

/** The policy of some entries; `name` is theirs where it is one. */
function policyOf(
  bundle: BundleIdentity,
  { not_before, expires }: BundlePredicate,
  module: PredicateModule,
  checker: PlanChecker,
  name: string | null,
  entries: readonly ModuleEntry[],
): Policy {
  const { walk } = checker;
  const guard = new OpenGuard(combine(entries.map((entry) => entry.guard)), module.plain);
  const from = not_before === null ? -Infinity : parseInstant(not_before);
  const until = expires === null ? Infinity : parseInstant(expires);
  const pass = passing({ bundle, entry: name });
  let out = new Int32Array(256);

  const question = (plan: unknown, context: unknown, now: number): Question => ({
    bundle,
    module,
    entry: name,
    plan,
    context,
    now,
  });

  /** Why no plan can be asked about now. */
  function unusable(now: number): Problem | null {
    if (typeof now !== 'number' || now - now !== 0)
      return about('runtime.error', 'the time is not a number of milliseconds');
    if (now < from) return about('bundle.not_yet_valid', 'the bundle is not valid yet');
    if (now >= until) return about('bundle.expired', 'the bundle has expired');
    if (entries.length === 0) return about('runtime.error', 'the bundle has no policy');
    for (const key in EMPTY)
      return about('runtime.polluted', `every object inherits \`${key}\`: the prototype is polluted`);
    return null;
  }

  /** Pairs (rule, step) that fired: of the first `asked` candidates, and of the entry's rules for whole plans. */
  function firedOf(
    { check }: ModuleEntry,
    asked: number,
    plan: unknown,
    context: unknown,
    now: number,
    partly: boolean,
  ): readonly number[] {
    let count = check(plan, context, now, out, walk.candidates, asked, partly);
    if (count > out.length) {
      out = new Int32Array(count * 2);
      count = check(plan, context, now, out, walk.candidates, asked, partly);
    }
    if (count === 0) return NO_PAIRS;
    if (!(count > 0 && count <= out.length)) throw new RangeError('a module miscounts');
    const fired: number[] = [];
    for (let i = 0; i < count; i += 1) fired.push(out[i] ?? 0);
    return fired;
  }

  /**
   * What the entries say of the candidates of the last walk; those of which nothing fired say nothing. Each
   * candidate is asked once, whatever the number of entries.
   */
  function judged(plan: unknown, context: unknown, now: number, partly = false): readonly Verdict[] {
    let verdicts = NONE;
    let ofSteps = NO_PAIRS;
    for (let i = 0; i < entries.length; i += 1) {
      const entry = entries[i] as ModuleEntry;
      let found = firedOf(entry, i === 0 ? walk.count : 0, plan, context, now, partly);
      if (entries.length > 1) {
        if (i === 0) ofSteps = found;
        found = ofEntry(entry, ofSteps, found);
      }
      if (found.length === 0) continue;
      if (verdicts === NONE) verdicts = [];
      verdicts.push(judge(question(plan, context, now), entry, found));
    }
    return verdicts;
  }

  return freeze({
    entry: name,
    evaluate(plan: unknown, options?: EvaluateOptions): Decision {
      try {
        const now = options?.now ?? clock();
        const context = options?.context;
        const problem = unusable(now);
        const problems = problem ? [problem] : checker.check(plan, guard, false);
        if (problems.length > 0) return refused(question(plan, context, now), problems);
        const verdicts = judged(plan, context, now);
        return verdicts === NONE ? pass : decided(question(plan, context, now), verdicts);
      } catch {
        // A getter or proxy in the plan, or a module that breaks its contract: nothing was decided, so deny.
        return refused(question(plan, null, 0), [about('runtime.error', 'the plan could not be decided')]);
      }
    },
    allows(plan: unknown, options?: EvaluateOptions): boolean {
      try {
        const now = options?.now ?? clock();
        const context = options?.context;
        if (unusable(now) || checker.check(plan, guard, true).length > 0) return false;
        // The first step with candidates decides most plans that are refused; then the walk goes on.
        const stopped = walk.count > 0;
        if (!judged(plan, context, now, stopped).every(isValid)) return false;
        if (!stopped) return true;
        return checker.rest(guard).length === 0 && judged(plan, context, now).every(isValid);
      } catch {
        return false;
      }
    },
  });
}

const EMPTY: object = {};
const NONE: Verdict[] = [];
const NO_PAIRS: readonly number[] = [];

const about = (rule: string, message: string): Problem => ({ rule, message, stepIndex: -1 });

/** The pairs of an entry: of those that fired on steps for any entry, and of its own for the plan as a whole. */
function ofEntry(
  { rules }: ModuleEntry,
  ofSteps: readonly number[],
  own: readonly number[],
): readonly number[] {
  const found: number[] = [];
  for (const pairs of [own, ofSteps])
    for (let i = 0; i < pairs.length; i += 2) {
      const [rule = 0, step = -1] = [pairs[i], pairs[i + 1]];
      if (step < 0 ? pairs === own : pairs === ofSteps && has(rules, rule)) found.push(rule, step);
    }
  return found;
}

/** Whether a number is within one of the ranges, pairs of the first number and the one behind the last. */
function has(ranges: readonly number[], rule: number): boolean {
  let at = 0;
  while (at < ranges.length && rule >= (ranges[at + 1] ?? 0)) at += 2;
  return rule >= (ranges[at] ?? Infinity);
}
