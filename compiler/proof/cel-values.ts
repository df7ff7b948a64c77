/** What one value can be, so that tests of it come out as demanded. */
import type { CelType } from '../ir/cel.ts';
import { includesLanguage, matchesText } from '../patterns/index.ts';
import { ANY, ERROR, FALSE, stateOf, TRUE } from './cel-states.ts';
import type { Demands } from './cel-states.ts';
import type { CelTest, Order, Scalar } from './cel-tests.ts';
import { languageOf } from './texts.ts';

/** Tests of one value, by their numbers. */
export interface ValueGroup {
  readonly kind: 'value';
  readonly type: CelType;
  readonly tests: Map<number, CelTest>;
}

/** A test and the states that it may be in. */
interface Asked {
  readonly test: CelTest;
  readonly states: number;
}

/** A list or a map: no literal that tests name is one. */
export const COLLECTION: unique symbol = Symbol('collection');
/** A member that is not there, and what cannot be asked for members. */
export const MISSING: unique symbol = Symbol('missing');
export const BROKEN: unique symbol = Symbol('broken');
export type Case = Scalar | typeof COLLECTION | typeof MISSING | typeof BROKEN;

/** Whether some value meets the demands, for all that is known. */
export function mayMeetValues({ type, tests }: ValueGroup, demands: Demands): boolean {
  const asked = [...tests].map(([atom, test]) => ({ test, states: demands.get(atom) ?? ANY }));
  if (asked.every(({ states }) => states === ANY)) return true;
  const meets = (value: Case): boolean =>
    asked.every(({ test, states }) => (stateWith(test, value) & states) !== 0);
  return casesOf(type, [...tests.values()]).some(meets) || mayBeText(type, asked);
}

const isOf = (type: CelType, ...kinds: readonly string[]): boolean =>
  type.kind === 'dyn' || kinds.includes(type.kind);

/** One value for each case that the tests can tell apart, but for texts that none of them names. */
function casesOf(type: CelType, tests: readonly CelTest[]): readonly Case[] {
  const named = tests.flatMap((test): readonly Scalar[] => (test.kind === 'equal' ? test.items : []));
  const bounds = tests.flatMap((test) => (test.kind === 'order' ? [test.bound] : []));
  const points = [...named.filter((item) => typeof item === 'number'), ...bounds];
  const whole = isOf(type, 'int', 'uint') && type.kind !== 'dyn';
  const cases: Case[] = [MISSING, BROKEN];
  if (isOf(type, 'int', 'uint', 'double')) cases.push(...numbersAround(points, whole));
  if (isOf(type, 'string')) cases.push(...named.filter((item) => typeof item === 'string'));
  if (isOf(type, 'bool')) cases.push(true, false);
  if (isOf(type, 'null')) cases.push(null);
  if (isOf(type, 'list', 'map')) cases.push(COLLECTION);
  return cases;
}

/** Each number that is named, one of each gap between two, and NaN, which is on no side of any. */
function numbersAround(named: readonly number[], whole: boolean): readonly number[] {
  const points = [...new Set([0, ...named])].sort((a, b) => a - b);
  const [lowest, highest] = [points[0] ?? 0, points.at(-1) ?? 0];
  if (whole)
    return points
      .flatMap((point) => [point - 1, point, point + 1].map(Math.floor))
      .concat(points.map(Math.ceil));
  const between = points.flatMap((low, i) => {
    const high = points[i + 1];
    return high === undefined ? [] : [low / 2 + high / 2];
  });
  return [
    -Infinity,
    lowest - Math.abs(lowest) - 1,
    ...points,
    ...between,
    highest + Math.abs(highest) + 1,
    Infinity,
    NaN,
  ];
}

const SIDES: Readonly<Record<Order, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

export function stateWith(test: CelTest, value: Case): number {
  if (value === BROKEN) return ERROR;
  if (value === MISSING) return test.kind === 'has' ? FALSE : ERROR;
  switch (test.kind) {
    case 'has':
      return TRUE;
    case 'order':
      return typeof value === 'number' ? stateOf(SIDES[test.op](value, test.bound)) : ERROR;
    case 'equal':
      return stateOf(typeof value !== 'symbol' && test.items.some((item) => item === value));
    case 'text':
      return typeof value === 'string' ? stateOf(isText(test, value)) : ERROR;
    case 'truth':
      return typeof value === 'boolean' ? stateOf(value) : ERROR;
  }
}

type TextTest = Extract<CelTest, { readonly kind: 'text' }>;

const languageOfTest = ({ how, operand }: TextTest): string => `(?:${languageOf(how, operand, false)})`;

const isText = (test: TextTest, text: string): boolean => matchesText(languageOfTest(test), text) ?? false;

/** A text that no test names; and one of which a part is not known yet. */
function mayBeText(type: CelType, asked: readonly Asked[]): boolean {
  if (!isOf(type, 'string')) return false;
  return mayBeKnownText(asked) || mayBePartOfText(asked);
}

/** What tests of no text say of a text that no test names. */
const STATE_OF_TEXT: Readonly<Record<string, number>> = { has: TRUE, equal: FALSE };

function mayBeKnownText(asked: readonly Asked[]): boolean {
  const inside: string[] = [];
  const outside: string[] = [];
  for (const { test, states } of asked) {
    if (test.kind !== 'text') {
      const state = STATE_OF_TEXT[test.kind] ?? ERROR;
      if ((state & states) === 0) return false;
    } else if ((states & (TRUE | FALSE)) === 0) return false;
    else if (!(states & FALSE)) inside.push(languageOfTest(test));
    else if (!(states & TRUE)) outside.push(languageOfTest(test));
  }
  if (outside.length === 0) return true;
  // Only texts that have it all can be it, so each pattern that must match leads out of those that must not.
  return [...inside, '^'].every((pattern) => {
    const answer = includesLanguage(outside.join('|'), pattern);
    return !('included' in answer && answer.included);
  });
}

/** A text with a reference in it: what its known parts begin with, end with or contain may be known, no more. */
function mayBePartOfText(asked: readonly Asked[]): boolean {
  const alone = asked.every(({ test, states }) => (stateOfPart(test) & states) !== 0);
  return alone && asked.every((one) => asked.every((other) => mayGoTogether(one, other)));
}

function stateOfPart(test: CelTest): number {
  if (test.kind === 'has') return TRUE;
  if (test.kind === 'equal') return FALSE | ERROR;
  return test.kind === 'text' && test.how !== 'matches' ? ANY : ERROR;
}

/** Where one test holds whenever another does, and is known not to, the other is known not to either. */
function mayGoTogether(one: Asked, other: Asked): boolean {
  if (one === other || !holdsWith(one.test, other.test)) return true;
  const narrowerAlone = other.states === TRUE && !(one.states & TRUE);
  const widerFails = one.states === FALSE && !(other.states & FALSE);
  return !narrowerAlone && !widerFails;
}

/** Whether by its form one test holds of every text of which another one does. */
function holdsWith(wide: CelTest, narrow: CelTest): boolean {
  if (wide.kind === 'equal' && narrow.kind === 'equal') {
    return narrow.items.every((item) => wide.items.includes(item));
  }
  return wide.kind === 'text' && narrow.kind === 'text' && wide.how === narrow.how && isPartOf(wide, narrow);
}

function isPartOf({ how, operand: short }: TextTest, { operand: long }: TextTest): boolean {
  if (how === 'starts_with') return long.startsWith(short);
  if (how === 'ends_with') return long.endsWith(short);
  return how === 'contains' && long.includes(short);
}
