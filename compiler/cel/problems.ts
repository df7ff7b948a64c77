/** What can be wrong with an expression, in the policy author's terms. */
export interface CelError {
  /**
   * `syntax`: not CEL. `type`: no such operation on these types. `unknown-name`: a variable, field or function
   * that does not exist. `unsupported`: CEL, but not compiled here.
   */
  readonly code: 'syntax' | 'type' | 'unknown-name' | 'unsupported';
  /** One lower-case sentence. */
  readonly message: string;
  /** What to do about it; empty if there is nothing helpful to say. */
  readonly hint: string;
  /** UTF-16 offsets into the expression, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

/** A stretch of source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Ends a phase that cannot go on; caught in `compileCel` only. */
export class CelProblem extends Error {
  readonly detail: CelError;
  constructor(code: CelError['code'], message: string, span: Span, hint = '') {
    super(message);
    this.name = 'CelProblem';
    this.detail = { code, message, hint, start: span.start, end: span.end };
  }
}

/**
 * The candidate closest to `word` by edit distance, as a hint: "did you mean `step`?"; empty if none is near.
 */
export function nearMiss(word: string, candidates: Iterable<string>): string {
  let best = '';
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === '' || best === word ? '' : `did you mean \`${best}\`?`;
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let k = 1; k <= right.length; k++) {
      const replace = (row[k - 1] ?? 0) + (left[i - 1] === right[k - 1] ? 0 : 1);
      const swapped = left[i - 1] === right[k - 2] && left[i - 2] === right[k - 1];
      const swap = swapped ? (before[k - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min(replace, swap, (row[k] ?? 0) + 1, (next[k - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[right.length] ?? 0;
}
