/** Reads plans as strictly as `parseJson`, at the speed of the engine's own parser. */
import { parseJson } from '@plan-lint/runtime/json';

/** Deepest nesting that is read; the runtime's own limit on plans is far below. */
const MAX_DEPTH = 200;

/** A string that a colon follows: outside of strings, JSON has colons after member names only. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"[ \t\n\r]*(:?)/gy;

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

/** Members written in a text that is JSON. */
function membersIn(text: string): number {
  let members = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', STRING.lastIndex)) {
    STRING.lastIndex = at;
    if (STRING.exec(text)?.[1] === ':') members += 1;
  }
  STRING.lastIndex = 0;
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
  for (const key of Object.keys(object)) members += 1 + membersOf(object[key], depth + 1);
  return members;
}
