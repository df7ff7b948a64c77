/**
 * Canonical JSON (RFC 8785, JCS): one value, one text, so that a digest of the text is a digest of the value. Digests of
 * plans and steps, tickets and statements are made over this text and no other.
 */
import { getPrototypeOf, isArray, prototype } from './platform.ts';

const { ownKeys } = Reflect;

/** Deepest nesting, as deep as plans are read; the writer recurses. */
const MAX_DEPTH = 200;

/** In the mode of code points, only what has no partner is a surrogate. */
const LONE_SURROGATE = /\p{Cs}/u;

/** A value that JSON cannot hold, or not in one way. The message quotes no value: it may be a secret. */
export class CanonicalError extends TypeError {
  override readonly name = 'CanonicalError';
  /** JSON Pointer (RFC 6901) to the value, `''` for the whole. */
  readonly pointer: string;

  constructor(why: string, trail: readonly (string | number)[]) {
    const pointer = trail
      .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join('');
    super(`${why} at ${pointer || 'the top'}`);
    this.pointer = pointer;
  }
}

/**
 * Writes a value as RFC 8785 asks: no space, names sorted by their UTF-16 code units (§3.2.3), numbers as ECMAScript prints
 * them, `-0` as `0` (§3.2.2.3), texts with the fewest escapes (§3.2.2.2). Each member is read once.
 *
 * @param value - what `parsePlan` and `parseJson` give, or data like it
 * @throws CanonicalError for what such a reader never gives: `undefined`, NaN and infinities, lone surrogates, functions,
 * objects with a class, members that are hidden or named by a symbol, arrays with holes, nesting deeper than 200
 * @example
 * canonicalJson({ b: -0, a: [1e21, 'é'] }); // {"a":[1e+21,"é"],"b":0}
 */
export function canonicalJson(value: unknown): string {
  const trail: (string | number)[] = [];
  const refuse = (why: string): never => {
    throw new CanonicalError(why, trail);
  };
  const text = (each: string): string =>
    LONE_SURROGATE.test(each) ? refuse('half of a surrogate pair') : JSON.stringify(each);
  const within = (key: string | number, member: unknown): string => {
    trail.push(key);
    const written = write(member);
    trail.pop();
    return written;
  };
  const array = (items: readonly unknown[]): string =>
    ownKeys(items).length === items.length + 1
      ? `[${items.map((item, i) => within(i, item)).join()}]`
      : refuse('an array with holes or names');
  const object = (members: Readonly<Record<string, unknown>>): string => {
    const parent: unknown = getPrototypeOf(members);
    if (parent !== prototype && parent !== null) refuse('an object with a class');
    const names = Object.keys(members);
    if (ownKeys(members).length !== names.length) refuse('a hidden member');
    // Without a comparison, `sort` compares UTF-16 code units.
    return `{${names
      .sort()
      .map((name) => `${text(name)}:${within(name, members[name])}`)
      .join()}}`;
  };
  const write = (each: unknown): string => {
    if (typeof each === 'string') return text(each);
    if (typeof each === 'number')
      return each - each === 0 ? String(each) : refuse('a number without a value');
    if (each === null || typeof each === 'boolean') return String(each);
    if (typeof each !== 'object') return refuse(`no JSON: ${typeof each}`);
    if (trail.length === MAX_DEPTH) refuse('nested too deeply');
    return isArray(each) ? array(each) : object(each as Readonly<Record<string, unknown>>);
  };
  return write(value);
}
