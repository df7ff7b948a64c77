/**
 * Which line of which policy an emitted stretch comes from, as a source map (ECMA-426, version 3). Sources are paths
 * inside the policy directory, names are rule ids. It is a file of its own: the emitted text does not speak of it.
 */
import type { RuleRow } from '@plan-lint/runtime/contract';
import type { Code } from '../code/code.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A whole number as base64 VLQ (ECMA-426, "Base64 VLQ"): the sign is the lowest bit, five bits a digit, low first. */
function vlq(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = '';
  do {
    const digit = rest % 32;
    rest = (rest - digit) / 32;
    text += DIGITS.charAt(rest > 0 ? digit + 32 : digit);
  } while (rest > 0);
  return text;
}

/** Writes numbers as their distance from the ones written before. */
class Deltas {
  #last: readonly number[];
  constructor(start: readonly number[]) {
    this.#last = start;
  }
  write(values: readonly number[]): string {
    const text = values.map((value, i) => vlq(value - (this.#last[i] ?? 0))).join('');
    this.#last = values;
    return text;
  }
}

/**
 * The map of an emitted text, as JSON.
 *
 * @param rows - of the rules that the text's marks name
 * @param files - sources that the rows name
 */
export function sourceMap(code: Code, rows: readonly RuleRow[], files: readonly string[]): string {
  const names = [...new Set(rows.map(([id]) => id))];
  const nameIndex = new Map(names.map((id, i) => [id, i]));
  const origins = new Deltas([0, 0, 0, 0]);
  const { marks } = code;
  let [next, start] = [0, 0];
  const lines = code
    .toString()
    .split('\n')
    .map((line) => {
      const end = start + line.length;
      const columns = new Deltas([0]);
      const segments: string[] = [];
      for (let mark = marks[next]; mark && mark.from < end; mark = marks[next]) {
        const row = rows[mark.rule];
        if (!row) throw new RangeError(`no rule ${mark.rule}`);
        const [id, , , , , , , file, originLine, originColumn] = row;
        const origin = [file, originLine - 1, originColumn - 1, nameIndex.get(id) ?? 0];
        segments.push(columns.write([Math.max(mark.from - start, 0)]) + origins.write(origin));
        // It goes on in the next line, which begins with it.
        if (mark.to > end) break;
        // What follows is nobody's: else a reader takes it for the same rule's.
        if (mark.to < end) segments.push(columns.write([mark.to - start]));
        next += 1;
      }
      start = end + 1;
      return segments.join(',');
    });
  return `${JSON.stringify({ version: 3, sources: files, names, mappings: lines.join(';') })}\n`;
}
