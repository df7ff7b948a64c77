import type { OpenGuard } from './guard.ts';
import { StepIds } from './ids.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { PlanLimits } from './limits.ts';
import { references } from './references.ts';
import { PlanWalk } from './walk.ts';

const { isArray } = Array;
const { getPrototypeOf, prototype } = Object;

/** The runtime's own rules; every plan must satisfy them before a policy is asked. */
export type PlanRuleId =
  | 'plan.shape'
  | 'plan.limits'
  | 'plan.duplicate_step'
  | 'plan.missing_dependency'
  | 'plan.self_dependency'
  | 'plan.cycle';

export interface PlanProblem {
  readonly rule: PlanRuleId;
  readonly message: string;
  readonly stepIndex: number;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks shape, limits and graph of plans (design §3), and notes on the same walk which rules of an entry are worth
 * asking. One checker is used for many plans, one at a time; it keeps its buffers, so that a plan without references
 * and dependencies costs no allocation.
 */
export class PlanChecker {
  readonly walk: PlanWalk;
  readonly #limits: PlanLimits;
  readonly #ids = new StepIds();
  /** Dependencies as pairs: step, step it depends on (by id). */
  #from: number[] = [];
  #to: string[] = [];
  /** The last step that named a dependency. */
  readonly #last = new Map<string, number>();
  #overflown = false;
  #step = 0;
  #problems: PlanProblem[] = NONE;

  constructor(limits: Partial<PlanLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    const note = (id: string): void => this.#depend(id);
    this.walk = new PlanWalk(this.#limits, (text) => references(text, note));
  }

  /**
   * All problems of a plan; the empty list for a plan that policies may be asked about. The rules worth asking are
   * then in `walk.candidates`. With `early` it may stop behind the first step that has any.
   */
  check(plan: unknown, guard: OpenGuard, early = false): readonly PlanProblem[] {
    this.#problems = NONE;
    this.#overflown = false;
    this.#forgetDependencies();
    this.walk.reset(guard);
    const steps = this.#plan(plan, guard, early);
    if (steps !== null && this.#problems.length === 0 && this.#from.length > 0) this.#graph(steps);
    return this.#problems;
  }

  #forgetDependencies(): void {
    if (this.#from.length === 0) return;
    this.#from = [];
    this.#to = [];
    this.#last.clear();
  }

  #report(rule: PlanRuleId, message: string, stepIndex = -1): void {
    if (this.#problems === NONE) this.#problems = [];
    this.#problems.push({ rule, message, stepIndex });
  }

  /** The steps where the plan was walked to its end. */
  #plan(plan: unknown, guard: OpenGuard, early: boolean): readonly unknown[] | null {
    if (!isPlain(plan)) return this.#refuse('plan.shape', 'a plan is an object with `steps`');
    const { steps } = plan;
    if (!isArray(steps)) return this.#refuse('plan.shape', '`steps` must be an array');
    if (steps.length > this.#limits.maxSteps) {
      return this.#refuse(
        'plan.limits',
        `the plan has ${steps.length} steps, more than ${this.#limits.maxSteps}`,
      );
    }
    for (const key in plan) {
      if (key === 'steps') continue;
      // An optional field that is there but undefined is absent, as it is in JSON.
      const problem = plan[key] === undefined ? '' : this.walk.check(plan[key], 2);
      if (problem !== '') return this.#refuse('plan.limits', `${fieldName(key)} ${problem}`);
    }
    if (!optional(plan['id'], 'string') || !optional(plan['goal'], 'string')) {
      return this.#refuse('plan.shape', '`id` and `goal` must be strings where they are given');
    }
    if (plan['context'] !== undefined && !isPlain(plan['context'])) {
      return this.#refuse('plan.shape', '`context` must be an object where it is given');
    }
    // References outside the steps bind nothing.
    this.#forgetDependencies();
    this.#ids.reset(steps.length);
    for (let i = 0; i < steps.length; i += 1) {
      this.#checkStep(steps[i], i, steps, guard);
      if (early && this.walk.count > 0) return null;
    }
    return steps as readonly unknown[];
  }

  #refuse(rule: PlanRuleId, message: string): null {
    this.#report(rule, message);
    return null;
  }

  #checkStep(step: unknown, i: number, steps: readonly unknown[], guard: OpenGuard): void {
    this.#step = i;
    if (!isPlain(step))
      return this.#report('plan.shape', 'a step is an object with `id`, `tool` and `args`', i);
    const { id, tool, args, parameters } = step;
    if (typeof id !== 'string' || id === '')
      return this.#report('plan.shape', 'a step needs an `id`, a string that is not empty', i);
    if (typeof tool !== 'string' || tool === '') {
      return this.#report('plan.shape', 'a step needs a `tool`, a string that is not empty', i);
    }
    if (args !== undefined && parameters !== undefined) {
      return this.#report('plan.shape', 'a step has `args` or `parameters`, not both', i);
    }
    const given = args === undefined ? parameters : args;
    if (!isPlain(given)) {
      return this.#report('plan.shape', 'a step needs `args`, an object', i);
    }
    const row = guard.rowOf(tool);
    if (!row.isName)
      return this.#report(
        'plan.shape',
        'a `tool` must be a name: no invisible characters, no space around it, no look-alikes of ASCII letters',
        i,
      );
    let fields = this.walk.name(id, false) + this.walk.name(tool, row.plainName);
    if (fields !== '') return this.#report('plan.limits', `a name of the step ${fields}`, i);
    fields = this.walk.args(given, row, i);
    if (fields !== '') return this.#report('plan.limits', `\`args\` of the step ${fields}`, i);
    for (const key in step) {
      if (key === 'id' || key === 'tool' || key === 'args' || key === 'parameters') continue;
      const problem = step[key] === undefined ? '' : this.walk.check(step[key], 4);
      if (problem !== '') return this.#report('plan.limits', `${fieldName(key)} of the step ${problem}`, i);
    }
    const before = this.#ids.take(id, i, steps);
    if (before >= 0) this.#report('plan.duplicate_step', `the step id is taken by step ${before}`, i);
    if (step['depends_on'] !== undefined) this.#dependsOn(step['depends_on'], i);
  }

  #dependsOn(dependencies: unknown, i: number): void {
    if (!isArray(dependencies))
      return this.#report('plan.shape', '`depends_on` must be an array of step ids', i);
    for (let at = 0; at < dependencies.length; at += 1) {
      const id: unknown = dependencies[at];
      if (typeof id !== 'string')
        return this.#report('plan.shape', '`depends_on` must be an array of step ids', i);
      this.#depend(id);
    }
  }

  /** Notes a dependency once a step, however often the step names it. */
  #depend(id: string): void {
    if (this.#last.get(id) === this.#step) return;
    if (this.#from.length >= this.#limits.maxDependencies) {
      if (!this.#overflown)
        this.#report('plan.limits', `more than ${this.#limits.maxDependencies} dependencies`);
      this.#overflown = true;
      return;
    }
    this.#last.set(id, this.#step);
    this.#from.push(this.#step);
    this.#to.push(id);
  }

  /** Every dependency exists, none is the step itself, and there is an order that satisfies all. */
  #graph(steps: readonly unknown[]): void {
    const indexOf = new Map(steps.map((step, i) => [(step as Fields)['id'], i]));
    const children: number[][] = Array.from({ length: steps.length }, () => []);
    const waiting = new Array<number>(steps.length).fill(0);
    const missing = new Set<number>();
    this.#from.forEach((step, edge) => {
      const target = indexOf.get(this.#to[edge] ?? '');
      if (target === undefined) {
        if (!missing.has(step))
          this.#report('plan.missing_dependency', 'the step refers to a step that is not in the plan', step);
        missing.add(step);
      } else if (target === step) this.#report('plan.self_dependency', 'the step depends on itself', step);
      else {
        children[target]?.push(step);
        waiting[step] = (waiting[step] ?? 0) + 1;
      }
    });
    // Kahn 1962: take away what depends on nothing; what is left stands in or behind a cycle.
    const ready = waiting.flatMap((count, step) => (count === 0 ? [step] : []));
    for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
      waiting[next] = -1;
      for (const child of children[next] ?? []) {
        const left = (waiting[child] ?? 0) - 1;
        waiting[child] = left;
        if (left === 0) ready.push(child);
      }
    }
    const stuck = waiting.findIndex((count) => count > 0);
    if (stuck >= 0) this.#report('plan.cycle', 'steps depend on each other in a circle', stuck);
  }
}

const NONE: PlanProblem[] = [];

const FIELDS = new Set(['id', 'goal', 'context', 'meta', 'steps', 'tool', 'depends_on', 'on_fail']);

/** A field as a message shows it. A name of the plan's own making may be anything, a secret too. */
function fieldName(key: string): string {
  return FIELDS.has(key) ? `\`${key}\`` : 'a further field';
}

function isPlain(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || isArray(value)) return false;
  const parent: unknown = getPrototypeOf(value);
  return parent === prototype || parent === null;
}

function optional(value: unknown, type: string): boolean {
  return value === undefined || typeof value === type;
}
