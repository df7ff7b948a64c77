export const OPERATION_NAMES = [
  'equals',
  'not_equals',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'matches',
  'not_matches',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'exists',
  'missing',
  'type',
  'length_equals',
  'length_gt',
  'length_gte',
  'length_lt',
  'length_lte',
  'length_between',
];
export const TYPE_NAMES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount = (value) => isNumber(value) && Number.isInteger(value) && value >= 0;
const isText = (value) => typeof value === 'string' && value !== '';
const isScalar = (value) => !Array.isArray(value) && (typeof value !== 'number' || isNumber(value));
const isPair = (value, of) =>
  Array.isArray(value) &&
  value.length === 2 &&
  of(value[0]) &&
  of(value[1]) &&
  Number(value[0]) <= Number(value[1]);
export const OPERANDS = {
  none: { expected: 'no value', accepts: () => false },
  number: { expected: 'a finite number', accepts: isNumber },
  interval: { expected: 'a list of two numbers, the smaller first', accepts: (v) => isPair(v, isNumber) },
  count: { expected: 'a whole number from 0', accepts: isCount },
  'count-interval': {
    expected: 'a list of two whole numbers from 0, the smaller first',
    accepts: (v) => isPair(v, isCount),
  },
  scalar: { expected: 'a string, number, boolean or null', accepts: isScalar },
  scalars: {
    expected: 'a list of strings, numbers, booleans or nulls',
    accepts: (v) => Array.isArray(v) && v.length > 0 && v.every(isScalar),
  },
  text: { expected: 'a string that is not empty', accepts: isText },
  pattern: { expected: 'a regular expression as a string that is not empty', accepts: isText },
  type: { expected: 'the name of a JSON type', accepts: (v) => TYPE_NAMES.some((type) => type === v) },
};
/** A scalar as a message shows it. */
export function show(value) {
  return Array.isArray(value) ? value.map(show).join(', ') : JSON.stringify(value);
}
