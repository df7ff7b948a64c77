/** Spellings of a text, character by character. */
import { drawnLike, drawnWhole, isTwoFaced } from './drawn.ts';
import { once } from './once.ts';

const isSpace = (c: string): boolean => /^\s$/.test(c);

const isHidden = once(
  (c: string): boolean =>
    /[\p{Default_Ignorable_Code_Point}\p{Surrogate}]/u.test(c) ||
    /^[\ufff9-\ufffb]$/.test(c) ||
    (/^\p{Cc}$/u.test(c) && c !== '\x85' && !isSpace(c)),
);

/** A text without hidden characters, and without the marks behind the thirtieth on one letter. */
function seen(text: string): string {
  let marks = 0;
  let kept = '';
  for (const c of text) {
    if (isHidden(c)) continue;
    marks = /\p{M}/u.test(c) ? marks + 1 : 0;
    if (marks <= 30) kept += drawnWhole(c);
  }
  return kept;
}

const decomposed = (text: string): string => seen(seen(text).normalize('NFKD'));

/** With letters for what is drawn like them, and no second dot on an `i` or a `j`. */
function spelledOut(clean: string): string {
  let out = '';
  for (const c of Array.from(clean).map(drawnLike)) {
    if (c === '\u0307' && /[ij]$/i.test(out)) continue;
    out += c;
  }
  return out.normalize('NFC');
}

/** The plain spelling: NFKC, nothing hidden, ASCII for what is drawn like it and for every digit. */
export const plainOf = once((text: string): string => spelledOut(decomposed(text)));

/** The plain spellings of a text whose capitals and small letters are drawn like different ones. */
function faces(text: string): readonly string[] {
  const clean = decomposed(text);
  return [...clean].some(isTwoFaced) ? [clean.toUpperCase(), clean.toLowerCase()].map(spelledOut) : [];
}

/** Everything a text may be read as beside what is written. */
export const readAs = once((text: string): readonly string[] => {
  const all = [
    plainOf(text),
    ...faces(text),
    decomposed(text).normalize('NFC'),
    ...(text.includes('\u017f') ? [plainOf(text.replaceAll('\u017f', 'f'))] : []),
  ];
  return [...new Set(all.flatMap((one) => [one, one.trim()]))];
});

/** The ways in which a text may be read: as the policy says, or, where it says nothing, each. */
export interface Readings {
  readonly folds: readonly boolean[];
  readonly plain: readonly boolean[];
}

export function readingsOf(
  operation: string,
  ignoreCase: boolean | undefined,
  normalize: boolean | undefined,
): Readings {
  const isPattern = operation.endsWith('matches');
  return {
    folds: ignoreCase === undefined ? (isPattern ? [false] : [false, true]) : [ignoreCase],
    plain: normalize === undefined ? [false, true] : [normalize],
  };
}

export function compareTexts(
  operation: string,
  text: string,
  operand: string,
  { folds, plain }: Readings,
): boolean | 'unknown' {
  const [isSure = false, ...mayBe] = folds.map((fold) => {
    const asWritten = compareOne(operation, text, operand, fold);
    const spelled = compareOne(
      operation,
      plainOf(text),
      operation === 'matches' ? operand : plainOf(operand),
      fold,
    );
    return plain[0] === true ? spelled : asWritten;
  });
  if (isSure) return true;
  const folding = folds.includes(true);
  const others = plain.includes(true) && readsAsOperand(operation, text, operand, folding, plain.length > 1);
  return mayBe.includes(true) || others ? 'unknown' : false;
}

/** Whether anything that a text reads as compares with anything that the operand reads as. */
function readsAsOperand(
  operation: string,
  text: string,
  operand: string,
  folds: boolean,
  tries: boolean,
): boolean {
  const texts = readAs(text);
  if (operation === 'matches') return texts.some((one) => compareOne(operation, one, operand, folds));
  // What is about a no-break space is not about a space.
  if (tries && plainOf(operand) !== operand && !/[\p{L}\p{N}]/u.test(plainOf(operand))) return false;
  const forms = [plainOf(operand), ...(folds ? faces(operand) : [])];
  const trimmed =
    operation === 'equals' ? forms.map((form) => form.trim()).filter((form) => form !== '') : [];
  return texts.some((one) => [...forms, ...trimmed].some((form) => compareOne(operation, one, form, folds)));
}

const written = once((source: string): RegExp => new RegExp(source, 'u'));
const folded = once((source: string): RegExp => new RegExp(source, 'iu'));
const escaped = once((text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));

function compareOne(operation: string, text: string, wanted: string, folds: boolean): boolean {
  if (operation === 'matches') return (folds ? folded : written)(wanted).test(text);
  switch (operation) {
    case 'equals':
      return folds ? folded(`^${escaped(wanted)}$`).test(text) : text === wanted;
    case 'contains':
      return folds ? folded(escaped(wanted)).test(text) : text.includes(wanted);
    case 'starts_with':
      return folds ? folded(`^${escaped(wanted)}`).test(text) : text.startsWith(wanted);
    case 'ends_with':
      return folds ? folded(`${escaped(wanted)}$`).test(text) : text.endsWith(wanted);
    default:
      throw new Error(`the oracle does not know ${operation} on text`);
  }
}
