/** What the caller says: operands out of the context, and texts that the user has named. */
import type { CallerValue, OperandValue } from '../../compiler/ir/document.ts';
import { plainOf, readAs } from './spelling.ts';
import { textsOf } from './texts.ts';
import type { Truth } from './truth.ts';

/** The context gives nothing that the operation takes. */
export const NOT_GIVEN = Symbol('not given');

export function givenBy(
  context: unknown,
  operation: string,
  { path, before, behind }: CallerValue,
): OperandValue | typeof NOT_GIVEN {
  let value: unknown = context;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return NOT_GIVEN;
    value = new Map(Object.entries(value)).get(name);
  }
  const frame = (text: unknown): unknown => {
    if (before + behind === '') return text;
    return typeof text === 'string' && text !== '' ? before + text + behind : undefined;
  };
  const isScalar = (one: unknown): boolean =>
    one === null || typeof one === 'string' || typeof one === 'boolean' || isNumber(one);
  const isNumber = (one: unknown): boolean => typeof one === 'number' && Number.isFinite(one);
  switch (operation) {
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return isNumber(value) ? (value as number) : NOT_GIVEN;
    case 'in':
    case 'not_in': {
      if (!Array.isArray(value) || !value.every(isScalar)) return NOT_GIVEN;
      const items = value.map(frame);
      return items.includes(undefined) ? NOT_GIVEN : (items as OperandValue);
    }
    case 'equals':
    case 'not_equals': {
      const one = isScalar(value) ? frame(value) : undefined;
      return one === undefined ? NOT_GIVEN : (one as OperandValue);
    }
    default:
      return typeof value === 'string' && value !== '' ? before + value + behind : NOT_GIVEN;
  }
}

const WORD = String.raw`[\p{L}\p{N}\p{M}_]`;
const JOIN = String.raw`[-@.\/\\:%+=&#~]`;
const fold = (text: string): string =>
  text.toLowerCase().toUpperCase().toLowerCase().replaceAll('\u03c2', '\u03c3');

/** "Stands in the request as words of its own": no letter, digit, or sign with one behind it goes on at either end. */
function stands(sought: string, request: string, least: number): boolean {
  if ([...sought].length < least) return false;
  const ends = new RegExp(`(?:${WORD}|${JOIN})`, 'u');
  const goesOn = (edge: string): string =>
    ends.test(edge) ? `(?:${WORD}|${JOIN}${WORD})` : `${JOIN}${WORD}`;
  const goesBack = (edge: string): string =>
    ends.test(edge) ? `(?:${WORD}|${WORD}${JOIN})` : `${WORD}${JOIN}`;
  const letters = [...sought];
  const escaped = sought.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const source = `(?<!${goesBack(letters[0] ?? '')})${escaped}(?!${goesOn(letters.at(-1) ?? '')})`;
  return new RegExp(source, 'u').test(request);
}

export function namedIn(value: unknown, request: string, least: number): Truth {
  const isText = typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
  if (!isText) return 'unknown';
  const [text = ''] = textsOf(value).flatMap((one) => (typeof one === 'string' ? [one.trim()] : []));
  if (stands(fold(text), fold(request), least)) return true;
  const where = fold(plainOf(request));
  return [plainOf(text), ...readAs(text)].some((form) => stands(fold(form), where, least))
    ? 'unknown'
    : false;
}
