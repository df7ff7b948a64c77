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
  readonly isAlone?: boolean;
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
  const all = judgements.flatMap(({ entry, found, waived, open, isAlone = false }) => {
    const isOpen = among(open);
    return pairsOf(found).map((pair, i) => ({
      ...pair,
      entry,
      waiver: waived?.get(2 * i) ?? null,
      isOpen: isOpen(pair),
      mayFail: true,
      isAlone,
    }));
  });
  return inOrder(all).map((finding) => violationOf(subject, finding, question));
}

/** What is told when the plan runs, in the order of the steps. */
export function describePending(
  subject: Subject,
  judgements: readonly Judgement[],
  question: Question,
): readonly PendingCheck[] {
  const all = judgements.flatMap(({ entry, pending }) => {
    const mayFail = among(pending?.mayFail ?? []);
    return pairsOf(pending?.pairs ?? []).map((pair) => ({
      ...pair,
      entry,
      waiver: waiverOf(subject, entry, pair.index, pair.at) ?? null,
      isOpen: true,
      mayFail: pending?.own !== true || !isOfPlan(pair.index) || mayFail(pair),
    }));
  });
  return inOrder(all).map((finding) => ({
    ...violationOf(subject, { ...finding, isOpen: false }, question),
    mayFail: finding.mayFail,
  }));
}

/** Gives a rule by its index. */
declare function rule(index: number): unknown;

/** Whether a rule looks at all steps of a plan together. */
const isOfPlan = (index: number): boolean => 'c' in (rule(index) as object);

interface Pair {
  readonly index: number;
  readonly at: number;
}

function pairsOf(numbers: readonly number[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let i = 0; i < numbers.length; i += 2)
    pairs.push({ index: numbers[i] ?? 0, at: numbers[i + 1] ?? -1 });
  return pairs;
}

const keyOf = ({ index, at }: Pair): string => `${index} ${at}`;

/** Whether a pair is one of these. */
function among(numbers: readonly number[]): (pair: Pair) => boolean {
  const known = new Map(pairsOf(numbers).map((pair) => [keyOf(pair), 1]));
  return (pair) => known.has(keyOf(pair));
}

/** Each rule once a step: entries that share a rule report it once; where one does not waive it, it is not waived. */
function inOrder(all: readonly Finding[]): readonly Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of all) {
    const key = keyOf(finding);
    const known = seen.get(key);
    if (!known || (known.waiver && !finding.waiver)) seen.set(key, finding);
  }
  return [...seen.values()].sort((a, b) => a.at - b.at || a.index - b.index);
}

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
