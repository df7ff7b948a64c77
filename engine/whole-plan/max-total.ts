import { hit, MAY_FAIL, QUIET } from '../module/question.ts';
import { factsOf } from './facts.ts';
import { governs } from './narrowing.ts';
import type { Narrowing } from './narrowing.ts';
import { scaled } from '../text/decimal.ts';
import { isWhole, UnknownValue } from '../text/references.ts';
import type { Facts, UpperEnds, WholePlanRule } from './shape.ts';
import { countedBy, EVERYTHING, subject, valueAt, whyNot } from './value.ts';
import type { Counted, Names } from './value.ts';

declare const Map: MapConstructor;

/** The argument that is added up: of all tools the same one, or by tool. */
export type Amounts = Names | ((tool: string) => Names);

export const amountPath = (amounts: Amounts, tool: string): Names =>
  typeof amounts === 'function' ? amounts(tool) : amounts;

/** Whether an amount is one that can be added up. */
export const counts = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value - value === 0;

/** What of a group is known, and what is kept for amounts that are not. */
interface Sum {
  known: bigint;
  reserved: bigint;
  /** Amounts that are not known. */
  open: number;
  /** Those of them that nothing bounds. */
  free: number;
}

/** Nothing bounds it. */
const FREE = 1 / 0;

const newSum = (): Sum => ({ known: 0n, reserved: 0n, open: 0, free: 0 });

/**
 * Every step with which, or behind which, the sum of its group is beyond the limit, and those that cannot be added.
 *
 * @param what - what is added up, as a message shows it
 */
export function maxTotal(
  isOf: (tool: string) => boolean,
  what: string,
  amounts: Amounts,
  limit: number,
  per: Names | null,
  maxima: readonly (readonly [tool: string, most: number])[],
  narrowing?: Narrowing,
): WholePlanRule {
  const declared = new Map(maxima);
  /** Under which the first amount that is not known is remembered. */
  const firstOpen = {};
  const most = scaled(limit);
  // How far beyond is no matter, so a sum stays about as long as the limit: 1e308 costs what 1 does.
  const enough = (amount: number): bigint => (amount > limit ? most + 1n : scaled(amount));
  return {
    c(question, rule, ends) {
      const facts = factsOf(question);
      const { mode } = question;
      const sums = new Map<string, Sum>();
      /** Of steps whose group is a reference, so that they may be of any group. */
      const anywhere = newSum();
      /** The group that comes to most, of those that are known: a step whose group is a reference may be of it. */
      const largest = newSum();
      facts.steps.forEach((step, i) => {
        if (!isOf(step.tool) || !governs(narrowing, question, facts, i)) return;
        const amount = valueAt(step, amountPath(amounts, step.tool));
        const group: Counted | null = per ? countedBy(facts, valueAt(step, per)) : EVERYTHING;
        const isOpen = amount instanceof UnknownValue && isWhole(amount);
        if (group === null || (!isOpen && !counts(amount))) {
          hit(question, rule, i);
          return;
        }
        const end = isOpen ? upperEnd(ends, declared.get(step.tool), step.tool) : (amount as number);
        if (group.waits) add(anywhere, true, end);
        let fires = false;
        for (const name of group.names) {
          let sum = sums.get(name);
          if (!sum) sums.set(name, (sum = newSum()));
          add(sum, isOpen, end);
          if (!group.waits) keepLarger(largest, sum);
          if (tells(sum, anywhere, group.waits ? largest : sum, mode)) fires = true;
        }
        if (fires) hit(question, rule, i);
      });
    },
    w(question, i, secret) {
      const facts = factsOf(question);
      const step = facts.steps[i];
      const arg = amountPath(amounts, step?.tool ?? '');
      const amount = step && valueAt(step, arg);
      const own = subject(facts, i, arg, secret);
      if (!counts(amount)) {
        const is = typeof amount === 'number' && amount < 0 ? 'negative' : whyNot(amount);
        return { path: own.path, message: `${own.says} is ${is}, so it cannot be added up` };
      }
      const group = step && per ? valueAt(step, per) : '';
      if (per && (countedBy(facts, group) === null || group instanceof UnknownValue)) {
        const { path, says } = subject(facts, i, per, secret);
        return { path, message: `${says} is ${whyNot(group)}, so its amount cannot be added up` };
      }
      const same = per ? ` with this value of \`${per.join('.')}\`` : '';
      return {
        path: own.path,
        message: `${what}${same} adds up to more than ${limit} up to this step${open(facts, i)}`,
      };
    },
  };

  /** Adds an amount, or keeps the most that it can be. */
  function add(sum: Sum, isOpen: boolean, end: number): void {
    const isBounded = end - end === 0;
    if (!isOpen) sum.known += enough(end);
    else {
      sum.open += 1;
      if (isBounded) sum.reserved += enough(end);
      else sum.free += 1;
    }
  }

  /**
   * Whether the rule says anything of a step that has been added to its sum. What is not known counts, whatever bounds it:
   * a bound that a child adds does not make the sum of its parent known. `largest`: the sum that it may be part of.
   */
  function tells(sum: Sum, anywhere: Sum, largest: Sum, mode: number): boolean {
    if (sum.known > most) return true;
    if (mode === QUIET || sum.open + anywhere.open === 0) return false;
    if (mode !== MAY_FAIL || largest.free + anywhere.free > 0) return true;
    return largest.known + largest.reserved + anywhere.reserved > most;
  }

  /** Said where an amount in front of the step, or its group, is not known. */
  function open(facts: Facts, last: number): string {
    let first = facts.firstOpen.get(firstOpen);
    if (first === undefined) {
      first = facts.steps.findIndex(
        (step) =>
          isOf(step.tool) &&
          (valueAt(step, amountPath(amounts, step.tool)) instanceof UnknownValue ||
            (per && valueAt(step, per) instanceof UnknownValue)),
      );
      facts.firstOpen.set(firstOpen, first);
    }
    return first >= 0 && first < last ? ', or may do so: amounts before it are not known yet' : '';
  }
}

function keepLarger(largest: Sum, { known, reserved, free }: Sum): void {
  largest.free += free;
  if (known + reserved <= largest.known + largest.reserved) return;
  largest.known = known;
  largest.reserved = reserved;
}

/** The most that an amount can be; what is below 0 cannot be added up, so it keeps nothing. */
function upperEnd(ends: UpperEnds | undefined, declared: number | undefined, tool: string): number {
  const bound = ends ? ends(tool) : FREE;
  const end = declared !== undefined && declared < bound ? declared : bound;
  return end < 0 ? 0 : end;
}
