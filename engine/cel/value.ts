/**
 * CEL values at run time. No global is named in the `cel-*` support files: they become part of a module that
 * touches none, so `Map`, `Math`, `BigInt` and the like are done without.
 *
 * | CEL | here |
 * |---|---|
 * | null, bool, string | themselves |
 * | double | number; so is every number of a plan |
 * | int | bigint |
 * | list | array |
 * | map | plain object, own properties only; `CelMap` if made by the expression |
 * | uint, bytes, timestamp, duration, type, optional | a `CelBoxed` |
 *
 * A function given a value it has no overload for returns a `CelFailure`: an error is a value and is passed on,
 * nothing throws. Static types are never trusted, so a plan of the wrong shape ends in a failure, too.
 */
import { CelBoxed, CelFailure } from '../text/failure.ts';
import { isWhole, memberOf, UnknownValue } from '../text/references.ts';

export { CelBoxed, CelFailure };

export class CelUint extends CelBoxed {
  value = 0n;
}

export class CelBytes extends CelBoxed {
  octets: readonly number[] = [];
}

/** Nanoseconds since 1970-01-01T00:00:00Z. */
export class CelTimestamp extends CelBoxed {
  nanos = 0n;
}

export class CelDuration extends CelBoxed {
  nanos = 0n;
}

/** A type as a value, by its name. */
export class CelTypeValue extends CelBoxed {
  name = '';
}

export class CelOptional extends CelBoxed {
  present = false;
  value: unknown = null;
}

/** A map that an expression makes. `index`: where a key stands, by `keyText`. */
export class CelMap extends CelBoxed {
  keys: unknown[] = [];
  values: unknown[] = [];
  index: Record<string, number> = {};
}

export type PlainObject = Readonly<Record<string, unknown>>;

function failure(reason: string): CelFailure {
  const made = new CelFailure();
  made.reason = reason;
  return made;
}

// `PURE`: the bundler leaves out what a module does not use.
export const NO_OVERLOAD = /* @__PURE__ */ failure('the operation does not work on these values');
export const NO_KEY = /* @__PURE__ */ failure('there is no such key');

/** The failure of a condition whose value is of another type. */
export function notBool(type: string): CelFailure {
  return failure(`it gives a value of type \`${type}\`, not a bool`);
}

/** The failure of reading a member, by a name that the policy has written. */
export function noKey(name: string): CelFailure {
  return failure(`there is no key \`${name}\``);
}

export const NO_ELEMENT = /* @__PURE__ */ failure('the index is outside the list');
export const OVERFLOW = /* @__PURE__ */ failure('a number or time is out of range');
export const DIVISION = /* @__PURE__ */ failure('division by zero');
export const BAD_ARGUMENT = /* @__PURE__ */ failure('an argument has no meaning here');
export const REPEATED_KEY = /* @__PURE__ */ failure('a key stands twice in a map');
/** The specification has every test of NaN false; then `double(x) > 10.0` would pass what is no amount at all. */
export const NOT_A_NUMBER = /* @__PURE__ */ failure('a number came out as none, which compares with nothing');
export const NO_VALUE = /* @__PURE__ */ failure('the optional value is none');
export const TOO_MUCH = /* @__PURE__ */ failure('the condition takes more work than is allowed');

/**
 * The failure to pass on: that of an operand, or that there is no such overload. An error wins over a value that is not
 * known, and a text that nobody understands over a reference: neither is told later.
 */
export function failed(...operands: readonly unknown[]): CelFailure {
  let found: CelFailure | null = null;
  for (const operand of operands) if (operand instanceof CelFailure) found = worse(found, operand);
  return found === null ? NO_OVERLOAD : asResult(found);
}

/** What an operation makes of a text is another text, or none at all: of that nothing is known. */
const asResult = (passed: CelFailure): CelFailure =>
  passed instanceof UnknownValue && passed.known !== null && !isWhole(passed) ? memberOf(passed, '') : passed;

/** Of two failures the one that is passed on. */
export function worse(first: CelFailure | null, second: CelFailure): CelFailure {
  if (first === null || !(first instanceof UnknownValue)) return first ?? second;
  return first.known === null && second instanceof UnknownValue ? first : second;
}

// Methods, not globals: taken from a literal when the module loads.
const bare = {};
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with `.call`
const hasOwnProperty = bare.hasOwnProperty;
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with `.call`
const toString = bare.toString;

export function owns(object: object, key: string): boolean {
  return hasOwnProperty.call(object, key);
}

/** `Array.isArray` without the global; what has no length is no array and is told apart at once. */
export function isList(value: unknown): value is readonly unknown[] {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { length?: unknown }).length === 'number' &&
    toString.call(value) === '[object Array]'
  );
}

/** An object of a plan. */
export function isPlain(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !(value instanceof CelBoxed) && !isList(value);
}

/** A value found in a plan: what JSON cannot hold is a failure. */
export function clean(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return NO_KEY;
    case 'function':
    case 'symbol':
      return NO_OVERLOAD;
    default:
      return value;
  }
}

export function uint(value: bigint): CelUint {
  const made = new CelUint();
  made.value = value;
  return made;
}

export function bytes(octets: readonly number[]): CelBytes {
  const made = new CelBytes();
  made.octets = octets;
  return made;
}

export function typeValue(name: string): CelTypeValue {
  const made = new CelTypeValue();
  made.name = name;
  return made;
}

/** Literals of uint, bytes and types in emitted text. */
export const celUint = uint;
export const celBytes = bytes;
export const celType = typeValue;
