import { DEFAULT_LIMITS } from './limits.ts';
import type { PlanLimits } from './limits.ts';
import { eachReference, mayHoldReference } from './references.ts';
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
 * Checks shape, limits and graph of plans (design §3). One checker is used for many plans, one at a time; it keeps
 * its buffers, so that a plan without references and dependencies costs no allocation.
 */
export class PlanChecker {
  readonly #limits: PlanLimits;
  readonly #walk: PlanWalk;
  readonly #indexOf = new Map<string, number>();
  /** Dependencies as pairs: step, step it depends on (by id). */
  #from: number[] = [];
  #to: string[] = [];
  #step = 0;
  #problems: PlanProblem[] = [];

  constructor(limits: Partial<PlanLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    const note = (id: string): void => this.#depend(id);
    this.#walk = new PlanWalk(this.#limits, (text) => {
      if (mayHoldReference(text)) eachReference(text, note);
    });
  }

  /** All problems of a plan; the empty list for a plan that policies may be asked about. */
  check(plan: unknown): readonly PlanProblem[] {
    this.#problems = NONE;
    this.#indexOf.clear();
    if (this.#from.length > 0) {
      this.#from = [];
      this.#to = [];
    }
    this.#walk.reset();
    this.#plan(plan);
    if (this.#problems.length === 0 && this.#from.length > 0) this.#graph();
    this.#indexOf.clear();
    return this.#problems;
  }

  #report(rule: PlanRuleId, message: string, stepIndex = -1): void {
    if (this.#problems === NONE) this.#problems = [];
    this.#problems.push({ rule, message, stepIndex });
  }

  #plan(plan: unknown): void {
    if (!isPlain(plan)) return this.#report('plan.shape', 'a plan is an object with `steps`');
    const { steps } = plan;
    if (!isArray(steps)) return this.#report('plan.shape', '`steps` must be an array');
    if (steps.length > this.#limits.maxSteps) {
      return this.#report(
        'plan.limits',
        `the plan has ${steps.length} steps, more than ${this.#limits.maxSteps}`,
      );
    }
    for (const key in plan) {
      if (key === 'steps') continue;
      // An optional field that is there but undefined is absent, as it is in JSON.
      const problem = plan[key] === undefined ? '' : this.#walk.check(plan[key], 2);
      if (problem !== '') return this.#report('plan.limits', `\`${key}\` ${problem}`);
    }
    if (!optional(plan['id'], 'string') || !optional(plan['goal'], 'string')) {
      return this.#report('plan.shape', '`id` and `goal` must be strings where they are given');
    }
    if (plan['context'] !== undefined && !isPlain(plan['context'])) {
      return this.#report('plan.shape', '`context` must be an object where it is given');
    }
    // References outside the steps bind nothing.
    if (this.#from.length > 0) {
      this.#from = [];
      this.#to = [];
    }
    for (let i = 0; i < steps.length; i += 1) this.#checkStep(steps[i], i);
  }

  #checkStep(step: unknown, i: number): void {
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
    if (!isPlain(args === undefined ? parameters : args)) {
      return this.#report('plan.shape', 'a step needs `args`, an object', i);
    }
    for (const key in step) {
      const problem = step[key] === undefined ? '' : this.#walk.check(step[key], 4);
      if (problem !== '') return this.#report('plan.limits', `\`${key}\` of the step ${problem}`, i);
    }
    if (this.#indexOf.has(id))
      this.#report('plan.duplicate_step', `the step id is taken by step ${this.#indexOf.get(id) ?? 0}`, i);
    this.#indexOf.set(id, i);
    this.#dependsOn(step['depends_on'], i);
  }

  #dependsOn(dependencies: unknown, i: number): void {
    if (dependencies === undefined) return;
    if (!isArray(dependencies))
      return this.#report('plan.shape', '`depends_on` must be an array of step ids', i);
    for (const id of dependencies as readonly unknown[]) {
      if (typeof id === 'string') this.#depend(id);
      else this.#report('plan.shape', '`depends_on` must be an array of step ids', i);
    }
  }

  #depend(id: string): void {
    this.#from.push(this.#step);
    this.#to.push(id);
  }

  /** Every dependency exists, none is the step itself, and there is an order that satisfies all. */
  #graph(): void {
    const steps = this.#indexOf.size;
    const children: number[][] = Array.from({ length: steps }, () => []);
    const waiting = new Array<number>(steps).fill(0);
    this.#from.forEach((step, edge) => {
      const target = this.#indexOf.get(this.#to[edge] ?? '');
      if (target === undefined)
        this.#report('plan.missing_dependency', 'the step refers to a step that is not in the plan', step);
      else if (target === step) this.#report('plan.self_dependency', 'the step depends on itself', step);
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

function isPlain(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || isArray(value)) return false;
  const parent: unknown = getPrototypeOf(value);
  return parent === prototype || parent === null;
}

function optional(value: unknown, type: string): boolean {
  return value === undefined || typeof value === type;
}
