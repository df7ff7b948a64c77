/**
 * Demands that no value meets may still be met by a text of which only parts are known: two tests may both be in doubt
 * of it, though no text there will ever be satisfies both.
 */
import { looksOf } from '../patterns/index.ts';
import type { Demand } from './demand.ts';
import { isSameTestNoWeaker } from './same-test.ts';
import { languageOf, operandsOf, readingsOf } from './texts.ts';
import { hasOtherForms, REFERENCE } from './unknown.ts';
import type { ValueTest } from './values.ts';

const PRESENCE = ['exists', 'missing'];

/**
 * Whether a text with references in it may meet demands that no value meets; `false` is certain. `meetValue` says
 * whether some value may meet demands.
 *
 * What is quiet on such a text is quiet on all that may come of it (but for `missing`). So where one demand that fires
 * does so for some text that may come of it, that text would meet it together with all that are quiet.
 */
export function mayMeetPartly(
  demands: readonly Demand[],
  mayMeetValue: (demands: readonly Demand[]) => boolean,
): boolean {
  if (demands.every(({ test }) => test.written)) return false;
  const firing = demands.filter(({ fires }) => fires);
  const quiet = demands.filter(({ fires }) => !fires);
  if (!quiet.every(isEverQuiet) || firing.some(isNeverInDoubt)) return false;
  const told = quiet.filter(({ test }) => !PRESENCE.includes(test.operation));
  if (told.length > 0 && !mayMeetValue(told)) return false;
  return !firing.some(
    (one) =>
      told.some((other) => areOfOneForm(one, other)) || (isExact(one, told) && !mayMeetValue([one, ...told])),
  );
}

/** By its form alone the one that is quiet fires wherever the other one does. */
const areOfOneForm = (one: Demand, other: Demand): boolean =>
  isSameTestNoWeaker(
    { kind: 'arg', path: one.path, negated: one.negated, test: { pattern: null, ...one.test } },
    { kind: 'arg', path: other.path, negated: other.negated, test: { pattern: null, ...other.test } },
  );

type Answers = (test: ValueTest) => readonly boolean[];
const ofEquality =
  (answer: boolean): Answers =>
  (test) =>
    operandsOf(test).some((operand) => operand !== null && hasOtherForms(operand)) ? [] : [answer];
const both: Answers = () => [true, false];

/** What a test may say for sure of a text of which parts are known. */
const ANSWERS: Readonly<Record<string, Answers>> = {
  exists: () => [true],
  missing: () => [false],
  type: ({ operand }) => [operand === 'string'],
  equals: ofEquality(false),
  in: ofEquality(false),
  not_equals: ofEquality(true),
  not_in: ofEquality(true),
  contains: () => [true],
  not_contains: () => [false],
  matches: (test) => (looks(test) === 'around' ? [] : [true]),
  not_matches: (test) => (looks(test) === 'around' ? [] : [false]),
  starts_with: both,
  ends_with: both,
  length_equals: both,
  length_gt: both,
  length_gte: both,
  length_lt: both,
  length_lte: both,
  length_between: both,
};

const looks = (test: ValueTest): ReturnType<typeof looksOf> =>
  looksOf(languageOf('matches', String(test.operand), false));

/** Of some such text the test is sure, so that it is quiet. */
const isEverQuiet = ({ test, negated }: Demand): boolean =>
  ANSWERS[test.operation]?.(test).includes(negated) ?? false;

/** Of every such text the test is sure, so that it never fires. */
const isNeverInDoubt = ({ test, negated }: Demand): boolean =>
  ['exists', 'missing', 'type'].includes(test.operation) &&
  isEverQuiet({ path: null, test, negated, fires: false });

/** Where it fires on such a text, it fires on some text that may come of it. */
function isExact({ test, negated }: Demand, quiet: readonly Demand[]): boolean {
  const { operation } = test;
  if (operation === 'exists' || operation.startsWith('length_') || operation === 'type') return true;
  const asksForText = negated === operation.startsWith('not_');
  const { plain } = readingsOf(test, 'maybe');
  switch (operation) {
    case 'contains':
    case 'not_contains':
      return true;
    case 'matches':
    case 'not_matches':
      return asksForText ? looks(test) === undefined : looks(test) !== 'around';
    case 'starts_with':
    case 'ends_with':
    case 'equals':
    case 'in':
    case 'not_equals':
    case 'not_in': {
      // Most that may come is another text.
      if (!asksForText) return test.spelling?.normalize !== 'yes';
      const texts = operandsOf(test);
      // Of what is not ASCII nobody says what it may pass for, so each such test fires.
      const spelled = quiet.every((other) => other.test.spelling && readingsOf(other.test, 'maybe').plain);
      return (
        texts.every((x) => typeof x === 'string' && !hasOtherForms(x) && /^[ -~]*$/.test(x)) &&
        (!plain || spelled)
      );
    }
    default:
      return false;
  }
}

/** Texts with references that are worth a try. */
export function partialTexts(tests: readonly ValueTest[]): readonly string[] {
  const operands = tests.flatMap((test) => (test.written ? [] : operandsOf(test)));
  const texts = [...new Set(operands.map(String))].slice(0, 20);
  const longest = Math.max(
    0,
    ...operands.map((size) => (typeof size === 'number' && size < 1_000 ? size : 0)),
  );
  return [
    'zz ',
    ' ',
    'z'.repeat(Math.ceil(longest) + 1),
    ...texts.flatMap((text) => [text, text.slice(0, 1)]),
  ].flatMap((text) => [text + REFERENCE, REFERENCE + text, `${text}${REFERENCE}zz`, `zz${REFERENCE}${text}`]);
}
