import { Dependencies } from './graph.ts';
import type { OpenGuard } from './guard.ts';
import { StepIds } from './ids.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { PlanLimits } from './limits.ts';
import type { PlanRule, Problem, Report } from './problem.ts';
import { references } from './references.ts';
import { isPlain, PlanWalk, tooMany } from './walk.ts';
import type { Fields } from './walk.ts';

const { isArray } = Array;

/**
 * Checks shape, limits and graph of plans (design §3), and notes on the same walk which rules are worth asking. One
 * checker is used for many plans, one at a time; it keeps its buffers, so that a plan without references and
 * dependencies costs no allocation.
 */
export class PlanChecker {
  readonly walk: PlanWalk;
  readonly #limits: PlanLimits;
  readonly #ids = new StepIds();
  readonly #dependencies = new Dependencies();
  readonly #report: Report;
  #steps: readonly unknown[] = [];
  /** The step to be looked at next. */
  #next = 0;
  #problems: Problem[] = NONE;

  constructor(limits: Partial<PlanLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    const depend = (id: string): void => this.#depend(id);
    this.walk = new PlanWalk(this.#limits, (text) => references(text, depend));
    this.#report = (rule, message, stepIndex) => {
      if (this.#problems === NONE) this.#problems = [];
      this.#problems.push({ rule: `plan.${rule}`, message, stepIndex });
    };
  }

  /**
   * All problems of a plan; the empty list for a plan that policies may be asked about. The rules worth asking are
   * then in `walk.candidates`. With `early` it may stop behind the first step that has any; `rest` does the others.
   */
  check(plan: unknown, guard: OpenGuard, early: boolean): readonly Problem[] {
    this.#problems = NONE;
    this.#steps = [];
    this.#next = -1;
    guard.tidy();
    this.walk.reset();
    this.#head(plan);
    // References outside the steps bind nothing.
    this.#dependencies.reset();
    this.#next = 0;
    this.#ids.reset(this.#steps.length);
    return this.rest(guard, early);
  }

  /** Goes on where an early end was; all problems. */
  rest(guard: OpenGuard, early = false): readonly Problem[] {
    const steps = this.#steps;
    while (this.#next < steps.length) {
      this.#step(steps[this.#next], this.#next, guard);
      this.#next += 1;
      if (early && this.walk.count > 0) return this.#problems;
    }
    if (this.#dependencies.overflown)
      this.#report('limits', tooMany(this.#limits.maxDependencies, 'dependencies'), -1);
    if (this.#problems === NONE) this.#dependencies.check(steps, this.#report);
    return this.#problems;
  }

  #depend(id: string): void {
    this.#dependencies.note(id, this.#next, this.#limits.maxDependencies);
  }

  /** Everything but the steps; these are then in `#steps`. */
  #head(plan: unknown): void {
    const refuse = (problem: string, rule: PlanRule = 'shape'): void => this.#report(rule, problem, -1);
    const { steps, id, goal, context }: Fields = isPlain(plan) ? plan : {};
    const { maxSteps } = this.#limits;
    if (!isPlain(plan) || !isArray(steps)) return refuse('a plan is an object with `steps`, an array');
    if (steps.length > maxSteps) return refuse(tooMany(maxSteps, 'steps'), 'limits');
    for (const key in plan) {
      // An optional field that is there but undefined is absent, as it is in JSON.
      const problem = key === 'steps' || plan[key] === undefined ? '' : this.walk.check(plan[key], 2);
      if (problem !== '') return refuse(`${fieldName(key)} ${problem}`, 'limits');
    }
    if ((id !== undefined && !isText(id)) || (goal !== undefined && !isText(goal)))
      return refuse('`id` and `goal` must be strings');
    if (context !== undefined && !isPlain(context)) return refuse('`context` must be an object');
    this.#steps = steps;
  }

  #step(step: unknown, i: number, guard: OpenGuard): void {
    const report = this.#report;
    const { id, tool, args, parameters, depends_on: before }: Fields = isPlain(step) ? step : {};
    if (!isPlain(step) || !isText(id) || id === '' || !isText(tool) || tool === '')
      return report('shape', 'a step is an object with `id` and `tool`, which are not empty', i);
    const given = args === undefined ? parameters : args;
    if (!isPlain(given) || (args !== undefined && parameters !== undefined))
      return report('shape', 'a step has either `args` or `parameters`, an object', i);
    const row = guard.rowOf(tool);
    if (!row.isName)
      return report(
        'shape',
        '`tool` has invisible characters, look-alikes of ASCII letters, or space around it',
        i,
      );
    let problem = this.walk.args(given, row, i, guard);
    if (problem !== '') return report('limits', `\`args\` of the step ${problem}`, i);
    for (const key in step) {
      const value = step[key];
      if (key === 'args' || key === 'parameters' || value === undefined) continue;
      problem = this.walk.check(value, 4);
      if (problem !== '') return report('limits', `${fieldName(key)} of the step ${problem}`, i);
    }
    const taken = this.#ids.take(id, i, this.#steps);
    if (taken >= 0) report('duplicate_step', `the step id is taken by step ${taken}`, i);
    if (before === undefined) return;
    if (!isArray(before) || !before.every(isText))
      return report('shape', '`depends_on` must be an array of step ids', i);
    for (const dependency of before as readonly string[]) this.#depend(dependency);
  }
}

const NONE: Problem[] = [];

const FIELDS = ['id', 'goal', 'context', 'meta', 'steps', 'tool', 'depends_on', 'on_fail'];

/** A field as a message shows it. A name of the plan's own making may be anything, a secret too. */
function fieldName(key: string): string {
  return FIELDS.includes(key) ? `\`${key}\`` : 'a further field';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
