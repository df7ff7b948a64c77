/** What decides: one walk over the plan finds the rules worth asking, these are asked, and what fired is judged. */
import { beginPlan } from './cel/budget.ts';
import { beginArgs } from './rules/args.ts';
import { DENY, isValid, judge } from './module/judge.ts';
import type { Judgement, Question } from './module/judge.ts';
import { openGuard } from './guard/open-guard.ts';
import { checkPlan, checkRest, newChecker } from './walk/plan.ts';
import type { Problem } from './walk/plan.ts';
import { describe, describeProblem } from './messages/report.ts';
import type { Entry, Guard, Tables } from './module/tables.ts';
import type { Decider, PlanLimits, Verdict } from '@plan-lint/runtime/contract';

declare const Int32Array: Int32ArrayConstructor;

const NONE: Judgement[] = [];
const NO_PAIRS: readonly number[] = [];

/** Counts what entries were asked: those that are asked with the same number may share what they find in a plan. */
let decisions = 0;

/** A plan is being decided or put into words. Buffers and what conditions ask about are there once for all policies of a module. */
let busy = false;
const BUSY = { message: 'a plan is being decided' };

/**
 * Begins with a plan. A getter of a plan or of a context that asks about another plan meanwhile would have this one decided
 * with the other one's findings, so it gets an error, and this one an answer.
 */
function begin(): void {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- `Error` is a global, and a module has no free name
  if (busy) throw BUSY;
  busy = true;
  beginWork();
}

/** What is asked anew has the same budgets, so that it has the same answers. */
function beginWork(): void {
  beginPlan();
  beginArgs();
}

/** @param joined - the guards of the entries as one */
export function decider(
  tables: Tables,
  entries: readonly Entry[],
  joined: Guard,
  limits: Partial<PlanLimits>,
): Decider {
  const checker = newChecker(limits);
  const { walk } = checker;
  const guard = openGuard(joined, tables.readings);
  let out = new Int32Array(256);

  /** Pairs (rule, step) that fired: of the first `asked` candidates, and, unless `partly`, of the entry's rules for whole plans. */
  function firedOf(
    { check }: Entry,
    asked: number,
    plan: unknown,
    context: unknown,
    now: number,
    partly: boolean,
  ): readonly number[] {
    let count = check(plan, context, now, out, walk.candidates, asked, partly, decisions);
    if (count > out.length) {
      out = new Int32Array(count * 2);
      beginWork();
      count = check(plan, context, now, out, walk.candidates, asked, partly, decisions);
    }
    if (count === 0) return NO_PAIRS;
    const fired: number[] = [];
    for (let i = 0; i < count; i += 1) fired.push(out[i] ?? 0);
    return fired;
  }

  /**
   * What the entries say of the candidates of the last walk; those of which nothing fired say nothing. Each
   * candidate is asked once, whatever the number of entries.
   */
  function judged(plan: unknown, context: unknown, now: number, partly: boolean): readonly Judgement[] {
    decisions += 1;
    let judgements = NONE;
    const ofSteps = firedOf(entries[0] as Entry, walk.count, plan, context, now, true);
    for (const entry of entries) {
      const own = partly ? NO_PAIRS : firedOf(entry, 0, plan, context, now, false);
      const found = withOwn(entry, ofSteps, own);
      if (found.length === 0) continue;
      if (judgements === NONE) judgements = [];
      judgements.push(judge({ tables, plan, context, now }, entry, found));
    }
    return judgements;
  }

  function evaluated(plan: unknown, context: unknown, now: number): Verdict | null {
    const problems = changed() ?? checkPlan(checker, plan, guard, false);
    if (problems.length > 0) {
      const violations = problems.map((problem) => describeProblem({ tables, plan, context, now }, problem));
      return { status: DENY, risk: 1, violations: () => violations };
    }
    const judgements = judged(plan, context, now, false);
    return judgements === NONE ? null : verdictOf({ tables, plan, context, now }, judgements);
  }

  function allowed(plan: unknown, context: unknown, now: number): boolean {
    if (changed() || checkPlan(checker, plan, guard, true).length > 0) return false;
    // The first step with candidates decides most plans that are refused; then the walk goes on.
    const stopped = walk.count > 0;
    if (!judged(plan, context, now, stopped).every(isValid)) return false;
    if (!stopped) return true;
    return checkRest(checker, guard, false).length === 0 && judged(plan, context, now, false).every(isValid);
  }

  return {
    evaluate(plan, context, now) {
      begin();
      try {
        return evaluated(plan, context, now);
      } finally {
        busy = false;
      }
    },
    allows(plan, context, now) {
      begin();
      try {
        return allowed(plan, context, now);
      } finally {
        busy = false;
      }
    },
  };
}

const EMPTY: object = {};

/** What every object inherits would be found on every plan. */
function changed(): readonly Problem[] | null {
  for (const key in EMPTY) {
    const message = `every object inherits \`${key}\`: a built-in object was changed`;
    return [{ id: 'runtime.polluted', message, stepIndex: -1 }];
  }
  return null;
}

/** What one or more entries say: the strongest counts. */
function verdictOf(question: Question, judgements: readonly Judgement[]): Verdict {
  let status = 0;
  let risk = 0;
  for (const judgement of judgements) {
    if (judgement.status > status) status = judgement.status;
    if (judgement.risk > risk) risk = judgement.risk;
  }
  return {
    status,
    risk,
    violations() {
      begin();
      try {
        return describe(question, judgements);
      } finally {
        busy = false;
      }
    },
  };
}

/** The pairs of an entry: those of its rules for whole plans, and of those that fired on steps for any entry, its own. */
function withOwn({ rules }: Entry, ofSteps: readonly number[], own: readonly number[]): readonly number[] {
  if (ofSteps.length === 0) return own;
  return own.concat(ofSteps.filter((_, i) => within(rules, ofSteps[i - (i % 2)] ?? 0)));
}

/** Whether a number is within one of the ranges, pairs of the first number and the one behind the last. */
function within(ranges: readonly number[], index: number): boolean {
  let at = 0;
  while (at < ranges.length && index >= (ranges[at + 1] ?? 0)) at += 2;
  return index >= (ranges[at] ?? Infinity);
}
