/** Which readings of a text a test admits, added up. */
export const FOLDS = 1;
export const PLAIN = 2;
/** Beside them, of a test that is asked to be sure: what holds of a known part may not hold of the text. */
export const UNSURE = 4;

const PRINTABLE = /^[ -~]*$/;

/**
 * A text without what the readings leave out of account; two texts that a test may take for the same are the same here.
 * `null` where that is not told: among spellings only what is printable ASCII has none but its own.
 */
export function bare(text: string, readings: number): string | null {
  if (readings & PLAIN && !PRINTABLE.test(text)) return null;
  if (!(readings & FOLDS)) return text;
  // There and back, for some letters have two capitals, or a capital of two letters; the last sigma depends on its place.
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll('\u03c2', '\u03c3');
}
