/**
 * Looking for texts that the plan's author chose. What engines do for a long one is quadratic: `aaa…b…aaa` in `aaa…` takes
 * minutes.
 */

/** Up to so many characters engines search by Boyer and Moore, which is fast whatever the texts. */
const SHORT = 250;

/** Where `part` first stands in `text` from `from` on, or -1; linear in both (Knuth, Morris, Pratt 1977). */
export function find(text: string, part: string, from = 0): number {
  const start = text.indexOf(part.slice(0, SHORT), from);
  if (start < 0 || part.length <= SHORT) return start;
  const back = borders(part);
  let same = 0;
  for (let at = start; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    while (same > 0 && part.charCodeAt(same) !== unit) same = back[same - 1] as number;
    if (part.charCodeAt(same) === unit) same += 1;
    if (same === part.length) return at + 1 - same;
  }
  return -1;
}

/** For each beginning of a text, how long its longest end is that the text begins with, too. */
function borders(part: string): readonly number[] {
  const back = [0];
  let same = 0;
  for (let at = 1; at < part.length; at += 1) {
    const unit = part.charCodeAt(at);
    while (same > 0 && part.charCodeAt(same) !== unit) same = back[same - 1] as number;
    if (part.charCodeAt(same) === unit) same += 1;
    back.push(same);
  }
  return back;
}

/** Where `part` last stands in `text`, beginning at `limit` or before, or -1. */
export function findLast(text: string, part: string, limit: number): number {
  if (part.length <= SHORT) return text.lastIndexOf(part, limit);
  const end = text.slice(0, limit + part.length);
  const found = find(reversed(end), reversed(part));
  return found < 0 ? -1 : end.length - found - part.length;
}

/** By units, not characters. */
function reversed(text: string): string {
  let back = '';
  for (let at = text.length - 1; at >= 0; at -= 1) back += text.charAt(at);
  return back;
}

/** The pieces of a text between the places of a separator that is not empty. */
export function pieces(text: string, separator: string): readonly string[] {
  if (separator.length <= SHORT) return text.split(separator);
  const found: string[] = [];
  let from = 0;
  for (let at = find(text, separator); at >= 0; at = find(text, separator, from)) {
    found.push(text.slice(from, at));
    from = at + separator.length;
  }
  found.push(text.slice(from));
  return found;
}
