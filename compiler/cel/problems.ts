import { distance } from '../diagnostics/near.ts';

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
  const limit = Math.max(1, Math.floor(word.length / 3));
  let least = limit + 1;
  for (const candidate of candidates) {
    const found = distance(word.toLowerCase(), candidate.toLowerCase(), limit);
    if (found < least) {
      best = candidate;
      least = found;
    }
  }
  return best === '' || best === word ? '' : `did you mean \`${best}\`?`;
}
