import { Budget } from './budget.ts';
import { abstractTexts, firesOnAbstract } from './abstract.ts';
import type { AbstractText } from './abstract.ts';
import type { Demand } from './demand.ts';
import { decideTexts } from './languages.ts';
import { mayMeetPartly, partialTexts } from './partial.ts';
import { coversSizes, representatives } from './representatives.ts';
import { OPAQUE, REFERENCE } from './unknown.ts';
import { BAD, classOf, firesOn, operandsOf } from './values.ts';
import type { TestClass, ValueTest } from './values.ts';

/** What can stand at a path so that all demands on it are met. */
export type GroupAnswer =
  /** Nothing can, for certain. */
  | { readonly kind: 'impossible' }
  /** Any of these values does (the path's own value, or for a path with `[*]` the elements together). */
  | { readonly kind: 'possible'; readonly values: readonly unknown[] }
  | { readonly kind: 'unknown' };

/** A string like any other, to tests that do not compare texts. */
const UNNAMED = '\u{10FFFD}';

/** Decides the demands on one path. */
export function decideGroup(demands: readonly Demand[], budget = new Budget()): GroupAnswer {
  const path = demands[0]?.path;
  const every = path?.some((segment) => typeof segment !== 'string') ?? false;
  if (every) return decideElements(demands, budget);
  // Every string anywhere in the arguments: such texts stand in an array of their own.
  const anywhere = path === null;
  return decideValue(demands, !anywhere && (path?.length ?? 0) > 1, budget);
}

/** So many values for one path are enough, as one of them is to go together with those of other paths. */
const ENOUGH = 20;
/** So many more are tried once there is one. */
const MOST_BEHIND_FIRST = 100;

function decideValue(demands: readonly Demand[], mayBeBad: boolean, budget: Budget): GroupAnswer {
  if (demands.some(({ test }) => classOf(test) === 'unknown')) return { kind: 'unknown' };
  const meets = (value: unknown): boolean =>
    demands.every(({ test, negated, fires }) => {
      budget.spend(operandsOf(test).length);
      return firesOn(test, negated, value) === fires;
    });
  const texts = decideTexts(demands, budget);
  const cases = representatives(demands.map(({ test }) => test));
  const values: unknown[] = [];
  let behindFirst = 0;
  for (const value of [...texts.candidates, ...cases, ...UNKNOWN]) {
    if ((mayBeBad || value !== BAD) && meets(value)) values.push(value);
    if (values.length > 0) behindFirst += 1;
    if (values.length === ENOUGH || behindFirst > MOST_BEHIND_FIRST) break;
  }
  if (values.length > 0) return { kind: 'possible', values };
  if (!isImpossible(demands, mayBeBad, budget, texts.impossible)) return { kind: 'unknown' };
  const mayMeetValue = (some: readonly Demand[]): boolean =>
    !isImpossible(some, mayBeBad, budget, decideTexts(some, budget).impossible);
  if (!mayMeetPartly(demands, mayMeetValue)) return { kind: 'impossible' };
  const partly = partialTexts(demands.map(({ test }) => test)).filter(meets);
  return partly.length > 0 ? { kind: 'possible', values: partly } : { kind: 'unknown' };
}

/** A value of any type, and a text of which nobody knows anything. */
const UNKNOWN = [REFERENCE, OPAQUE];

/** Whether no value meets the demands, for certain; references aside. */
function isImpossible(
  demands: readonly Demand[],
  mayBeBad: boolean,
  budget: Budget,
  noTextMeets: boolean,
): boolean {
  const cases = representatives(demands.map(({ test }) => test));
  const contradicts = (kind: TestClass): boolean => {
    const some = demands.filter(({ test }) => classOf(test) === kind);
    const abstract = kind === 'scalar' ? abstractTexts(some.map(({ test }) => test)) : [];
    const meetsAll = (text: AbstractText): boolean =>
      some.every(({ test, negated, fires }) => {
        budget.spend(operandsOf(test).length);
        return (firesOnAbstract(test, negated, text) ?? firesOn(test, negated, UNNAMED)) === fires;
      });
    return (
      some.length > 0 &&
      abstract?.some(meetsAll) === false &&
      !cases.some(
        (value) =>
          (mayBeBad || value !== BAD) &&
          some.every(({ test, negated, fires }) => {
            budget.spend(operandsOf(test).length);
            return firesOn(test, negated, value) === fires;
          }),
      )
    );
  };
  const allTold = mayBeBad && demands.every(({ fires }) => fires);
  return (
    contradicts('scalar') ||
    (coversSizes(demands.map(({ test }) => test)) && contradicts('size')) ||
    (noTextMeets && !allTold)
  );
}

/**
 * A path with `[*]`: a test that must fire needs one element on which it does, a negated one that must not fire
 * likewise; the others speak of all elements. What is no array leaves every test untold, so it fires.
 */
function decideElements(demands: readonly Demand[], budget: Budget): GroupAnswer {
  const ofOne = demands.filter(({ negated, fires }) => negated !== fires);
  const ofAll = demands.filter(({ negated, fires }) => negated === fires);
  const answers = ofOne.map((one) => decideValue([one, ...ofAll], true, budget));
  const untold = demands.every(({ fires }) => fires);
  if (answers.some(({ kind }) => kind === 'impossible')) return { kind: untold ? 'unknown' : 'impossible' };
  const elements = answers.map((answer) =>
    answer.kind === 'possible'
      ? answer.values.find((value) => value !== undefined && value !== BAD)
      : undefined,
  );
  return elements.every((element) => element !== undefined)
    ? { kind: 'possible', values: [elements] }
    : { kind: 'unknown' };
}

export const describeTest = ({ operation }: ValueTest): string => `\`${operation}\``;
