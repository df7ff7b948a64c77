/** What fires on a call, judged: what was approved for it stays to be seen and counts for nothing. */
import type { Cause } from '../module/cause.ts';
import { within } from '../guard/ranges.ts';
import { causeOf, violationFor } from '../messages/report.ts';
import { DENY, judge, millionths, waiverOf } from '../module/judge.ts';
import type { Subject } from '../module/judge.ts';
import { openRow } from '../module/rows.ts';
import type { Question } from '../module/question.ts';
import type { Entry } from '../module/tables.ts';
import type { CallVerdict, Violation, Waiver } from '@plan-lint/runtime/contract';

declare const Map: MapConstructor;

/** A rule that fires. */
export interface Found {
  readonly index: number;
  /** Step of the subject's plan, -1 for the session as a whole. */
  readonly at: number;
  /** `null`: the rule is asked why. */
  readonly cause: Cause | null;
}

/** What is judged, by whom, after what. */
export interface Bench {
  readonly subject: Subject;
  readonly entries: readonly Entry[];
  readonly question: Question;
  /** By entry, the rules that have fired in the session before and count. */
  readonly risks: readonly ReadonlyMap<number, 1>[];
}

/** What an enforcement leads to that asks somebody. */
const APPROVAL = 2;

/** @returns the verdict, and by entry the rules that count from now on where the call is admitted */
export function verdictOf(
  { subject, entries, question, risks }: Bench,
  found: readonly Found[],
  settled: readonly number[],
): { readonly verdict: CallVerdict; readonly counted: readonly (readonly number[])[] } {
  const { rules } = subject.tables;
  let [status, risk, callRisk] = [0, 0, 0];
  const violations: { readonly found: Found; readonly violation: Violation }[] = [];
  const approvals: number[] = [];
  const counted = entries.map((entry, i): readonly number[] => {
    const own = found.filter(({ index }) => within(entry.rules, index));
    if (own.length === 0) return [];
    const open = own.filter(({ index }) => !settled.includes(index));
    const judgement = judge(
      subject,
      entry,
      open.flatMap(({ index, at }) => [index, at]),
    );
    const waiver = ({ index, at }: Found): Waiver | null => waiverOf(subject, entry, index, at) ?? null;
    const counts: number[] = [];
    for (const one of open) if (waiver(one) === null && !counts.includes(one.index)) counts.push(one.index);
    const score = riskOf(entry, counts, risks[i] ?? new Map(), rules);
    const { status: own_ } = judgement;
    const reaches = open.length > 0 && score >= millionths(entry.threshold);
    status = atLeast(status, reaches ? DENY : own_);
    risk = atLeast(risk, score > 1e6 ? 1 : score / 1e6);
    callRisk = atLeast(callRisk, judgement.risk);
    for (const one of own) {
      const cause = one.cause ?? causeOf({ entry, index: one.index, at: one.at }, question);
      const suspended = waiver(one);
      const before = violations.findIndex(({ found: { index, at } }) => index === one.index && at === one.at);
      const violation = violationFor(subject, { ...one, waiver: suspended }, cause);
      if (before < 0) violations.push({ found: one, violation });
      // Where one entry does not waive it, it is not waived.
      else if (suspended === null) violations[before] = { found: one, violation };
    }
    for (const index of counts)
      if (openRow(rules[index])?.enforcement === APPROVAL && !approvals.includes(index))
        approvals.push(index);
    return counts;
  });
  violations.sort((a, b) => a.found.index - b.found.index);
  const said = violations.map(({ violation }) => violation);
  const asks = status === APPROVAL ? approvals.sort((a, b) => a - b) : [];
  return { verdict: { status, risk, callRisk, violations: said, approvals: asks }, counted };
}

const atLeast = (least: number, value: number): number => (value > least ? value : least);

/** What has fired in the session and what fires now, each rule once, in millionths. */
function riskOf(
  { aggregate }: Entry,
  now: readonly number[],
  before: ReadonlyMap<number, 1>,
  rules: Subject['tables']['rules'],
): number {
  let [sum, largest] = [0, 0];
  const add = (index: number): void => {
    const weight = millionths(openRow(rules[index])?.weight ?? 1);
    sum += weight;
    largest = atLeast(largest, weight);
  };
  before.forEach((_, index) => {
    add(index);
  });
  for (const index of now) if (!before.has(index)) add(index);
  return aggregate === 'max' ? largest : sum;
}
