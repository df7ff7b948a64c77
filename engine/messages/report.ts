import type { Cause } from '../module/cause.ts';
import { waiverOf } from '../module/judge.ts';
import type { Judgement, Subject } from '../module/judge.ts';
import type { Question } from '../module/question.ts';
import { openRow } from '../module/rows.ts';
import type { RuleFacts } from '../module/rows.ts';
import type { Problem } from '../walk/plan.ts';
import type { Entry } from '../module/tables.ts';
import type { PendingCheck, Violation, Waiver } from '@plan-lint/runtime/contract';

declare const Map: MapConstructor;

/** One rule on one step, as it is to be put into words. */
interface Finding extends Fired {
  readonly entry: Entry;
  /** It is not known yet whether the rule is broken. */
  readonly isOpen: boolean;
  readonly mayFail: boolean;
  /** No other rule of the entry was asked. */
  readonly isAlone: boolean;
}

/**
 * What fired, in the order of the steps.
 *
 * @param question - set to ask about the subject
 */
export function describe(
  subject: Subject,
  judgements: readonly Judgement[],
  question: Question,
): readonly Violation[] {
  return findings(subject, judgements, ({ found, open, waived, isAlone = false }, keyOf) => {
    const isOpen = among(open, keyOf);
    const finding = (index: number, at: number, place: number): State => ({
      waiver: waived?.get(place) ?? null,
      isOpen: isOpen(index, at),
      mayFail: true,
      isAlone,
    });
    return { pairs: found, finding };
  }).map((finding) => violationOf(subject, finding, question));
}

/** What is told when the plan runs, in the order of the steps. */
export function describePending(
  subject: Subject,
  judgements: readonly Judgement[],
  question: Question,
): readonly PendingCheck[] {
  return findings(subject, judgements, ({ entry, pending }, keyOf) => {
    const isAmong = among(pending?.mayFail ?? [], keyOf);
    const finding = (index: number, at: number): State => ({
      waiver: waiverOf(subject, entry, index, at) ?? null,
      // That it waits is said by where it stands.
      isOpen: false,
      mayFail: pending?.own !== true || !isOfPlan(index) || isAmong(index, at),
      isAlone: false,
    });
    return { pairs: pending?.pairs ?? [], finding };
  }).map((finding) => ({ ...violationOf(subject, finding, question), mayFail: finding.mayFail }));
}

/** What is to be said of a pair beside its rule and step. */
type State = Omit<Finding, 'index' | 'at' | 'entry'>;

/** The findings of all judgements: of each its pairs, and what is to be said of a pair, by its place among them. */
function findings(
  { tables }: Subject,
  judgements: readonly Judgement[],
  of: (
    judgement: Judgement,
    keyOf: KeyOf,
  ) => {
    readonly pairs: readonly number[];
    readonly finding: (index: number, at: number, place: number) => State;
  },
): readonly Finding[] {
  const { length } = tables.rules;
  const keyOf: KeyOf = (index, at) => (at + 1) * length + index;
  /** Each rule once a step: entries that share a rule report it once; where one does not waive it, it is not waived. */
  const seen = new Map<number, Finding>();
  for (const judgement of judgements) {
    const { pairs, finding } = of(judgement, keyOf);
    for (let i = 0; i < pairs.length; i += 2) {
      const index = pairs[i] ?? 0;
      const at = pairs[i + 1] ?? -1;
      const state = finding(index, at, i);
      const known = seen.get(keyOf(index, at));
      if (!known || (known.waiver && !state.waiver))
        seen.set(keyOf(index, at), { index, at, entry: judgement.entry, ...state });
    }
  }
  return [...seen.values()].sort((a, b) => a.at - b.at || a.index - b.index);
}

/** Gives a rule by its index. */
declare function rule(index: number): unknown;

/** Whether a rule looks at all steps of a plan together. */
const isOfPlan = (index: number): boolean => 'c' in (rule(index) as object);

/** A number for each pair of a rule and a step, -1 for the plan as a whole. */
type KeyOf = (index: number, at: number) => number;

/** Whether a pair is one of these. */
function among(numbers: readonly number[], keyOf: KeyOf): KeyTest {
  if (numbers.length === 0) return never;
  const known = new Map<number, 1>();
  for (let i = 0; i < numbers.length; i += 2) known.set(keyOf(numbers[i] ?? 0, numbers[i + 1] ?? -1), 1);
  return (index, at) => known.has(keyOf(index, at));
}

type KeyTest = (index: number, at: number) => boolean;
const never: KeyTest = () => false;

/** What helps where only a value is missing. */
const WAYS_OUT =
  "its value is there when the plan runs: decide with `values: 'later'`, bind the plan to a run, or, for a rule about one step, set `references: allow`";

/** Of a plan that is much too long. */
const NOT_ASKED = 'of so long a plan no other rule is asked';

/** What is said behind the cause. */
function asideOf({ isAlone, isOpen }: Finding): string {
  if (isAlone) return `; ${NOT_ASKED}`;
  return isOpen ? `; ${WAYS_OUT}` : '';
}

function violationOf(subject: Subject, finding: Finding, question: Question): Violation {
  const { path, message } = causeOf(finding, question);
  return violationFor(subject, finding, { path, message: `${message}${asideOf(finding)}` });
}

/** Where a rule fired, and what suspends that. */
export interface Fired {
  readonly index: number;
  readonly at: number;
  readonly waiver: Waiver | null;
}

/** One rule on one step, with why it fired. */
export function violationFor(
  subject: Subject,
  { index, at, waiver }: Fired,
  { path, message: cause }: Cause,
): Violation {
  const { rules, policies, categories, files, severities, enforcements } = subject.tables;
  const facts = openRow(rules[index]) as RuleFacts;
  const { id, policy, category, severity, enforcement, description, file, line, column } = facts;
  return {
    rule: id,
    policy: policies[policy] ?? '',
    severity: severities[severity] as Violation['severity'],
    enforcement: enforcements[enforcement] as Violation['enforcement'],
    category: categories[category] ?? '',
    message: description === '' ? cause : `${description}: ${cause}`,
    stepIndex: at,
    stepId: shownId(subject, at),
    argPath: path,
    origin: { file: files[file] ?? '', line, column },
    waiver: waiver ? waiver.label : null,
  };
}

/** Of a rule about the whole plan that names no step. */
const NOT_TOLD: Cause = {
  path: '',
  message: 'nobody can tell: an error inside this rule, or more work than one plan may take',
};

/** Why a rule fired, of one that is asked by the entry. A report must not throw where the rule itself does, nor for a plan that was changed since it was decided. */
export function causeOf(
  { entry, index, at }: Pick<Finding, 'entry' | 'index' | 'at'>,
  question: Question,
): Cause {
  try {
    if (at < 0 && isOfPlan(index)) return NOT_TOLD;
    return entry.explain(index, at, question);
  } catch {
    const message =
      'an error inside this rule, more work than one plan may take, or a change of the plan since it was asked';
    return { path: '', message };
  }
}

const CATEGORIES: Readonly<Record<string, string>> = {
  'runtime.polluted': 'BUNDLE',
  'plan.cycle': 'LOOP_DETECTED',
  'plan.self_dependency': 'LOOP_DETECTED',
  'plan.missing_dependency': 'MISSING_DEPENDENCY',
};

/** What is wrong with a plan that no policy was asked about. */
export function describeProblem(subject: Subject, problem: Problem): Violation {
  const { id, stepIndex } = problem;
  const message =
    typeof problem.message === 'string'
      ? problem.message
      : problem.message((name) => shownName(name, subject.tables.secret));
  return {
    rule: id,
    policy: 'plan-lint',
    severity: 'critical',
    enforcement: 'deny',
    category: CATEGORIES[id] ?? 'SCHEMA_INVALID',
    message,
    stepIndex,
    stepId: shownId(subject, stepIndex),
    argPath: '',
    origin: null,
    waiver: null,
  };
}

/** Names longer than this are cut. */
const LONGEST_NAME = 80;

function shownName(name: string, secret: (text: string) => boolean): string {
  if (secret(name)) return '[secret]';
  return name.length > LONGEST_NAME ? `\`${name.slice(0, LONGEST_NAME)}…\`` : `\`${name}\``;
}

interface Steps {
  readonly steps: readonly { readonly id: unknown }[];
}

/** The id of a step as it is now. */
function shownId({ tables, plan }: Subject, at: number): string | null {
  try {
    const id = at < 0 ? null : (plan as Steps).steps[at]?.id;
    if (typeof id !== 'string') return null;
    return tables.secret(id) ? '[secret]' : id;
  } catch {
    // A getter that throws: the step has no id to show.
    return null;
  }
}
