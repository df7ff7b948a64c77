/** What rules of one kind have in common, as the module writes it down: see `PackedKind` of the engine. */
import type { ArgPath } from '../ir/path.ts';
import type { Test } from '../ir/program.ts';
import { OPERATIONS } from '../operations/index.ts';
import type { Operation, OperationName } from '../operations/index.ts';
import { EXACT } from '../spelling/index.ts';
import { FOLDS, PLAIN, UNSURE } from '../../engine/text/bare.ts';
import { comma, empty, js, join, literal, name } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { Scope } from './scope.ts';
import type { Mode } from './text.ts';

const v = name('v');
/** The operand of a rule, where the code of its kind takes it. */
const x = name('x');

interface KindParts {
  readonly onText: boolean;
  /** Code of the test on one value `v`, or one text, with the operand `x`. */
  readonly code: Code;
  readonly negated: boolean;
  readonly before: string;
  /** What stands behind the operand in a message; `undefined` where the operand is not shown. */
  readonly after: string | undefined;
  readonly showsNumber: boolean;
  readonly trip: Code;
  readonly foresight: Code;
}

/** A path as the engine takes it: a name alone as text, 0 for every element. */
export function segmentsOf(path: ArgPath | null): string | readonly (string | 0)[] | null {
  const all = path?.map((segment) => (typeof segment === 'string' ? segment : 0)) ?? null;
  const [first] = all ?? [];
  return all?.length === 1 && typeof first === 'string' ? first : all;
}

/** The path to what is tested: through the argument into what its text holds. */
export const seenPath = (path: ArgPath | null, { view }: Test): ArgPath | null =>
  path && view ? [...path, ...view.path] : path;

/** The number of the kind among those of the module. */
export function packKind(parts: KindParts, scope: Scope): number {
  const { onText, code, negated, before, after, showsNumber, trip, foresight } = parts;
  const rest = [
    after === undefined ? empty : literal(after),
    showsNumber ? literal(1) : empty,
    trip,
    foresight,
  ];
  const last = rest.findLastIndex((field) => field !== empty);
  const fields = [
    literal(onText ? 1 : 0),
    js`(${v},${x})=>${code}`,
    literal(negated ? 1 : 0),
    literal(before),
    ...rest.slice(0, last + 1),
  ];
  return scope.kind(js`[${join(fields, comma)}]`);
}

/** The code of a test on values as its operation reads them: what is compared with a size, what may be missing. */
export function framed(body: Code, test: Test, negated: boolean, scope: Scope): Code {
  const isSize = OPERATIONS[test.operation as OperationName].reads === 'size';
  const code = isSize ? sized(body, scope) : body;
  return test.optional ? whereThere(code, isSize, negated) : code;
}

/**
 * The code of a test that fires on no missing argument: as if it had come out the way that does not make its rule fire.
 * `body` is an expression, or a block.
 */
const whereThere = (body: Code, isBlock: boolean, negated: boolean): Code => {
  const isMissing = js`${v}===void 0`;
  if (isBlock) return js`{if(${isMissing})return ${literal(negated)};${body}}`;
  return negated ? js`${isMissing}||${body}` : js`${v}!==void 0&&(${body})`;
};

/** A block that compares the sizes of a value: see `Sizes`. */
const sized = (body: Code, scope: Scope): Code =>
  js`{const w=${scope.support('largest')}(${v});${v}=${scope.support('size')}(${v});return ${body}}`;

/** How sure the comparison of texts must be for the test to be so sure. */
export function modeOf({ operation }: Test, mode: Mode): Mode {
  const opposite = OPERATIONS[operation as OperationName].comparesTexts?.opposite;
  if (!opposite) return mode;
  return mode === 'maybe' ? 'definitely' : 'maybe';
}

/** What a test says of a text of which only parts are known; nothing where it is that of any text. */
export function emitForesight(test: Test, negated: boolean, scope: Scope): Code {
  const { operation, pattern, spelling, written } = test;
  if (written) return scope.support('asWritten');
  const described: Operation = OPERATIONS[operation as OperationName];
  if (operation === 'exists' || operation === 'missing') return scope.support('presence');
  if (described.reads === 'size') return scope.support('sized');
  // Which words a text ends in up to what is not known nobody can tell.
  if (described.operand === 'request') return scope.support('never');
  const { comparesTexts } = described;
  if (!comparesTexts) return empty;
  const { ignoreCase, normalize } = spelling ?? EXACT;
  const opposite = comparesTexts.opposite === true;
  const bits = (ignoreCase === 'no' ? 0 : FOLDS) + (normalize === 'no' ? 0 : PLAIN);
  const { how } = comparesTexts;
  if (how === 'is') return js`${scope.support('equalling')}(${literal(bits)},${literal(opposite)})`;
  // A mark in front of what is not known may belong to a letter in it, so it is never sure that a plain spelling is there.
  const isUnsure = normalize === 'yes' && negated !== opposite;
  const ofEnd = literal(bits + (isUnsure ? UNSURE : 0));
  if (how === 'starts_with') return js`${scope.support('starting')}(${ofEnd})`;
  if (how === 'ends_with') return js`${scope.support('ending')}(${ofEnd})`;
  if (isUnsure) return scope.support('never');
  const looks = pattern?.looks ?? 'nowhere';
  if (looks === 'around') return scope.support('never');
  const [parts, others] = IN_PARTS[looks];
  return scope.support(opposite ? others : parts);
}

/** By what a pattern looks at beside the match itself: where it can be found for sure. */
const IN_PARTS = {
  nowhere: ['inParts', 'notInParts'],
  start: ['inFirst', 'notInFirst'],
  end: ['inLast', 'notInLast'],
} as const;
