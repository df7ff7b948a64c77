/**
 * A strict JSON reader (RFC 8259). `JSON.parse` keeps the last of two members of one name, other parsers keep
 * the first: what was checked and what is used could then differ, so duplicates are an error here (§4: names
 * SHOULD be unique). Depth is capped because the reader recurses.
 */

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

const MAX_DEPTH = 32;
const token =
  /[ \t\n\r]*(?:([[\]{}:,])|("[^"\\]*(?:\\.[^"\\]*)*")|(-?[0-9][-+.0-9eE]*|true|false|null))[ \t\n\r]*/y;

/**
 * Reads one JSON text.
 *
 * @param maxDepth - deepest nesting of arrays and objects
 * @throws SyntaxError for text that is not JSON, has a member twice, or nests deeper.
 */
export function parseJson(text: string, maxDepth = MAX_DEPTH): JsonValue {
  let at = 0;
  let punctuation: string | undefined;
  let scalar: string | undefined;

  const refuse = (why: string): never => {
    throw new SyntaxError(`${why} at offset ${at}`);
  };
  const next = (): void => {
    token.lastIndex = at;
    const found = token.exec(text) ?? refuse('not JSON');
    at = token.lastIndex;
    punctuation = found[1];
    scalar = found[2] ?? found[3];
  };
  const list = (close: string, item: () => void): void => {
    next();
    if (punctuation === close) return;
    for (;;) {
      item();
      next();
      if (punctuation === close) return;
      if (punctuation !== ',') refuse(`expected , or ${close}`);
      next();
    }
  };
  // Reads the value whose first token has just been read.
  const value = (depth: number): JsonValue => {
    // The scalar's own grammar (escapes, leading zeros, lone quotes) is JSON.parse's.
    if (scalar !== undefined) return JSON.parse(scalar) as JsonValue;
    if (depth === maxDepth) refuse('nested too deeply');
    if (punctuation === '[') {
      const items: JsonValue[] = [];
      list(']', () => items.push(value(depth + 1)));
      return items;
    }
    if (punctuation !== '{') refuse('expected a value');
    const members = new Map<string, JsonValue>();
    list('}', () => {
      if (scalar?.startsWith('"') !== true) return refuse('expected a name');
      const key = JSON.parse(scalar) as string;
      if (members.has(key)) refuse(`the name ${scalar} is there twice`);
      next();
      if (punctuation !== ':') refuse('expected :');
      next();
      members.set(key, value(depth + 1));
    });
    // `fromEntries` defines own properties: a member called __proto__ stays a member.
    return Object.fromEntries(members);
  };

  next();
  const result = value(0);
  if (at !== text.length) refuse('text after the value');
  return result;
}
