/** Reads plans as strictly as `parseJson`, at the speed of the engine's own parser. */
import { parseJson } from '@plan-lint/runtime/json';
import { Bytes, membersOf } from './members.ts';

/** Deepest nesting that is read; the runtime's own limit on plans is far below. */
const MAX_DEPTH = 200;

/**
 * Reads one JSON text. A member that is there twice is one member less in the value than in the text; the slow
 * reader then says which.
 *
 * @throws SyntaxError for text that is not JSON, has a member twice, or nests too deeply
 */
export function parsePlan(text: string): unknown {
  const bytes = Buffer.from(text);
  return parseWritten(text, new Bytes(bytes), 0, bytes.length);
}

/** The same, for a text that is known in bytes too: `bytes` from `from` to `to`. */
export function parseWritten(text: string, bytes: Bytes, from: number, to: number): unknown {
  const value: unknown = JSON.parse(text);
  const members = membersOf(value, MAX_DEPTH);
  // No more colons than members, so no member is lost; else those in strings must be told apart.
  if (members === bytes.colons(from, to) || members === bytes.members(from, to)) return value;
  return parseJson(text, MAX_DEPTH);
}
