import { openRow } from './rows.ts';
import type { Entry, Tables } from './tables.ts';
import type { Waiver } from '@plan-lint/runtime/contract';

declare const Map: MapConstructor;

/** Of what an enforcement leads to: 0 pass, 1 warn, 2 approval, 3 deny. */
export const DENY = 3;
/** Outcomes below are valid. */
const VALID_BELOW = 2;

/** What a judgement is about. */
export interface Subject {
  readonly tables: Tables;
  readonly plan: unknown;
  readonly context: unknown;
  readonly now: number;
  /** Whether checks that wait for a value are put off. */
  readonly later: boolean;
  /** Whether something in the arguments is not known: the plan is then seen with what that is. */
  readonly isOpen: boolean;
}

/** Checks that are told when the plan runs: pairs (rule index, step index) to be asked of the values. */
export interface Pending {
  readonly pairs: readonly number[];
  /** Those about the plan as a whole that may fail as far as one can tell. */
  readonly mayFail: readonly number[];
  /** Whether rules about the plan as a whole were asked. */
  readonly own: boolean;
}

/** What one entry says of one plan, before it is put into words: numbers only. */
export interface Judgement {
  readonly entry: Entry;
  /** Pairs (rule index, step index). */
  readonly found: readonly number[];
  /** The waiver of each pair that has one, by the place of the pair. */
  readonly waived: ReadonlyMap<number, Waiver> | null;
  readonly status: number;
  readonly risk: number;
  /** Pairs that fired because something is not known. */
  readonly open: readonly number[];
  readonly pending: Pending | null;
  /** No other rule of the entry was asked (`too-long.ts`). */
  readonly isAlone?: boolean;
}

const NONE: readonly number[] = [];

/** What a rule leads to that the module says nothing of. */
const UNTOLD = { enforcement: DENY, weight: 1 };

/**
 * Strongest enforcement of the rules that fired, and the risk score; reaching the threshold denies. A finding that
 * is waived counts for neither.
 */
export function judge(
  subject: Subject,
  entry: Entry,
  found: readonly number[],
  open: readonly number[] = NONE,
  pending: Pending | null = null,
): Judgement {
  const { rules } = subject.tables;
  let status = 0;
  let sum = 0;
  let largest = 0;
  const counted = new Map<number, 1>();
  const waived = entry.waivers.length === 0 ? null : new Map<number, Waiver>();
  for (let i = 0; i < found.length; i += 2) {
    const index = found[i] ?? 0;
    const waiver = waived === null ? undefined : waiverOf(subject, entry, index, found[i + 1] ?? -1);
    if (waiver) waived?.set(i, waiver);
    if (waiver || counted.has(index)) continue;
    counted.set(index, 1);
    const { enforcement, weight: share } = openRow(rules[index]) ?? UNTOLD;
    if (enforcement > status) status = enforcement;
    const weight = millionths(share);
    sum += weight;
    if (weight > largest) largest = weight;
  }
  const risk = entry.aggregate === 'max' ? largest : sum;
  // Nothing fires where all of it is pending.
  if (found.length > 0 && risk >= millionths(entry.threshold)) status = DENY;
  return { entry, found, waived, status, risk: risk > 1e6 ? 1 : risk / 1e6, open, pending };
}

/** Weights add up as whole numbers, for a sum of decimals must not miss a decimal threshold by a rounding. */
export function millionths(share: number): number {
  const scaled = share * 1e6 + 0.5;
  return scaled - (scaled % 1);
}

/** Whether a plan of which an entry says so may run. */
export function isValid({ status }: Judgement): boolean {
  return status < VALID_BELOW;
}

/**
 * The one place where exceptions are judged: the waiver that suspends a rule on a step, now and for who is asking,
 * if there is one. A waiver that cannot tell does not apply.
 */
export function waiverOf(
  { plan, context, now }: Subject,
  entry: Entry,
  index: number,
  at: number,
): Waiver | undefined {
  return entry.waivers.find(
    (waiver) =>
      waiver.rule === index &&
      // A clock that is not a number is before nothing and after nothing, so no waiver holds.
      now >= waiver.notBefore &&
      now < waiver.expires &&
      // The plan as a whole uses no tool.
      waiver.applies(at < 0 ? null : ((plan as Steps).steps[at]?.tool ?? null), context),
  );
}

interface Steps {
  readonly steps: readonly { readonly tool: string }[];
}
