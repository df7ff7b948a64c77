/** Patterns, naively: a tree of tests, each of which says what it may say of the values that a path leads to. */
import { once } from './once.ts';
import { bare, canBe, INSIDE, Later } from './references.ts';
import { compareTexts, readingsOf } from './spelling.ts';
import type { Readings } from './spelling.ts';
import { textsOf } from './texts.ts';
import { matchesGlob } from './tools.ts';
import { and, ANYTHING, certain, not, or } from './truth.ts';
import type { Outlook, Truth } from './truth.ts';
import { givenBy, namedIn, NOT_GIVEN } from './caller.ts';
import { heldFrom, heldIn, isPrivateHost, OPEN, UNREADABLE } from './views.ts';
import { equalTo, hasOtherForms, isBlank, lengthsOf, typesOf } from './values.ts';
import type { OracleStep } from './shape.ts';
import type {
  LeafDeclaration,
  OperandValue,
  PatternDeclaration,
  Scalar,
  View,
} from '../../compiler/ir/document.ts';

/** @param turned - whether its opposite is asked for */
export function holds(
  pattern: PatternDeclaration,
  step: OracleStep,
  context: unknown,
  turned = false,
): Outlook {
  const { tools, leaf, and: all, or: any, not: inner } = pattern;
  const tool = tools === null || tools.some((found) => matchesGlob(found.value, step.tool));
  const body = leaf
    ? holdsLeaf(leaf, step, context, turned)
    : all
      ? and(all.map((item) => holds(item, step, context, turned)))
      : any
        ? or(any.map((item) => holds(item, step, context, turned)))
        : inner
          ? not(holds(inner, step, context, !turned))
          : certain(true);
  return and([certain(tool), body]);
}

function holdsLeaf(leaf: LeafDeclaration, step: OracleStep, context: unknown, turned: boolean): Outlook {
  const operation = leaf.operation.value;
  const operand = leaf.valueFrom
    ? givenBy(context, operation, leaf.valueFrom.value)
    : (leaf.value?.value ?? null);
  const readings = readingsOf(operation, leaf.ignoreCase?.value, leaf.normalize?.value);
  if (leaf.arg === null)
    return or(
      textsOf(step.args).map((text) =>
        operand === NOT_GIVEN ? certain('unknown') : testText(operation, text, String(operand), readings),
      ),
    );
  const test = (value: unknown): Outlook =>
    // "A missing argument makes no rule fire, whichever way the test is asked."
    value === MISSING && leaf.optional?.value
      ? certain(turned)
      : operand === NOT_GIVEN
        ? untold(operation, value, turned, leaf.optional?.value === true)
        : isNaming(operation)
          ? naming(operation, value, String(operand), leaf.valueFrom?.value.least ?? 0)
          : testValue(operation, value, operand, readings);
  const { view } = leaf;
  return anyValue(step.args, segmentsOf(leaf.arg.value), (value) =>
    view ? throughView(view.value, value, test) : test(value),
  );
}

/** Asks the test of what a value holds. */
function throughView(view: View, value: unknown, test: (value: unknown) => Outlook): Outlook {
  const inner = view.path.map((segment) => (typeof segment === 'string' ? segment : '[*]'));
  const through = (held: unknown): Outlook => anyValue(held, inner, test);
  if (value === MISSING || value === WRONG || value === INSIDE) return through(value);
  if (value instanceof Later && value.known === null) return certain('unknown');
  const held =
    value instanceof Later
      ? heldFrom(view, value.isWhole ? '' : (value.known?.[0] ?? ''))
      : typeof value === 'string'
        ? heldIn(view, value)
        : UNREADABLE;
  if (held === OPEN) return through(INSIDE);
  if (held === UNREADABLE) return through(WRONG);
  return through(held === undefined ? MISSING : held);
}

/** "Missing, or of another type: cannot be told"; but a text that is asked for is not there where there is no text. */
function untold(operation: string, value: unknown, turned: boolean, optional: boolean): Outlook {
  if (value === INSIDE && optional) return ['unknown', turned];
  const isOfTexts = ['contains', 'starts_with', 'ends_with'].includes(operation) && !turned;
  const isEmpty = isOfTexts && value !== WRONG && value !== INSIDE && textsOf(value).length === 0;
  return certain(isEmpty ? false : 'unknown');
}

const isNaming = (operation: string): boolean => operation.endsWith('named_in');

function naming(operation: string, value: unknown, request: string, least: number): Outlook {
  const named =
    value instanceof Later || value === INSIDE
      ? [true, false, 'unknown' as const]
      : [namedIn(value, request, least)];
  if (value instanceof Later && value.known === null) return certain('unknown');
  return operation === 'named_in' ? named : not(named);
}

export const segmentsOf = once((path: string): readonly string[] =>
  path.split('.').flatMap((part) => [part.replaceAll('[*]', ''), ...(part.match(/\[\*\]/g) ?? [])]),
);

export const MISSING = Symbol('missing');
const WRONG = Symbol('inside something that is no object');

/** It is, or lies in, a value that a reference stands for. */
export const waits = (value: unknown): boolean =>
  value === INSIDE || (value instanceof Later && value.isWhole);

/** Whether the test holds for any value that the path leads to. */
export function anyValue(
  value: unknown,
  segments: readonly string[],
  test: (value: unknown) => Outlook,
): Outlook {
  const [segment, ...rest] = segments;
  if (segment === undefined) return test(value);
  if (waits(value)) return anyValue(INSIDE, [], test);
  // Nobody knows what it is.
  if (value instanceof Later && value.known === null) return certain('unknown');
  if (segment === '[*]') {
    if (value === MISSING) return anyValue(MISSING, rest, test);
    return Array.isArray(value) ? or(value.map((item) => anyValue(item, rest, test))) : certain('unknown');
  }
  if (value === MISSING || value === WRONG) return anyValue(value, rest, test);
  if (value instanceof Later) return anyValue(WRONG, rest, test);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return anyValue(WRONG, rest, test);
  const member: unknown = Object.hasOwn(value, segment)
    ? (value as Record<string, unknown>)[segment]
    : MISSING;
  return anyValue(member, rest, test);
}

/** One text; of several it can only be sure that there is none. */
function testText(operation: string, text: string | Later, wanted: string, readings: Readings): Outlook {
  if (!(text instanceof Later)) return certain(compareTexts(operation, text, wanted, readings));
  if (text.known === null) return certain('unknown');
  if (text.isWhole) return ANYTHING;
  const [folds, plain] = [readings.folds.includes(true), readings.plain.includes(true)];
  const first = text.known[0] ?? '';
  const last = text.known.at(-1) ?? '';
  /** Whether one begins with the other, white space at that end aside; `null` where that is not told. */
  const apart = (known: string, sought: string, turned: boolean): boolean => {
    const [a = null, b = null] = [known, sought].map((one) => bare(one, folds, plain));
    if (a === null || b === null) return false;
    const [x = '', y = ''] = [a, b].map((one) => (turned ? [...one].reverse().join('') : one).trimStart());
    return !x.startsWith(y) && !y.startsWith(x);
  };
  const looked: Readonly<Record<string, readonly string[]>> = {
    contains: text.known,
    starts_with: [first],
    ends_with: [last],
    matches: operation === 'matches' ? partsFor(wanted, text.known) : [],
  };
  const told = (looked[operation] ?? []).map((part) => compareTexts(operation, part, wanted, readings));
  // A mark in front of the unknown part may belong to a letter in it, so plain spellings are never sure.
  if (told.includes(true)) return readings.plain.includes(false) ? certain(true) : [true, 'unknown'];
  if (told.includes('unknown')) return [true, 'unknown'];
  if (operation === 'starts_with' && apart(first, wanted, false)) return certain(false);
  if (operation === 'ends_with' && apart(last, wanted, true)) return certain(false);
  return ANYTHING;
}

/** The parts in which a match of a pattern is one whatever stands around them. */
function partsFor(pattern: string, known: readonly string[]): readonly string[] {
  // Looking ahead for what is read next anyway does not reach beyond it.
  const ahead = pattern.replace(/\(\?=(\w+)\)(?=\1)/g, '');
  const source = ahead.replace(/\\[^bB]/g, '').replace(/\[[^\]]*\]/g, '');
  const looksAround = /\\[bB]|\(\?[=!]|\(\?<[=!]/.test(source);
  const [atStart, atEnd] = [source.includes('^'), source.includes('$')];
  if (looksAround || (atStart && atEnd)) return [];
  return atStart ? known.slice(0, 1) : atEnd ? known.slice(-1) : known;
}

function testValue(operation: string, value: unknown, operand: OperandValue, readings: Readings): Outlook {
  const numbers = operand as readonly number[];
  const number = operand as number;
  const isOpaque = value instanceof Later && value.known === null;
  if (isOpaque) return certain('unknown');
  if (value === INSIDE) return ANYTHING;
  if (operation === 'exists' || operation === 'missing') {
    const isOpen = value === null || value === WRONG || isBlank(value);
    const isThere = isOpen ? 'unknown' : value !== MISSING;
    return operation === 'exists' ? certain(isThere) : not(certain(isThere));
  }
  if (waits(value)) return ANYTHING;
  switch (operation) {
    case 'equals':
      return equality(value, [operand as Scalar], readings);
    case 'in':
      return equality(value, operand as readonly Scalar[], readings);
    case 'not_equals':
      return not(equality(value, [operand as Scalar], readings));
    case 'not_in':
      return not(equality(value, operand as readonly Scalar[], readings));
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'matches': {
      if (typeof value === 'string' || value instanceof Later)
        return testText(operation, value, String(operand), readings);
      if (value === WRONG) return certain('unknown');
      const each = textsOf(value).map((text) => testText(operation, text, String(operand), readings));
      return or(each.map((outlook) => outlook.map((truth) => (truth === false ? false : 'unknown'))));
    }
    case 'private_network':
      return certain(typeof value === 'string' ? isPrivateHost(value) : 'unknown');
    case 'not_contains':
    case 'not_matches':
      return typeof value === 'string' || value instanceof Later
        ? not(testText(operation.slice(4), value, String(operand), readings))
        : certain('unknown');
    case 'gt':
      return compare(value, (n) => n > number);
    case 'gte':
      return compare(value, (n) => n >= number);
    case 'lt':
      return compare(value, (n) => n < number);
    case 'lte':
      return compare(value, (n) => n <= number);
    case 'between':
      return compare(value, (n) => n >= (numbers[0] ?? 0) && n <= (numbers[1] ?? 0));
    case 'not_between':
      return compare(value, (n) => n < (numbers[0] ?? 0) || n > (numbers[1] ?? 0));
    case 'type':
      if (value instanceof Later) return certain(operand === 'string');
      return certain(
        value === WRONG ? 'unknown' : value !== MISSING && typesOf(value).includes(String(operand)),
      );
    case 'length_equals':
      return ofLengths(value, operand, (n) => n === number);
    case 'length_gt':
      return ofLengths(value, operand, (n) => n > number);
    case 'length_gte':
      return ofLengths(value, operand, (n) => n >= number);
    case 'length_lt':
      return ofLengths(value, operand, (n) => n < number);
    case 'length_lte':
      return ofLengths(value, operand, (n) => n <= number);
    case 'length_between':
      return ofLengths(value, operand, (n) => n >= (numbers[0] ?? 0) && n <= (numbers[1] ?? 0));
    default:
      throw new Error(`the oracle does not know ${operation}`);
  }
}

const compare = (value: unknown, test: (n: number) => boolean): Outlook =>
  certain(typeof value === 'number' && Number.isFinite(value) ? test(value) : 'unknown');

/** A text of known parts may be of any length from that of these on. */
function ofLengths(value: unknown, operand: OperandValue, test: (n: number) => boolean): Outlook {
  if (!(value instanceof Later)) return certain(compareLengths(value, test));
  const least = [...(value.known ?? []).join('')].length;
  const most = Math.max(least, ...[operand].flat().map(Number)) + 1;
  return [...new Set(Array.from({ length: most - least + 1 }, (_, i) => test(least + i)))];
}

function mayEqual(value: Later, operand: Scalar, { folds, plain }: Readings): Outlook {
  const known = value.known ?? [];
  if (operand === null) return certain(false);
  if (typeof operand !== 'string' || hasOtherForms(operand)) return ANYTHING;
  const parts = known.map((part) => bare(part, folds.includes(true), plain.includes(true)));
  const sought = bare(operand, folds.includes(true), plain.includes(true));
  return sought === null || parts.includes(null) || canBe(parts.map(String), sought)
    ? ANYTHING
    : certain(false);
}

/** An array or object where a scalar was meant, or another type that reads the same, cannot be told. */
function equality(value: unknown, operands: readonly Scalar[], readings: Readings): Outlook {
  if (value === MISSING) return certain(false);
  if (value === WRONG) return certain('unknown');
  return or(
    operands.map((operand) =>
      value instanceof Later
        ? mayEqual(value, operand, readings)
        : certain(equalTo(value, operand, readings)),
    ),
  );
}

/** True or false where it is so of the length and of all that may be counted in it. */
function compareLengths(value: unknown, test: (n: number) => boolean): Truth {
  const lengths = value === MISSING || value === WRONG ? null : lengthsOf(value);
  if (!lengths) return 'unknown';
  const answers = new Set<boolean>();
  for (let n = lengths.own; n <= lengths.most; n += 1) answers.add(test(n));
  return answers.size === 2 ? 'unknown' : answers.has(true);
}
