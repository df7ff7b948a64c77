import { readingsOf, sameFolded, spelledForms } from './texts.ts';
import type { Mode, ValueTest } from './texts.ts';
import { readsLike } from '../spelling/index.ts';
import { textsReadLike } from './representatives.ts';
import { operandsOf } from './values.ts';

/**
 * A string that is none of the texts that tests name, known only by what it passes for: with each part either one of
 * those texts or nothing. Whatever string there is, one of these stands for it; some stand for none, which can only
 * make a demand look possible that is not.
 */
export interface AbstractText {
  /** Same but for case. */
  readonly folded: string | null;
  /** Its plain spelling, and the text that is the same but for case. */
  readonly plain: string | null;
  readonly plainFolded: string | null;
  /** A text that reads like the same numbers, booleans and texts of numbers; `null` where it reads like none. */
  readonly reads: string | null;
}

const isAscii = (text: string): boolean => /^[\t-\r -~]*$/.test(text);

const MOST = 20_000;

/** Every string that tests can tell apart but those they name; `null` where there are too many. */
export function abstractTexts(tests: readonly ValueTest[]): readonly AbstractText[] | null {
  const compared = tests.filter(({ spelling }) => spelling);
  const texts = compared.flatMap((test) =>
    operandsOf(test).flatMap((x) => (typeof x === 'string' ? [x] : [])),
  );
  const others = textsReadLike(compared.flatMap(operandsOf));
  const written = distinct(texts);
  const spelled = [
    ...new Set(compared.flatMap((test) => texts.flatMap((x) => spelledForms('is', x, test, 'maybe')))),
  ];
  const spelledFolded = distinct(spelled);
  const found: AbstractText[] = [];
  for (const folded of [null, ...written]) {
    // What differs from an ASCII text in case only has a plain spelling that does so too.
    const fixed = folded !== null && isAscii(folded) ? folded : null;
    const plains = [
      ...spelled.map(
        (plain) => [plain, spelledFolded.find((one) => sameFolded(one, plain)) ?? plain] as const,
      ),
      ...[null, ...spelledFolded].map((one) => [null, one] as const),
    ].filter(([, one]) => fixed === null || (one !== null && sameFolded(one, fixed)));
    for (const [plain, plainFolded] of plains) {
      const reads = plain === null ? [null, ...others] : [plain];
      for (const one of reads) found.push({ folded, plain, plainFolded, reads: one });
    }
    if (found.length > MOST) return null;
  }
  return found;
}

/** One text of each class that case alone tells apart. */
function distinct(texts: readonly string[]): readonly string[] {
  const byLower = new Map<string, string[]>();
  for (const text of new Set(texts)) {
    // Case mappings beyond folding only make a group larger than its classes.
    const key = text.toLowerCase().toUpperCase();
    const group = byLower.get(key) ?? [];
    if (!group.some((one) => sameFolded(one, text))) group.push(text);
    byLower.set(key, group);
  }
  return [...byLower.values()].flat();
}

/** Whether a test of equality fires on such a string; `null` for other tests, which see no more than a string. */
export function firesOnAbstract(test: ValueTest, negated: boolean, text: AbstractText): boolean | null {
  const inverse = test.operation.startsWith('not_');
  const name = inverse ? test.operation.slice(4) : test.operation;
  if (name !== 'equals' && name !== 'in') return null;
  const oneOf = (mode: Mode): boolean =>
    operandsOf(test).some((x) => typeof x === 'string' && passesFor(text, x, test, mode)) ||
    (mode === 'maybe' && text.reads !== null && readsLike(text.reads, operandsOf(test)));
  // `not` and `not_…` each ask for the opposite; together they ask again.
  return inverse === negated ? oneOf('maybe') : !oneOf('definitely');
}

function passesFor(text: AbstractText, x: string, test: ValueTest, mode: Mode): boolean {
  const { folds, written, plain } = readingsOf(test, mode);
  if (written && folds && text.folded !== null && sameFolded(text.folded, x)) return true;
  if (!plain) return false;
  const { plain: own, plainFolded } = text;
  return spelledForms('is', x, test, mode).some((form) =>
    folds ? plainFolded !== null && sameFolded(plainFolded, form) : own === form,
  );
}
