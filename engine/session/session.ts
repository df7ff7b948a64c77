/** Decides call by call: each as the next step of what was admitted before. */
import { describeProblem, violationFor } from '../messages/report.ts';
import { DENY } from '../module/judge.ts';
import type { Subject } from '../module/judge.ts';
import { beginWork } from '../work.ts';
import { newQuestion, NOW } from '../module/question.ts';
import type { AskedStep, Question } from '../module/question.ts';
import { openRow } from '../module/rows.ts';
import type { Entry, Tables } from '../module/tables.ts';
import { newFacts } from '../whole-plan/facts.ts';
import { checkPlan, newChecker } from '../walk/plan.ts';
import type { Checker, Problem } from '../walk/plan.ts';
import type { OpenGuard } from '../guard/open-guard.ts';
import { within } from '../guard/ranges.ts';
import { copyOf, sizeOf } from './copy.ts';
import { newReserve, plannedOf } from './reserve.ts';
import { CONDITION, OBLIGATION } from './rows.ts';
import type { LookAt } from './results.ts';
import type { ConditionRow, OnlineRow, ResultRow } from './rows.ts';
import type { Call, Debt, OnlineRule, Planned, RuleState } from './online.ts';
import { verdictOf } from './verdict.ts';
import type { Found } from './verdict.ts';
import type {
  AskedCall,
  CallVerdict,
  Kept,
  Outcome,
  Owed,
  PlanLimits,
  ResultVerdict,
  SessionState,
  Violation,
} from '@plan-lint/runtime/contract';

declare const Map: MapConstructor;
declare const Int32Array: Int32ArrayConstructor;

/** Tools of which it is remembered which rules are told of them. */
const MOST_TOOLS = 1_024;

const PASS: CallVerdict = { status: 0, risk: 0, callRisk: 0, violations: [], approvals: [] };
/** What a plan says beside its steps, where there is one. */
export type Head = Readonly<Record<string, unknown>>;
const NO_FINDINGS: readonly Found[] = [];
const BUSY = { message: 'a call is being decided' };

/** A rule of the session and what it keeps. */
interface Member {
  readonly row: OnlineRow;
  readonly state: RuleState;
}

/** A call that was admitted and has not ended. */
interface InFlight {
  readonly step: AskedStep;
  /** How many calls were admitted before. */
  readonly place: number;
  /** By rule, what it wants back when the call ends. */
  readonly kept: readonly (readonly [member: number, kept: Kept])[];
}

/** What all sessions of these entries share. */
export interface Setup {
  readonly tables: Tables;
  readonly entries: readonly Entry[];
  readonly guard: OpenGuard;
  readonly limits: Partial<PlanLimits>;
  readonly online: readonly OnlineRow[];
  readonly conditions: readonly ConditionRow[];
  /** Asked of what calls give. */
  readonly ofResults: readonly ResultRow[];
  /** `null` where nothing is asked of them. */
  readonly look: LookAt | null;
  /** Conditions look at the calls before. */
  readonly keepsTrace: boolean;
}

export const idOf = (tables: Tables, index: number): string => openRow(tables.rules[index])?.id ?? '';

export function openSession(setup: Setup, context: unknown, saved: Kept, head: Head): SessionState {
  const { tables, entries, guard, conditions } = setup;
  const [states = null, flying = [], trace = [], fired = null, before = 0, characters = 0] = (saved ??
    []) as readonly [
    (readonly Kept[] | null)?,
    (readonly Kept[])?,
    (readonly Kept[])?,
    (readonly (readonly number[])[] | null)?,
    number?,
    number?,
  ];
  const checker: Checker = newChecker(setup.limits, false);
  const question = newQuestion();
  const members: readonly Member[] = setup.online.map((row, i) => {
    return { row, state: row[2].open(states?.[i] ?? null, [context, head['context']]) };
  });
  const fences = members.filter(({ row }) => row[2].isFence === true);
  /** By tool, the members that are told of its calls. */
  const concerned = new Map<string, readonly number[]>();
  const inFlight = new Map<string, InFlight>();
  question.context = context;
  const reserve = newReserve(question, setAside);
  const steps: AskedStep[] = [];
  /** By entry, the rules that have fired on admitted calls and were not approved. */
  const risks = entries.map((_, i) => {
    const rules = new Map<number, 1>();
    for (const rule of fired?.[i] ?? []) rules.set(rule, 1);
    return rules;
  });
  let calls = before;
  let size = characters;
  let busy = false;
  restore();

  function restore(): void {
    for (const one of trace) {
      const [id, tool, args] = one as readonly [string, string, unknown];
      steps.push({ id, tool, args });
    }
    for (const one of flying) {
      const [id, tool, kept, place = -1] = one as readonly [string, string, InFlight['kept'], number?];
      inFlight.set(id, { step: steps.find((step) => step.id === id) ?? { id, tool }, place, kept });
    }
  }

  /** A getter of an argument that asks about another call meanwhile would have this one decided in the midst of that. */
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

  function concernedBy(tool: string): readonly number[] {
    let told = concerned.get(tool);
    if (told === undefined) {
      const all: number[] = [];
      members.forEach(({ row }, i) => {
        if (row[2].concerns(tool)) all.push(i);
      });
      if (concerned.size >= MOST_TOOLS) concerned.clear();
      concerned.set(tool, (told = all));
    }
    return told;
  }

  function subjectOf(plan: unknown, now: number): Subject {
    question.plan = plan;
    question.context = context;
    question.now = now;
    question.mode = NOW;
    question.facts = null;
    question.asksPlan = false;
    question.count = 0;
    return { tables, plan, context, now, later: false, isOpen: false };
  }

  /** Asks the conditions about all calls together; `kind` says which of them. */
  function askConditions(kind: number, found: readonly Found[]): readonly Found[] {
    let all = found;
    for (const [index, own, fires] of conditions) {
      if (own === kind && holds(fires, question)) all = [...all, { index, at: -1, cause: null }];
    }
    return all;
  }

  function setAside(planned: Planned, sign: 1 | -1): void {
    for (const i of concernedBy(planned.step.tool)) members[i]?.state.reserve?.(planned, sign);
  }

  function call(
    { id, tool, args, reads, sources = null, settled, planned }: AskedCall,
    now: number,
  ): CallVerdict {
    const step = { id, tool, args };
    const plan = { steps: [step] };
    const problems = checkPlan(checker, plan, guard, false);
    if (problems.length > 0) return refused(problems, subjectOf(plan, now));
    const barred = fences.length === 0 ? null : barredBy(tool);
    if (barred !== null) return refused([barred], subjectOf(plan, now));
    const at = setup.keepsTrace ? steps.length : 0;
    if (setup.keepsTrace) steps.push(step);
    try {
      return decided(
        step,
        at,
        { settled, reads, sources, planned },
        subjectOf(setup.keepsTrace ? { ...head, steps } : plan, now),
      );
    } finally {
      // One that was admitted has ended up in its place.
      if (steps[at] === step) steps.pop();
    }
  }

  function refused(problems: readonly Problem[], subject: Subject): CallVerdict {
    const violations = problems.map((problem) => placed(describeProblem(subject, problem)));
    return { status: DENY, risk: 1, callRisk: 1, violations, approvals: [] };
  }

  /** What must follow first, where a rule admits nothing else until then. */
  function barredBy(tool: string): Problem | null {
    for (const { row, state } of fences) {
      const debt = state.bars?.(tool) ?? null;
      if (debt === null) continue;
      const message = `${owes(debt, row[2])} before \`${shownText(tool)}\` may be called: the rule \`${idOf(tables, row[0])}\``;
      return { id: 'session.owed', stepIndex: 0, message };
    }
    return null;
  }

  const shownText = (text: string): string => (tables.secret(text) ? '[secret]' : text);

  function owes({ tool }: Debt, rule: OnlineRule): string {
    return `\`${shownText(tool)}\` must be followed by ${rule.owes ?? ''}`;
  }

  function decided(
    step: AskedStep,
    at: number,
    {
      settled,
      reads,
      sources,
      planned,
    }: Pick<AskedCall, 'settled' | 'reads' | 'planned'> & Pick<Call, 'sources'>,
    subject: Subject,
  ): CallVerdict {
    const asked: Call = {
      step,
      facts: newFacts({ steps: [step] }, context),
      question,
      reads,
      sources,
      place: calls,
      now: subject.now,
      planned: planned && plannedOf(planned, question),
    };
    let found = askConditions(CONDITION, stepFindings(at));
    const told = concernedBy(step.tool);
    for (const i of told) {
      const { row, state } = members[i] as Member;
      if (!state.fires(asked)) continue;
      const [index] = row;
      found = [...found, { index, at: row[3] === 1 ? -1 : at, cause: state.why(asked, tables.secret) }];
    }
    if (found.length === 0) {
      admit(asked, at, told);
      return PASS;
    }
    const { verdict, counted } = verdictOf({ subject, entries, question, risks }, found, settled);
    const said = { ...verdict, violations: verdict.violations.map(placed) };
    if (verdict.status < 2) {
      admit(asked, at, told);
      counted.forEach((rules, i) => {
        for (const rule of rules) risks[i]?.set(rule, 1);
      });
    }
    return said;
  }

  /** What rules about one step say of the call. */
  function stepFindings(at: number): readonly Found[] {
    const { walk } = checker;
    if (walk.count === 0) return NO_FINDINGS;
    for (let i = 1; i < walk.count; i += 2) walk.candidates[i] = at;
    question.candidates = walk.candidates;
    question.asked = walk.count;
    // Each candidate fires once at most.
    if (walk.count > question.fired.length) question.fired = new Int32Array(walk.count * 2);
    (entries[0] as Entry).check(question);
    const found: Found[] = [];
    for (let i = 0; i < question.count; i += 2)
      found.push({ index: question.fired[i] ?? 0, at, cause: null });
    return found;
  }

  /** The place of a call is that among the admitted ones. */
  function placed(violation: Violation): Violation {
    return violation.stepIndex < 0 ? violation : { ...violation, stepIndex: calls };
  }

  function admit(asked: Call, at: number, told: readonly number[]): void {
    const { id, tool, args } = asked.step;
    const kept: (readonly [number, Kept])[] = [];
    for (const i of told) {
      const one = (members[i] as Member).state.admit(asked);
      kept.push([i, one]);
      size += sizeOf(one);
    }
    let step: AskedStep = { id, tool };
    if (setup.keepsTrace) {
      step = { id, tool, args: copyOf(args) };
      steps[at] = step;
      size += sizeOf(args);
    }
    size += id.length + tool.length;
    inFlight.set(id, { step, place: calls, kept });
    calls += 1;
  }

  function end(id: string, outcome: Outcome, given: unknown): ResultVerdict {
    const flight = inFlight.get(id);
    if (!flight) return { result: given, isBlocked: false, violations: [] };
    inFlight.delete(id);
    const verdict = lookedAt(flight, given);
    const { result } = verdict;
    for (const [i, kept] of flight.kept) {
      try {
        members[i]?.state.end(kept, { id, outcome, result });
      } catch {
        // A result with a getter that throws says nothing that could be looked for; no other rule is left untold.
        members[i]?.state.end(kept, { id, outcome, result: undefined });
      }
    }
    if (outcome !== 'not_started') return verdict;
    calls -= 1;
    const at = steps.indexOf(flight.step);
    if (at >= 0) steps.splice(at, 1);
    return verdict;
  }

  /** What of a result may be handed on; rules of the session are told of that alone. */
  function lookedAt({ step, place }: InFlight, result: unknown): ResultVerdict {
    const rules = setup.ofResults.filter(([, , covers]) => covers(step.tool));
    if (setup.look === null || rules.length === 0 || result === undefined)
      return { result, isBlocked: false, violations: [] };
    const { kept, isBlocked, findings } = setup.look(result, rules);
    const subject = subjectOf({ steps: [step] }, 0);
    const violations = findings.map(({ index, message }) => {
      entries.forEach(({ rules: own }, i) => {
        if (within(own, index)) risks[i]?.set(index, 1);
      });
      const says = `the result of \`${shownText(step.tool)}\` ${message}`;
      const violation = violationFor(subject, { index, at: 0, waiver: null }, { path: '', message: says });
      return { ...violation, stepIndex: place };
    });
    return { result: kept, isBlocked, violations };
  }

  /** What is owed, with what a report says of each. */
  function debts(now: number): {
    readonly found: readonly Found[];
    readonly subject: Subject;
    readonly all: readonly Debt[];
  } {
    const all: Debt[] = [];
    const found: Found[] = [];
    for (const { row, state } of members) {
      const [index, , rule] = row;
      for (const debt of state.owed?.() ?? []) {
        found.push({ index, at: all.length, cause: { path: '', message: owes(debt, rule) } });
        all.push(debt);
      }
    }
    return { found, subject: subjectOf({ steps: all }, now), all };
  }

  function owed(now: number): readonly Owed[] {
    const { found, subject, all } = debts(now);
    return found.map(({ index, at, cause }) => {
      const debt = all[at] as Debt;
      const violation = violationFor(subject, { index, at, waiver: null }, cause ?? NO_CAUSE);
      return { id: debt.id, violation: { ...violation, stepIndex: debt.place } };
    });
  }

  function close(now: number): CallVerdict {
    subjectOf({ ...head, steps }, now);
    const conditionsBroken = askConditions(OBLIGATION, NO_FINDINGS);
    const { found, subject, all } = debts(now);
    const broken = [...conditionsBroken, ...found];
    if (broken.length === 0) return PASS;
    // Conditions are put into words with the calls before them, debts with their own words.
    question.plan = { ...head, steps };
    const { verdict } = verdictOf({ subject, entries, question, risks }, broken, []);
    const violations = verdict.violations.map((one) =>
      one.stepIndex < 0 ? one : { ...one, stepIndex: all[one.stepIndex]?.place ?? one.stepIndex },
    );
    return { ...verdict, violations, approvals: [] };
  }

  function save(): Kept {
    const kept = members.map(({ state }): Kept => state.save());
    const running: Kept[] = [];
    inFlight.forEach(({ step: { id, tool }, kept: own, place }) => running.push([id, tool, own, place]));
    const admittedSteps = steps.map(({ id, tool, args }): Kept => [id, tool, args as Kept]);
    const counted = risks.map((rules): Kept => {
      const list: number[] = [];
      rules.forEach((_, rule) => list.push(rule));
      return list;
    });
    return [kept, running, admittedSteps, counted, calls, size];
  }

  return {
    call: (asked, now) =>
      alone(() =>
        asked.planned ? reserve.whileAsked(asked.planned.id, () => call(asked, now)) : call(asked, now),
      ),
    reserve: (step) =>
      alone(() => {
        reserve.set(step);
      }),
    end: (id, outcome, result) => alone(() => end(id, outcome, result)),
    owed: (now) => alone(() => owed(now)),
    close: (now) => alone(() => close(now)),
    size: () => size,
    save,
  };
}

const NO_CAUSE = { path: '', message: '' };

/** Whether a condition fires; it does where it ends in an error. */
function holds(fires: (question: Question) => boolean, question: Question): boolean {
  try {
    return fires(question);
  } catch {
    return true;
  }
}
