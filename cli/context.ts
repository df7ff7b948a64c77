/** What the caller of a command vouches for. */
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { UsageError } from '../bundles/failure.ts';
import { parseExpiry } from '../bundles/instant.ts';
import type { Io } from './terminal/io.ts';

/** When plans are asked about: the instant of `--now`, or the clock. @throws UsageError */
export const askedAt = (written: string | undefined, io: Io): number =>
  written === undefined ? io.now() : Date.parse(parseExpiry(written, io.now()));

/** `role=analyst` and `limits.daily=5`: dots nest. */
export function parseContext(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  const context: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1)
      throw new UsageError(`\`${pair}\` is not key=value`, '--context role=analyst --context limits.daily=5');
    const path = pair.slice(0, at).split('.');
    const last = path.pop() ?? '';
    let object = context;
    for (const key of path) {
      const inner = Object.hasOwn(object, key) ? object[key] : {};
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) {
        throw new UsageError(
          `\`${pair}\` sets a member of something that is not an object`,
          'give each key once',
        );
      }
      define(object, key, inner);
      object = inner as Record<string, unknown>;
    }
    define(object, last, contextValue(pair.slice(at + 1), pair));
  }
  return context;
}

/** As an own property, whatever its name. */
function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}

/** JSON where it is JSON, text where it is not; what is nearly JSON must not become something else in silence. */
function contextValue(text: string, pair: string): unknown {
  try {
    return parseJson(text, MAX_DEPTH);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { code } = error;
    if (code === 'not_json') return text;
    throw new UsageError(`\`${pair}\` cannot be read: ${error.message} of the value`, HINTS[code](text));
  }
}

const MAX_DEPTH = 64;

const HINTS = {
  inexact_number: (text: string) =>
    `numbers are IEEE doubles, in which integers are exact up to 9007199254740991; quote an identifier: '"${text}"'`,
  duplicate_member: () => 'keep one of the two: readers differ in which one they take',
  too_deep: () => `values are read ${MAX_DEPTH} levels deep`,
} as const;
