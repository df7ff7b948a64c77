/** Tests against what the caller says: the operand is read out of the context whenever the rule is asked. */
import { argsOf } from '../module/question.ts';
import type { Question } from '../module/question.ts';
import type { Kind, TestReason } from '../module/reason.ts';
import { kindOf, testHolds } from './ask.ts';
import { bad, fin, get } from './core.ts';
import { spendOnValue } from './text-work.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

type Scalar = string | number | boolean | null;
export type GivenOperand = Scalar | readonly Scalar[];

/** A test as the module writes it down. */
export interface GivenTest {
  /** Path and kind of the test. */
  readonly test: TestReason;
  /** Where in the context the operand stands. */
  readonly from: readonly string[];
  /** What must stand there, in words. */
  readonly expected: string;
  /** The operand that a value of the context is; `bad` where it is none. */
  readonly reads: (value: unknown) => GivenOperand | object;
  /** The operand as the code of the kind takes it. */
  readonly prepares: (operand: never) => unknown;
  /** Whether a message shows the operand. */
  readonly shown: boolean;
  /** Whether a missing argument is fine. */
  readonly optional: boolean;
}

/** A test with the operand that the context gives. */
export interface OpenTest {
  readonly kind: Kind;
  readonly reason: TestReason;
  /** `bad` where the context gives none. */
  readonly operand: GivenOperand | object;
}

/** Whether a test against what the caller says makes its rule fire on the step of a question. */
export function givenHolds(test: GivenTest, question: Question): boolean {
  const { kind, reason, operand } = openTest(test, question);
  if (operand !== bad) spendOnValue(question, operand);
  return testHolds(kind, reason, argsOf(question.step), question);
}

export function openTest(test: GivenTest, { context }: Question): OpenTest {
  let value: unknown = context;
  for (const name of test.from) value = get(value, name);
  const operand = test.reads(value);
  const [path, at] = test.test;
  const kind = kindOf(test.test);
  if (operand === bad) return { kind: untold(kind, test), reason: [path, at], operand };
  const x = test.prepares(operand as never);
  return { kind, reason: [path, at, x, operand, operand], operand };
}

/** Of an operand that is not there nothing can be told. */
const untold = ({ onText }: Kind, { from, expected, optional }: GivenTest): Kind => ({
  onText,
  test: (value) => !(optional && value === undefined),
  negated: false,
  before: `is to be tested against \`context.${from.join('.')}\`, where the context has no ${expected}`,
  after: undefined,
  shows: false,
  trip: 0,
  // What lies in an unknown value may be missing.
  foresight: (value) => (optional && value.isInside ? null : true),
});

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || fin(value);

export const asNumber = (value: unknown): GivenOperand | object => (fin(value) ? (value as number) : bad);

/** Texts are framed by what the policy puts around them; what is no text cannot be. */
const framed =
  (before: string, behind: string) =>
  (value: Scalar): Scalar | object => {
    if (before === '' && behind === '') return value;
    return typeof value === 'string' && value !== '' ? before + value + behind : bad;
  };

export const asText =
  (before: string, behind: string) =>
  (value: unknown): GivenOperand | object =>
    typeof value === 'string' && value !== '' ? before + value + behind : bad;

export const asScalar = (before: string, behind: string) => {
  const frame = framed(before, behind);
  return (value: unknown): GivenOperand | object => (isScalar(value) ? frame(value) : bad);
};

export const asScalars = (before: string, behind: string) => {
  const frame = framed(before, behind);
  return (value: unknown): GivenOperand | object => {
    if (!isArray(value) || !value.every(isScalar)) return bad;
    const items = value.map(frame);
    return items.includes(bad) ? bad : items;
  };
};
