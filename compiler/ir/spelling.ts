/**
 * Whether texts are compared as they are written (`no`), in another form (`yes`), or in both: then a test that
 * holds for the other form only cannot tell (`either`).
 */
export type Choice = 'no' | 'yes' | 'either';

/** Which spellings of a text a test takes for the same. */
export interface Spelling {
  /** Unicode simple case folding, as in a regular expression with `iu`. */
  readonly ignoreCase: Choice;
  /** The plain spelling: `compiler/spelling/plain.ts`. */
  readonly normalize: Choice;
}
