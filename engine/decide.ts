/** What decides: one walk over the plan finds the rules worth asking, these are asked, and what fired is judged. */
import { beginPlan } from './cel/budget.ts';
import { beginArgs } from './rules/args.ts';
import { DENY, isValid, judge } from './module/judge.ts';
import type { Judgement, Question } from './module/judge.ts';
import { openGuard } from './guard/open-guard.ts';
import { within } from './guard/ranges.ts';
import { tooLong } from './guard/too-long.ts';
import { checkPlan, checkRest, newChecker } from './walk/plan.ts';
import type { Problem } from './walk/plan.ts';
import { describe, describePending, describeProblem } from './messages/report.ts';
import { LATER, MAY_FAIL, NOW, QUIET } from './module/tables.ts';
import type { Entry, Guard, Mode, Tables } from './module/tables.ts';
import { viewOf } from './walk/view.ts';
import type { Decider, PlanLimits, Verdict } from '@plan-lint/runtime/contract';

declare const Map: MapConstructor;
declare const Int32Array: Int32ArrayConstructor;

const NONE: Judgement[] = [];
type Pairs = readonly number[];
const NO_PAIRS: Pairs = [];
const NOT_LONG: readonly (Pairs | null)[] = [];

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
  const guard = openGuard(joined, tables.readings, tables.templates);
  let out = new Int32Array(256);

  /** Room for so many numbers: what does not fit has its rules asked twice. */
  function makeRoom(count: number): void {
    if (count > out.length) out = new Int32Array(count * 2);
  }

  /** Pairs (rule, step) that fired: of the first `asked` candidates, and, unless `partly`, of the entry's rules for whole plans. */
  function firedOf({ check }: Entry, asked: number, question: Question, partly: boolean, mode: Mode): Pairs {
    const { plan, context, now } = question;
    // The same rules asked once more have the same work before them.
    if (mode === QUIET || mode === MAY_FAIL) beginWork();
    makeRoom(asked);
    let count = check(plan, context, now, out, walk.candidates, asked, partly, decisions, mode);
    if (count > out.length) {
      makeRoom(count);
      beginWork();
      count = check(plan, context, now, out, walk.candidates, asked, partly, decisions, mode);
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
  function judged(question: Question, partly: boolean): readonly Judgement[] {
    decisions += 1;
    let judgements = NONE;
    const first = entries[0] as Entry;
    const mode = question.later ? LATER : NOW;
    const long = partly ? NOT_LONG : entries.map((entry) => tooLong(question, entry));
    const isAsked = partly || long.includes(null);
    const ofSteps = isAsked ? firedOf(first, walk.count, question, true, mode) : NO_PAIRS;
    const surely = question.isOpen && ofSteps.length > 0;
    const sureOfSteps = surely ? firedOf(first, walk.count, question, true, QUIET) : ofSteps;
    for (let i = 0; i < entries.length; i += 1) {
      const entry = entries[i] as Entry;
      const alone = long[i] ?? null;
      if (alone !== null) {
        judgements = [...judgements, { ...judge(question, entry, alone), isAlone: true }];
        continue;
      }
      const own = partly ? NO_PAIRS : firedOf(entry, 0, question, false, mode);
      const found = withOwn(entry, ofSteps, own);
      if (found.length === 0) continue;
      const judgement = question.isOpen
        ? openJudgement(question, entry, found, sureOfSteps, own.length > 0)
        : judge(question, entry, found);
      if (judgement === null) continue;
      if (judgements === NONE) judgements = [];
      judgements.push(judgement);
    }
    return judgements;
  }

  /** What an entry says of a plan in which something is not known: what fires whatever that is, and what does not. */
  function openJudgement(
    question: Question,
    entry: Entry,
    found: Pairs,
    sureOfSteps: Pairs,
    ofPlan: boolean,
  ): Judgement | null {
    const own = ofPlan ? firedOf(entry, 0, question, false, QUIET) : NO_PAIRS;
    const sure = withOwn(entry, sureOfSteps, own);
    const open = without(found, sure);
    if (!question.later) {
      const { relaxed } = tables;
      const counted =
        relaxed.length === 0
          ? found
          : without(
              found,
              open.filter((_, i) => relaxed.includes(open[i - (i % 2)] ?? -1)),
            );
      return counted.length === 0 ? null : judge(question, entry, counted, open);
    }
    const mayFail = ofPlan ? firedOf(entry, 0, question, false, MAY_FAIL) : NO_PAIRS;
    return judge(question, entry, sure, NO_PAIRS, { pairs: open, mayFail, own: ofPlan });
  }

  /** What is asked about a plan that has been checked, at least up to the last candidate. */
  function questionOf(plan: unknown, context: unknown, now: number, later: boolean): Question {
    const { unknown } = checker;
    const isOpen = unknown.length > 0;
    const seen = isOpen ? viewOf(plan, unknown, tables.templates) : plan;
    return { tables, plan: seen, context, now, later: later && isOpen, isOpen };
  }

  function evaluated(plan: unknown, context: unknown, now: number, later: boolean): Verdict | null {
    const problems = changed() ?? checkPlan(checker, plan, guard, false);
    if (problems.length > 0) {
      const question = { tables, plan, context, now, later, isOpen: false };
      const violations = problems.map((problem) => describeProblem(question, problem));
      return { status: DENY, risk: 1, violations: () => violations, pending: null };
    }
    const question = questionOf(plan, context, now, later);
    const judgements = judged(question, false);
    return judgements === NONE ? null : verdictOf(question, judgements);
  }

  function allowed(plan: unknown, context: unknown, now: number): boolean {
    if (changed() || checkPlan(checker, plan, guard, true).length > 0) return false;
    // The first step with candidates decides most plans that are refused; then the walk goes on.
    const stopped = walk.count > 0;
    if (!judged(questionOf(plan, context, now, false), stopped).every(isValid)) return false;
    if (!stopped) return true;
    if (checkRest(checker, guard, false).length > 0) return false;
    return judged(questionOf(plan, context, now, false), false).every(isValid);
  }

  return {
    evaluate(plan, context, now, later) {
      begin();
      try {
        return evaluated(plan, context, now, later === true);
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
  const alone = <T>(put: () => T): T => {
    begin();
    try {
      return put();
    } finally {
      busy = false;
    }
  };
  const isComplete = judgements.every(({ pending }) => pending === null || pending.pairs.length === 0);
  return {
    status,
    risk,
    violations: () => alone(() => describe(question, judgements)),
    pending: isComplete ? null : () => alone(() => describePending(question, judgements)),
  };
}

/** The pairs of an entry: those of its rules for whole plans, and of those that fired on steps for any entry, its own. */
function withOwn({ rules }: Entry, ofSteps: readonly number[], own: readonly number[]): readonly number[] {
  if (ofSteps.length === 0) return own;
  return own.concat(ofSteps.filter((_, i) => within(rules, ofSteps[i - (i % 2)] ?? 0)));
}

/** The pairs of a list that are not in another one. */
function without(pairs: Pairs, others: Pairs): Pairs {
  if (others.length === 0) return pairs;
  const taken = new Map<number, Map<number, 1>>();
  for (let i = 0; i < others.length; i += 2) {
    const steps = taken.get(others[i] ?? 0) ?? new Map<number, 1>();
    taken.set(others[i] ?? 0, steps.set(others[i + 1] ?? 0, 1));
  }
  return pairs.filter((_, i) => {
    const at = i - (i % 2);
    return !taken.get(pairs[at] ?? 0)?.has(pairs[at + 1] ?? 0);
  });
}
