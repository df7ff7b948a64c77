/** Digests of values, plans and steps: `@plan-lint/runtime/digest`. */
import { canonicalJson } from './jcs.ts';
import { utf8 } from './platform.ts';
import { sha256Now } from './sha256.ts';

export { CanonicalError, canonicalJson } from './jcs.ts';

/**
 * sha256 of a value's canonical JSON (RFC 8785), in lower-case hex; synchronous.
 *
 * @throws CanonicalError for what JSON cannot hold
 * @example
 * digestOf({ b: 1, a: 2 }); // printf '{"a":2,"b":1}' | sha256sum
 */
export const digestOf = (value: unknown): string => sha256Now(utf8(canonicalJson(value)));
