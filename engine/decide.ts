/** What decides: one walk over the plan finds the rules worth asking, these are asked, and what fired is judged. */
import { DENY, isValid, judge } from './module/judge.ts';
import type { Judgement, Subject } from './module/judge.ts';
import { LATER, MAY_FAIL, newQuestion, NOW, QUIET } from './module/question.ts';
import type { Mode, Question } from './module/question.ts';
import { openGuard, openMuted } from './guard/open-guard.ts';
import type { OpenGuard } from './guard/open-guard.ts';
import { within } from './guard/ranges.ts';
import { tooLong } from './guard/too-long.ts';
import { inherited } from './walk/inherited.ts';
import { checkPlan, checkRest, checkSteps, newChecker } from './walk/plan.ts';
import type { Problem, SomeSteps } from './walk/plan.ts';
import { describe, describePending, describeProblem } from './messages/report.ts';
import type { Entry, Guard, Tables } from './module/tables.ts';
import { beginWork } from './work.ts';
import { refillSteps } from './whole-plan/ask.ts';
import { viewOf } from './walk/view.ts';
import type { Decider, PlanLimits, Verdict } from '@plan-lint/runtime/contract';

declare const Map: MapConstructor;
declare const Int32Array: Int32ArrayConstructor;

const NONE: Judgement[] = [];
type Pairs = readonly number[];
const NO_PAIRS: Pairs = [];
const NOT_LONG: readonly (Pairs | null)[] = [];

const BUSY = { message: 'a plan is being decided' };

/**
 * Nothing it remembers is shared: as many may decide with one module as there are runs and services, one plan each at a time.
 *
 * @param joined - the guards of the entries as one
 */
export function decider(
  tables: Tables,
  entries: readonly Entry[],
  joined: Guard,
  limits: Partial<PlanLimits>,
): StepsDecider {
  const checker = newChecker(limits);
  const { walk } = checker;
  const guard = openGuard(joined, tables.readings, tables.templates);
  const muted = openMuted(tables.templates);
  const question = newQuestion();
  /** A plan is being decided or put into words. */
  let busy = false;

  /**
   * Decides a plan, or puts into words what fired. A getter of a plan or of a context that asks about another plan meanwhile
   * would have this one decided with the other one's findings, so it gets an error, and this one an answer.
   */
  function alone<Answer>(put: () => Answer): Answer {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- `Error` is a global, and a module has no free name
    if (busy) throw BUSY;
    busy = true;
    beginWork(question);
    try {
      return put();
    } finally {
      busy = false;
    }
  }

  /** Sets the question to ask about a plan. */
  function pose({ plan, context, now }: Subject): void {
    question.plan = plan;
    question.context = context;
    question.now = now;
  }

  /** Room for so many numbers: what does not fit has its rules asked twice. */
  function makeRoom(count: number): void {
    if (count > question.fired.length) question.fired = new Int32Array(count * 2);
  }

  /** Pairs (rule, step) that fired of the first `asked` numbers of some. */
  function firedOf(entry: Entry, candidates: Int32Array, asked: number, mode: Mode): Pairs {
    question.candidates = candidates;
    question.asked = asked;
    question.asksPlan = false;
    return found(entry, mode);
  }

  /** The same of the entry's rules about the plan as a whole. */
  function firedOfPlan(entry: Entry, mode: Mode): Pairs {
    question.asked = 0;
    question.asksPlan = true;
    // The same rules asked once more have the same steps before them.
    if (mode === QUIET || mode === MAY_FAIL) refillSteps(question);
    return found(entry, mode);
  }

  function found({ check }: Entry, mode: Mode): Pairs {
    question.mode = mode;
    question.count = 0;
    makeRoom(question.asked);
    check(question);
    if (question.count > question.fired.length) {
      makeRoom(question.count);
      question.count = 0;
      beginWork(question);
      check(question);
    }
    const { fired, count } = question;
    if (count === 0) return NO_PAIRS;
    const pairs: number[] = [];
    for (let i = 0; i < count; i += 1) pairs.push(fired[i] ?? 0);
    return pairs;
  }

  /**
   * What the entries say of the candidates of the last walk; those of which nothing fired say nothing. Each
   * candidate is asked once, whatever the number of entries.
   */
  function judged(subject: Subject, partly: boolean): readonly Judgement[] {
    pose(subject);
    question.facts = null;
    let judgements = NONE;
    const first = entries[0] as Entry;
    const mode = subject.later ? LATER : NOW;
    const long = partly ? NOT_LONG : entries.map((entry) => tooLong(subject, entry));
    const isAsked = partly || long.includes(null);
    const ofSteps = isAsked ? firedOf(first, walk.candidates, walk.count, mode) : NO_PAIRS;
    const surely = subject.isOpen && ofSteps.length > 0;
    // What is quiet while values are not known is quiet whatever they are; the others share one budget with the first time.
    const sureOfSteps = surely ? firedOf(first, new Int32Array(ofSteps), ofSteps.length, QUIET) : ofSteps;
    for (let i = 0; i < entries.length; i += 1) {
      const entry = entries[i] as Entry;
      const ofLength = long[i] ?? null;
      if (ofLength !== null) {
        judgements = [...judgements, { ...judge(subject, entry, ofLength), isAlone: true }];
        continue;
      }
      const own = partly ? NO_PAIRS : firedOfPlan(entry, mode);
      const fired = withOwn(entry, ofSteps, own);
      if (fired.length === 0) continue;
      const judgement = subject.isOpen
        ? openJudgement(subject, entry, { fired, sureOfSteps, ofPlan: own.length > 0 })
        : judge(subject, entry, fired);
      if (judgement === null) continue;
      if (judgements === NONE) judgements = [];
      judgements.push(judgement);
    }
    return judgements;
  }

  /** What an entry says of a plan in which something is not known: what fires whatever that is, and what does not. */
  function openJudgement(
    subject: Subject,
    entry: Entry,
    { fired, sureOfSteps, ofPlan }: Fired,
  ): Judgement | null {
    const own = ofPlan ? firedOfPlan(entry, QUIET) : NO_PAIRS;
    const sure = withOwn(entry, sureOfSteps, own);
    const open = without(fired, sure);
    if (subject.later) {
      const mayFail = ofPlan ? firedOfPlan(entry, MAY_FAIL) : NO_PAIRS;
      return judge(subject, entry, sure, NO_PAIRS, { pairs: open, mayFail, own: ofPlan });
    }
    const { relaxed } = tables;
    const quieted = open.filter((_, i) => relaxed.includes(open[i - (i % 2)] ?? -1));
    const counted = without(fired, quieted);
    return counted.length === 0 ? null : judge(subject, entry, counted, open);
  }

  /** What is asked about a plan that has been checked, at least up to the last candidate. */
  function subjectOf(plan: unknown, context: unknown, now: number, later: boolean): Subject {
    const { unknown } = checker;
    const isOpen = unknown.length > 0;
    const seen = isOpen ? viewOf(plan, unknown, tables.templates) : plan;
    return { tables, plan: seen, context, now, later: later && isOpen, isOpen };
  }

  /** Whether every entry denies the plan for its length alone: then no rule is asked, and no text has to be looked at for one. */
  function isTooLong(plan: unknown, context: unknown, now: number): boolean {
    const subject = { tables, plan, context, now, later: false, isOpen: false };
    return entries.every((entry) => tooLong(subject, entry) !== null);
  }

  function evaluated(plan: unknown, context: unknown, now: number, later: boolean): Verdict | null {
    const problems =
      changed() ?? checkPlan(checker, plan, isTooLong(plan, context, now) ? muted : guard, false);
    if (problems.length > 0) {
      const subject = { tables, plan, context, now, later, isOpen: false };
      const violations = problems.map((problem) => describeProblem(subject, problem));
      return { status: DENY, risk: 1, violations: () => violations, pending: null };
    }
    const subject = subjectOf(plan, context, now, later);
    const judgements = judged(subject, false);
    return judgements === NONE ? null : verdictOf(subject, judgements);
  }

  /** `undefined` where a rule looks at more than its step. */
  function decidedBySteps(
    { plan, places, looksAtPlan }: StepsQuestion,
    { context, now, later }: Asker,
  ): Verdict | null | undefined {
    if (!checkSteps(checker, { plan, places }, guard)) return undefined;
    for (let i = 0; i < walk.count; i += 2) if (looksAtPlan.has(walk.candidates[i] ?? -1)) return undefined;
    const subject = subjectOf(plan, context, now, later);
    const judgements = judged(subject, true);
    return judgements === NONE ? null : verdictOf(subject, judgements);
  }

  function allowed(plan: unknown, context: unknown, now: number): boolean {
    if (changed() || isTooLong(plan, context, now)) return false;
    if (checkPlan(checker, plan, guard, true).length > 0) return false;
    // The first step with candidates decides most plans that are refused; then the walk goes on.
    const stopped = walk.count > 0;
    if (!judged(subjectOf(plan, context, now, false), stopped).every(isValid)) return false;
    if (!stopped) return true;
    if (checkRest(checker, guard, false).length > 0) return false;
    return judged(subjectOf(plan, context, now, false), false).every(isValid);
  }

  /** What one or more entries say: the strongest counts. */
  function verdictOf(subject: Subject, judgements: readonly Judgement[]): Verdict {
    let status = 0;
    let risk = 0;
    for (const judgement of judgements) {
      if (judgement.status > status) status = judgement.status;
      if (judgement.risk > risk) risk = judgement.risk;
    }
    const told = <Findings>(
      put: (subject: Subject, judgements: readonly Judgement[], question: Question) => Findings,
    ): Findings =>
      alone(() => {
        pose(subject);
        return put(subject, judgements, question);
      });
    const isComplete = judgements.every(({ pending }) => pending === null || pending.pairs.length === 0);
    return {
      status,
      risk,
      violations: () => told(describe),
      pending: isComplete ? null : () => told(describePending),
    };
  }

  return {
    evaluate: (plan, context, now, later) => alone(() => evaluated(plan, context, now, later === true)),
    allows: (plan, context, now) => alone(() => allowed(plan, context, now)),
    guard,
    decideSteps: (asked, context, now, later) => alone(() => decidedBySteps(asked, { context, now, later })),
  };
}

/** Some steps of a plan of which all others are known to make no rule fire. */
export interface StepsQuestion extends SomeSteps {
  /** Rules that look at more than their step. */
  readonly looksAtPlan: ReadonlyMap<number, boolean>;
}

interface Asker {
  readonly context: unknown;
  readonly now: number;
  readonly later: boolean;
}

/** Decides by some steps too. */
export interface StepsDecider extends Decider {
  readonly guard: OpenGuard;
  /** What `evaluate` says of the plan; `undefined` where it takes more than these steps to tell. */
  readonly decideSteps: (
    asked: StepsQuestion,
    context: unknown,
    now: number,
    later: boolean,
  ) => Verdict | null | undefined;
}

/** What fired for an entry of a plan in which something is not known. */
interface Fired {
  readonly fired: Pairs;
  /** What fires on steps whatever that is. */
  readonly sureOfSteps: Pairs;
  /** Whether rules about the plan as a whole are among it. */
  readonly ofPlan: boolean;
}

/** What every object inherits would be found on every plan. */
function changed(): readonly Problem[] | null {
  const key = inherited();
  if (key === null) return null;
  const message = `every object inherits \`${key}\`: a built-in object was changed`;
  return [{ id: 'runtime.polluted', message, stepIndex: -1 }];
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
