/** Reads plans as strictly as `parseJson`, at the speed of the engine's own parser. */
import { parseJson } from '@plan-lint/runtime/json';
import { isBlank } from './split.ts';

/** Deepest nesting that is read; the runtime's own limit on plans is far below. */
const MAX_DEPTH = 200;

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * Reads one JSON text. A member that is there twice is one member less in the value than in the text; the slow
 * reader then says which.
 *
 * @throws SyntaxError for text that is not JSON, has a member twice, or nests too deeply
 */
export function parsePlan(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return membersOf(value, 0) === membersIn(text) ? value : parseJson(text, MAX_DEPTH);
}

/** Members written in a text that is JSON: outside of strings, a colon follows member names only. */
function membersIn(text: string): number {
  let members = 0;
  const { length } = text;
  for (let at = 0; at < length; at += 1) {
    if (text.charCodeAt(at) !== QUOTE) continue;
    for (at += 1; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (code === BACKSLASH) at += 1;
    }
    while (isBlank(text.charCodeAt(at + 1))) at += 1;
    if (text.charCodeAt(at + 1) === COLON) members += 1;
  }
  return members;
}

/** Members of a value and all that is in it; NaN below the depth that is read. */
function membersOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === MAX_DEPTH) return NaN;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) members += membersOf(item, depth + 1);
    return members;
  }
  const object = value as Readonly<Record<string, unknown>>;
  // What JSON.parse makes inherits nothing that could be listed, and this way no array of names is made.
  for (const key in object) members += 1 + membersOf(object[key], depth + 1);
  return members;
}
