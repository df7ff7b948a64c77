/** Strict JSON in three lines, for the runtime's own documents. */

const stringOrSpace = /("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\n\r]+/g;

/**
 * Parses JSON that says everything once and in one way: apart from the space between its tokens, the text must be
 * what `JSON.stringify` makes of its value. A name that is there twice (RFC 8259 §4 leaves open which one counts)
 * does not survive that, nor does a number or an escape in an unusual spelling, nor anything nested too deeply
 * to be written again. That holds too where the engine takes a name for another, see `json.ts`: it would not come
 * back as it was written.
 *
 * @throws SyntaxError or RangeError
 */
export function parseStrict(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (JSON.stringify(value) !== text.replace(stringOrSpace, '$1')) throw new SyntaxError('not strict JSON');
  return value;
}
