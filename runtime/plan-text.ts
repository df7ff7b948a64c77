import { parseJson } from './json.ts';

/** Deepest nesting that is read; the limit on plans that are decided is far below. */
const MAX_DEPTH = 200;

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** What `namesIn` answers where a member's name is written with an escape. */
const ESCAPED = -1;

/**
 * Reads the text of a plan as strictly as `parseJson`, at about the speed of the engine's own parser. A member that is
 * there twice is one member less in the value than in the text; the strict reader then says which.
 *
 * Hand plans over as they came: `JSON.parse` keeps the last of two members, rounds integers, and in V8 12.9 to 14.6
 * (Node 23 to 26) can be made, by a plan before, to read another name than the one that is written.
 *
 * @throws JsonError for text that is not JSON, has a member twice, holds an integer that no double does, or nests
 * deeper than 200 levels. Its `offset` is the place.
 * @example
 * const decision = policy.evaluate(parsePlan(await request.text()));
 */
export function parsePlan(text: string): unknown {
  const names = text.includes('\\') ? namesIn(text) : undefined;
  if (names === ESCAPED) return parseJson(text, MAX_DEPTH);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's message quotes the text, and does not always say where.
    return parseJson(text, MAX_DEPTH);
  }
  const members = membersOf(value, MAX_DEPTH);
  // No more colons than members, so no member is lost; else those in strings must be told apart.
  if (members === (names ?? colonsIn(text)) || members === (names ?? namesIn(text))) return value;
  return parseJson(text, MAX_DEPTH);
}

/** Colons in a text: at least as many as there are members. */
function colonsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) count += 1;
  return count;
}

/** Members written in a text that is JSON: outside of strings, a colon follows names only. */
function namesIn(text: string): number {
  let names = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) !== QUOTE) continue;
    let escaped = false;
    for (at += 1; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === QUOTE) break;
      if (unit !== BACKSLASH) continue;
      escaped = true;
      at += 1;
    }
    while (isBlank(text.charCodeAt(at + 1))) at += 1;
    if (text.charCodeAt(at + 1) !== COLON) continue;
    if (escaped) return ESCAPED;
    names += 1;
  }
  return names;
}

const isBlank = (unit: number): boolean => unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d;

/**
 * Members of a value that `JSON.parse` made, and of all that is in it; NaN where it nests deeper than `depth`, or holds
 * a number that may have been rounded.
 */
function membersOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return isRounded(value) ? NaN : 0;
  if (depth === 0) return NaN;
  let members = 0;
  // Texts are passed over here: most of a plan is not worth a call.
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    for (let i = 0; i < items.length; i += 1) {
      const item = items[i];
      if (typeof item === 'object' && item !== null) members += membersOf(item, depth - 1);
      else if (isRounded(item)) return NaN;
    }
    return members;
  }
  const object = value as Readonly<Record<string, unknown>>;
  // What JSON.parse makes inherits nothing that could be listed, and this way no array of names is made.
  for (const key in object) {
    members += 1;
    const member = object[key];
    if (typeof member === 'object' && member !== null) members += membersOf(member, depth - 1);
    else if (isRounded(member)) return NaN;
  }
  return members;
}

/** Whether a number may stand for an integer that no double holds. */
const isRounded = (value: unknown): boolean =>
  typeof value === 'number' && (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER);
