/** Parts of files become plans, one at a time and not read yet. */

/** Some plans of one file. `lines`: JSONL, the first line's number in `at`; `element`, `whole`: one plan. */
export interface Part {
  readonly file: string;
  readonly kind: 'lines' | 'element' | 'whole';
  readonly at: number;
  /** On which line of the file `bytes` begin, from 1; default: the first, or that of a line. */
  readonly firstLine?: number;
  readonly bytes: Uint8Array;
  /** Why there is nothing to read; `bytes` is empty then. */
  readonly problem?: string;
}

/** Where a plan stands: a file, a line of a JSONL file, or an element of an array. */
export interface PlanPlace {
  /** Path below the plans directory, or as given; `stdin` for the standard input. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** 0-based. */
  readonly index?: number;
}

/** A plan as it is written: its text, or its bytes where that is not known yet. */
export type Written = string | Uint8Array;

/** @param ordinal - the plan's number in its file, for shards */
export type Visit = (place: PlanPlace, ordinal: number, written: Written) => void;

/** A mark of byte order may open a file, not a line. */
const lineDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const MARK = [0xef, 0xbb, 0xbf];

const NEWLINE = 0x0a;
/**
 * Bytes that become text at a time: above this, each text is memory that the system has to make ready first, which
 * takes four times as long as the decoding.
 */
const TEXT_BYTES = 64 * 1024;

/**
 * The plans of a part, in order.
 *
 * @param asBytes - each is wanted as bytes: no text is made of any
 */
export function eachPlan(part: Part, visit: Visit, asBytes = false): void {
  const { file, kind, at, problem } = part;
  if (kind === 'lines' && problem === undefined) return (asBytes ? eachLineOfBytes : eachLine)(part, visit);
  const { bytes } = part;
  if (kind === 'whole') visit({ file }, 0, bytes);
  else if (kind === 'element') visit({ file, index: at }, at, bytes);
  else visit({ file, line: at }, at - 1, bytes);
}

/** How long the mark of byte order is that opens a file: 0 without one. */
export const markLength = (bytes: Uint8Array): number =>
  MARK.every((byte, i) => bytes[i] === byte) ? MARK.length : 0;

/** Where the first line begins: behind a mark of byte order that opens the file. */
const startOf = ({ at, bytes }: Part): number => (at === 1 ? markLength(bytes) : 0);

function eachLineOfBytes(part: Part, visit: Visit): void {
  const { file, at, bytes: all } = part;
  let line = at;
  for (let from = startOf(part); from < all.length; line += 1) {
    const to = endOfLine(all, from);
    if (!isBlankLine(all, from, to)) visit({ file, line }, line - 1, all.subarray(from, to));
    from = to + 1;
  }
}

/** What begins with a sign of ASCII that is seen is no blank line; of others the text tells. */
function isBlankLine(bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from] ?? 0;
  if (from < to && first > 0x20 && first < 0x7f) return false;
  return textOf(bytes, from, to)?.trim() === '';
}

function eachLine(part: Part, visit: Visit): void {
  const { file, at, bytes: all } = part;
  let line = at;
  let from = startOf(part);
  while (from < all.length) {
    const end = endOfLines(all, from);
    const text = textOf(all, from, end);
    // In ASCII, places in the text are places in the bytes.
    const ascii = text?.length === end - from;
    const start = from;
    for (let begin = 0; from < end; line += 1) {
      let to: number;
      let own: string | undefined;
      if (text === undefined) {
        to = endOfLine(all, from);
        own = textOf(all, from, to);
      } else {
        const newline = text.indexOf('\n', begin);
        const stop = newline < 0 ? text.length : newline;
        own = text.slice(begin, stop);
        begin = stop + 1;
        to = ascii ? start + stop : endOfLine(all, from);
      }
      if (own?.trim() !== '') visit({ file, line }, line - 1, own ?? all.subarray(from, to));
      from = to + 1;
    }
  }
}

function endOfLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(NEWLINE, from);
  return end < 0 ? bytes.length : end;
}

/** Where as many whole lines end as become text at once: at least one. */
function endOfLines(bytes: Uint8Array, from: number): number {
  if (bytes.length - from <= TEXT_BYTES) return bytes.length;
  const last = bytes.lastIndexOf(NEWLINE, from + TEXT_BYTES - 1);
  return last >= from ? last + 1 : Math.min(endOfLine(bytes, from) + 1, bytes.length);
}

/** `undefined` where the lines are not all UTF-8: only those that are not are to be refused. */
function textOf(bytes: Uint8Array, from: number, to: number): string | undefined {
  try {
    return lineDecoder.decode(bytes.subarray(from, to));
  } catch {
    return undefined;
  }
}
