import { foreignInPlan, foreignInStep } from './foreign.ts';
import { checkDependencies, depend, newDependencies, resetDependencies } from './depends.ts';
import type { Dependencies, Message, Report } from './depends.ts';
import { MOST_TOOLS, rowInPlan, rowOf, tidy } from '../guard/open-guard.ts';
import type { OpenGuard } from '../guard/open-guard.ts';
import { holdsOpener, isNameable, readText } from '../text/references.ts';
import { newIds, resetIds, takeId } from './step-ids.ts';
import type { StepIds } from './step-ids.ts';
import { IN_A_NAME, newWalk, resetWalk, tooMany, walkArgs, walkText, walkValue } from './walk.ts';
import type { Fields, Walk } from './walk.ts';
import type { PlanLimits } from '@plan-lint/runtime/contract';

declare const isArray: (value: unknown) => value is readonly unknown[];
declare const isPlain: (value: unknown) => value is Fields;

/** What is wrong with a plan as such, whatever the policies: shape, limits, graph. */
export interface Problem {
  /** Of `plan-lint` itself: `plan.shape` and so on. */
  readonly id: string;
  readonly message: Message;
  readonly stepIndex: number;
}

const DEFAULTS: PlanLimits = {
  maxSteps: 10_000,
  maxDepth: 64,
  maxNodes: 75_000,
  maxDependencies: 50_000,
  maxStringLength: 1_048_576,
};

/**
 * Checks shape, limits and graph of plans (design §3), and notes on the same walk which rules are worth asking. One
 * checker is used for many plans, one at a time; it keeps its buffers, so that a plan without references and
 * dependencies costs no allocation.
 */
export interface Checker {
  readonly walk: Walk;
  readonly ids: StepIds;
  readonly dependencies: Dependencies;
  readonly maxSteps: number;
  readonly maxDependencies: number;
  readonly report: Report;
  steps: readonly unknown[];
  /** The step to be looked at next. */
  next: number;
  /** Steps whose arguments hold what is not known, ascending. */
  unknown: number[];
  problems: Problem[];
}

/**
 * @param wanted - a limit that is not a number from 0 on is the default
 * @param refers - whether arguments may hold references: those of a plan do, those of a call are values
 */
export function newChecker(wanted: Partial<PlanLimits>, refers = true): Checker {
  const limit = (name: keyof PlanLimits): number => {
    const most = wanted[name];
    return most !== undefined && most >= 0 ? most : DEFAULTS[name];
  };
  const limits: PlanLimits = {
    maxSteps: limit('maxSteps'),
    maxDepth: limit('maxDepth'),
    maxNodes: limit('maxNodes'),
    maxDependencies: limit('maxDependencies'),
    maxStringLength: limit('maxStringLength'),
  };
  const onText = (text: string): boolean => {
    if (!refers) return false;
    const read = readText(text);
    if (read === null) return false;
    for (const id of read.ids) noteDependency(checker, id);
    return true;
  };
  const checker: Checker = {
    walk: newWalk(limits, onText, refers),
    ids: newIds(),
    dependencies: newDependencies(),
    maxSteps: limits.maxSteps,
    maxDependencies: limits.maxDependencies,
    report(id, message, stepIndex) {
      if (checker.problems === NONE) checker.problems = [];
      checker.problems.push({ id: `plan.${id}`, message, stepIndex });
    },
    steps: [],
    next: 0,
    unknown: NO_STEPS,
    problems: NONE,
  };
  return checker;
}

/**
 * All problems of a plan; the empty list for a plan that policies may be asked about. The rules worth asking are
 * then in `walk.candidates`. With `early` it may stop behind the first step that has any; `checkRest` does the others.
 */
export function checkPlan(
  checker: Checker,
  plan: unknown,
  guard: OpenGuard,
  early: boolean,
): readonly Problem[] {
  begin(checker, guard);
  // References outside the steps bind nothing.
  checkHead(checker, plan);
  checker.next = 0;
  resetIds(checker.ids, checker.steps.length);
  return checkRest(checker, guard, early);
}

/** Goes on where an early end was; all problems. */
export function checkRest(checker: Checker, guard: OpenGuard, early: boolean): readonly Problem[] {
  const { steps, walk, dependencies, report, maxDependencies } = checker;
  while (checker.next < steps.length) {
    checkStep(checker, steps[checker.next], checker.next, guard);
    checker.next += 1;
    if (early && walk.count > 0) return checker.problems;
  }
  if (dependencies.overflown) report('limits', tooMany(maxDependencies, 'dependencies'), -1);
  if (checker.problems === NONE) checkDependencies(dependencies, steps, report);
  return checker.problems;
}

/** Some steps of a plan that is sound as such, the others unseen. */
export interface SomeSteps {
  readonly plan: { readonly steps: readonly unknown[] };
  /** Which, ascending. */
  readonly places: readonly number[];
}

/** Notes which rules are worth asking of some steps of a plan that is sound as such; whether these are, too. */
export function checkSteps(
  checker: Checker,
  { plan: { steps }, places }: SomeSteps,
  guard: OpenGuard,
): boolean {
  const { walk } = checker;
  begin(checker, guard);
  for (const i of places) {
    const { tool, args, parameters } = steps[i] as Fields;
    checker.next = i;
    walk.reads = walk.refers;
    const handed = args === undefined ? parameters : args;
    if (walkArgs(walk, handed as Fields, rowOf(guard, tool as string), i, guard) !== '') return false;
    noteUnknown(checker, i);
  }
  return true;
}

function begin(checker: Checker, guard: OpenGuard): void {
  checker.problems = NONE;
  checker.steps = [];
  checker.next = -1;
  tidy(guard);
  resetWalk(checker.walk);
  checker.unknown = NO_STEPS;
  resetDependencies(checker.dependencies);
}

function noteUnknown(checker: Checker, i: number): void {
  if (!checker.walk.opened) return;
  if (checker.unknown === NO_STEPS) checker.unknown = [];
  checker.unknown.push(i);
}

function noteDependency({ dependencies, next, maxDependencies }: Checker, id: string): void {
  depend(dependencies, id, next, maxDependencies);
}

/** Everything but the steps; these are then in `steps`. */
function checkHead(checker: Checker, plan: unknown): void {
  const { walk, report, maxSteps } = checker;
  const { steps, id, goal, context }: Fields = isPlain(plan) ? plan : {};
  if (!isPlain(plan) || !isArray(steps))
    return report('shape', 'a plan is an object with `steps`, an array', -1);
  if (steps.length > maxSteps) return report('limits', tooMany(maxSteps, 'steps'), -1);
  for (const key in plan) {
    const foreign = plan[key] === undefined ? '' : foreignInPlan(key);
    if (foreign !== '')
      return report(
        'shape',
        `a member of the plan is one that another reader would take: it looks like ${foreign}`,
        -1,
      );
    // An optional field that is there but undefined is absent, as it is in JSON.
    const problem = key === 'steps' || plan[key] === undefined ? '' : walkValue(walk, plan[key], 2);
    if (problem !== '') return report('limits', `${fieldName(key)} ${problem}`, -1);
  }
  if ((id !== undefined && !isText(id)) || (goal !== undefined && !isText(goal)))
    return report('shape', '`id` and `goal` must be strings', -1);
  if (context !== undefined && !isPlain(context)) return report('shape', '`context` must be an object', -1);
  checker.steps = steps;
}

function checkStep(checker: Checker, given: unknown, i: number, guard: OpenGuard): void {
  const { walk, report } = checker;
  const { id, tool, args, parameters, depends_on: before }: Fields = isPlain(given) ? given : {};
  if (!isPlain(given) || !isText(id) || id === '' || !isText(tool) || tool === '')
    return report('shape', 'a step is an object with `id` and `tool`, which are not empty', i);
  walk.reads = false;
  const tooOdd = walkText(walk, id) || walkText(walk, tool);
  if (tooOdd !== '') return report('limits', `\`id\` or \`tool\` of the step ${tooOdd}`, i);
  const handed = args === undefined ? parameters : args;
  if (!isPlain(handed) || (args !== undefined && parameters !== undefined))
    return report('shape', 'a step has either `args` or `parameters`, an object', i);
  const row = rowInPlan(guard, tool);
  if (row === null) {
    checker.next = checker.steps.length;
    return report('limits', `the plan ${tooMany(MOST_TOOLS, 'different tools')}`, -1);
  }
  if (!row.isName)
    return report(
      'shape',
      '`tool` has invisible characters, look-alikes of ASCII letters, or space around it',
      i,
    );
  if (row.isReference) return report('reference_in_name', '`tool` holds a reference', i);
  walk.reads = walk.refers;
  let problem = walkArgs(walk, handed, row, i, guard);
  if (problem !== '') return refuse(checker, 'args', problem, i);
  noteUnknown(checker, i);
  if (!isNameable(id)) {
    if (holdsOpener(id)) return report('reference_in_name', '`id` holds a reference', i);
    // Another reader of a reference to such a step could find another one.
    return report('shape', 'no reference can name `id`', i);
  }
  for (const key in given) {
    if (key === 'args' || key === 'parameters' || key === 'id' || key === 'tool') continue;
    const value = given[key];
    const foreign = value === undefined ? '' : foreignInStep(key, value, tool);
    if (foreign !== '')
      return report(
        'shape',
        `a member of the step is one that another reader would run: it looks like ${foreign}`,
        i,
      );
    problem = value === undefined ? '' : walkValue(walk, value, 4);
    if (problem !== '') return refuse(checker, key, problem, i);
  }
  const taken = takeId(checker.ids, id, i, checker.steps);
  if (taken >= 0) report('duplicate_step', `the step id is taken by step ${taken + 1}`, i);
  if (before === undefined) return;
  if (!isArray(before) || !before.every(isText))
    return report('shape', '`depends_on` must be an array of step ids', i);
  for (const dependency of before) noteDependency(checker, dependency);
}

/** What is the matter with a field of a step: more than may be, or what no name may hold. */
function refuse({ report, walk }: Checker, key: string, problem: string, i: number): void {
  walk.reads = false;
  if (problem === IN_A_NAME) report('reference_in_name', `${fieldName(key)} of the step ${problem}`, i);
  else report('limits', `${fieldName(key)} of the step ${problem}`, i);
}

const NONE: Problem[] = [];
const NO_STEPS: number[] = [];

const FIELDS = ['id', 'goal', 'context', 'meta', 'steps', 'tool', 'depends_on', 'on_fail', 'args'];

/** A field as a message shows it. A name of the plan's own making may be anything, a secret too. */
function fieldName(key: string): string {
  return FIELDS.includes(key) ? `\`${key}\`` : 'a further field';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
