import type { BundleIdentity, BundlePredicate, Decision, ModuleEntry, PredicateModule } from './contract.ts';
import { Decided, isValid, judge, passing, refused } from './decision.ts';
import type { Verdict } from './decision.ts';
import { OpenGuard } from './guard.ts';
import type { PlanLimits } from './limits.ts';
import { PlanChecker } from './plan.ts';

const { now: clock } = Date;
const { parse: parseInstant } = Date;

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
  const make = (entry: string | null, entries: readonly ModuleEntry[]): Policy => {
    let policy = policies.get(entry);
    if (!policy) {
      policy = new CompiledPolicy(identity, predicate, module, checker, entry, entries);
      policies.set(entry, policy);
    }
    return policy;
  };
  return Object.freeze({
    identity,
    predicate,
    entries: names,
    policy(
      name: string | undefined = predicate.default_entry ?? (names.length === 1 ? names[0] : undefined),
    ): Policy {
      if (name === undefined) return make(null, module.entries);
      const entry = module.entries.find((candidate) => candidate.name === name);
      if (!entry)
        throw new RangeError(`the bundle ${identity.name} has no entry ${name}; it has ${names.join(', ')}`);
      return make(name, [entry]);
    },
  });
}

/** An entry with its guard unpacked. */
interface OpenEntry {
  readonly entry: ModuleEntry;
  readonly guard: OpenGuard;
}

class CompiledPolicy implements Policy {
  readonly entry: string | null;
  readonly #bundle: BundleIdentity;
  readonly #module: PredicateModule;
  readonly #checker: PlanChecker;
  readonly #entries: readonly OpenEntry[];
  readonly #notBefore: number;
  readonly #expires: number;
  readonly #pass: Decision;
  #out = new Int32Array(256);

  constructor(
    bundle: BundleIdentity,
    predicate: BundlePredicate,
    module: PredicateModule,
    checker: PlanChecker,
    entry: string | null,
    entries: readonly ModuleEntry[],
  ) {
    this.entry = entry;
    this.#bundle = bundle;
    this.#module = module;
    this.#checker = checker;
    this.#entries = entries.map((each) => ({ entry: each, guard: new OpenGuard(each.guard, module.plain) }));
    this.#notBefore = predicate.not_before === null ? -Infinity : parseInstant(predicate.not_before);
    this.#expires = predicate.expires === null ? Infinity : parseInstant(predicate.expires);
    this.#pass = passing(bundle, entry);
  }

  evaluate(plan: unknown, options?: EvaluateOptions): Decision {
    try {
      const now = options?.now ?? clock();
      const context = options?.context;
      return this.#unusable(plan, now) ?? this.#ask(plan, context, now);
    } catch {
      // A getter or proxy in the plan, or a module that breaks its contract: nothing was decided, so deny.
      return this.#refuse('runtime.error', 'the plan could not be decided', plan);
    }
  }

  allows(plan: unknown, options?: EvaluateOptions): boolean {
    try {
      const now = options?.now ?? clock();
      const context = options?.context;
      if (this.#unusable(plan, now)) return false;
      // The first step with candidates decides most plans that are refused; the others are asked in full.
      for (const { entry, guard } of this.#entries) {
        if (this.#checker.check(plan, guard, true).length > 0) return false;
        const partly = this.#checker.walk.count > 0;
        const verdict = this.#verdict(entry, plan, context, now, partly);
        if (verdict !== null && !isValid(verdict)) return false;
        if (partly) return this.#ask(plan, context, now).valid;
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Why no plan can be asked about now. */
  #unusable(plan: unknown, now: number): Decision | null {
    if (typeof now !== 'number' || now - now !== 0)
      return this.#refuse('runtime.error', 'the time is not a number of milliseconds', plan);
    if (now < this.#notBefore)
      return this.#refuse('bundle.not_yet_valid', 'the bundle is not valid yet', plan);
    if (now >= this.#expires) return this.#refuse('bundle.expired', 'the bundle has expired', plan);
    if (this.#entries.length === 0) return this.#refuse('runtime.error', 'the bundle has no policy', plan);
    for (const key in EMPTY) {
      return this.#refuse(
        'runtime.polluted',
        `every object inherits \`${key}\`: the prototype is polluted`,
        plan,
      );
    }
    return null;
  }

  #ask(plan: unknown, context: unknown, now: number): Decision {
    let verdicts: Verdict[] | undefined;
    for (const { entry, guard } of this.#entries) {
      const problems = this.#checker.check(plan, guard);
      if (problems.length > 0) return refused(this.#bundle, this.#module, this.entry, problems, plan);
      const verdict = this.#verdict(entry, plan, context, now);
      if (verdict !== null) (verdicts ??= []).push(verdict);
    }
    return verdicts
      ? new Decided(this.#bundle, this.entry, this.#module, verdicts, plan, context, now)
      : this.#pass;
  }

  /** What an entry says of the candidates of the last walk; `null` where nothing fired. */
  #verdict(entry: ModuleEntry, plan: unknown, context: unknown, now: number, partly = false): Verdict | null {
    const { candidates, count: asked } = this.#checker.walk;
    let count = entry.check(plan, context, now, this.#out, candidates, asked, partly);
    if (count > this.#out.length) {
      this.#out = new Int32Array(count * 2);
      count = entry.check(plan, context, now, this.#out, candidates, asked, partly);
    }
    if (count === 0) return null;
    if (!(count > 0 && count <= this.#out.length)) throw new RangeError('a module miscounts');
    return judge(this.#module, entry, this.#out.slice(0, count), plan, context, now);
  }

  #refuse(rule: string, message: string, plan: unknown): Decision {
    // A plan whose getters throw must not throw here again: it is not looked at for a step of -1.
    return refused(this.#bundle, this.#module, this.entry, [{ rule, message, stepIndex: -1 }], plan);
  }
}

const EMPTY: object = {};
