/** Where the steps of a plan stand in its text. */
import { parseJson } from '@plan-lint/runtime/json';

/**
 * The line of each step, counted from 0 in the text.
 *
 * @param text - JSON that has been read: what is not a plan gives no lines
 * @param isRecord - the plan is the member `plan` of the text
 */
export function stepLines(text: string, isRecord = false): readonly number[] {
  const level = isRecord ? 2 : 1;
  const lines: number[] = [];
  let line = 0;
  let depth = 0;
  /** Depth of the elements of the plan's own `steps`; 0 while we are not in it. */
  let within = 0;
  let outer = 'plan';
  let name = '';
  let expected = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '\n') line += 1;
    if (char <= ' ') continue;
    if (expected && depth === within && char !== ']') {
      lines.push(line);
      expected = false;
    }
    if (char === '"') {
      const end = endOfString(text, at);
      if (depth === level) name = nameIn(text, at, end);
      else if (depth === 1) outer = nameIn(text, at, end);
      at = end;
    } else if (char === '{' || char === '[') {
      depth += 1;
      if (char === '[' && depth === level + 1 && outer === 'plan' && name === 'steps' && within === 0) {
        within = depth;
        expected = true;
      }
    } else if (char === '}' || char === ']') {
      depth -= 1;
      if (within > 0 && depth < within) return lines;
    } else if (char === ',' && within > 0 && depth === within) expected = true;
  }
  return lines;
}

/** A name as it reads: a writer may have escaped its letters. */
function nameIn(text: string, from: number, end: number): string {
  const written = text.slice(from + 1, end);
  return written.includes('\\') ? (parseJson(`"${written}"`) as string) : written;
}

/** The closing quote of the string that opens at a place. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
