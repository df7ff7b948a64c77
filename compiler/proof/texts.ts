/** What comparisons of texts mean, in every spelling that a test looks at. */
import type { CallerValue, OperandValue, Scalar, View } from '../ir/document.ts';
import type { Spelling } from '../ir/spelling.ts';
import { foldText, matchesText } from '../patterns/index.ts';
import { EXACT, plain, plainOperand, plainOperands, readings as readingsOfText } from '../spelling/index.ts';

export interface ValueTest {
  readonly operation: string;
  readonly operand: OperandValue;
  readonly spelling?: Spelling;
  /** It asks what is written in the plan, references and all. */
  readonly written?: true;
  /** It fires on no argument that is missing, negated or not. */
  readonly optional?: true;
  /** Where the operand comes from when a plan is decided. */
  readonly from?: CallerValue;
  /** What the value is taken for; the test is of what that holds. */
  readonly view?: View;
  /** Of `named_in` whose operand is there: the shortest text that counts. */
  readonly least?: number;
}

/** What a test compares with: the items of a list, or the one operand. */
export const operandsOf = ({ operand }: ValueTest): readonly Scalar[] =>
  Array.isArray(operand) ? (operand as readonly Scalar[]) : [operand as Scalar];

/** Whether a test that holds for some spelling only counts as holding. */
export type Mode = 'maybe' | 'definitely';

export type Comparison = 'is' | 'contains' | 'starts_with' | 'ends_with' | 'matches';

export interface Readings {
  readonly folds: boolean;
  readonly written: boolean;
  readonly plain: boolean;
}

/** How the test reads a text. Folding only adds to what is the same, so with it there is no need to look without. */
export function readingsOf({ spelling = EXACT }: ValueTest, mode: Mode): Readings {
  const { ignoreCase, normalize } = spelling;
  return {
    folds: ignoreCase === 'yes' || (ignoreCase === 'either' && mode === 'maybe'),
    written: normalize !== 'yes',
    plain: normalize === 'yes' || (normalize === 'either' && mode === 'maybe'),
  };
}

/** Whether a text compares with `x`, one of the operand's texts. */
export function compares(how: Comparison, text: string, x: string, test: ValueTest, mode: Mode): boolean {
  const { folds, written, plain: spells } = readingsOf(test, mode);
  if (written && holds(how, text, x, folds)) return true;
  if (!spells) return false;
  const forms = spelledForms(how, x, test, mode);
  // What is sure is so of the plain spelling alone.
  const texts = [plain(text), ...(mode === 'maybe' ? readingsOfText(text) : [])];
  return forms.some((form) => texts.some((each) => holds(how, each, form, folds)));
}

/** What the plain spelling of a text, or anything it reads like, is compared with. */
export function spelledForms(how: Comparison, x: string, test: ValueTest, mode: Mode): readonly string[] {
  if (how === 'matches') return [x];
  const spelling = test.spelling ?? EXACT;
  return mode === 'maybe' ? plainOperands(x, spelling, how === 'is') : [plainOperand(x, spelling) ?? x];
}

/** A text as a regular expression that matches it. */
export const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** The pattern whose language is the texts for which a comparison holds. */
export function languageOf(how: Comparison, x: string, folds: boolean): string {
  const source = {
    is: () => `^${quote(x)}$`,
    contains: () => quote(x),
    starts_with: () => `^${quote(x)}`,
    ends_with: () => `${quote(x)}$`,
    matches: () => scoped(x),
  }[how]();
  return folds ? `(?i:${source})` : source;
}

/** Flags at the beginning as flags of a group, so that the pattern can stand inside another. */
function scoped(source: string): string {
  const found = /^((?:\(\?[ims]+\))+)([^]*)$/.exec(source);
  const flags = [...new Set(found?.[1]?.replace(/[^ims]/g, ''))].join('');
  return found ? `(?${flags}:${found[2] ?? ''})` : source;
}

function holds(how: Comparison, text: string, x: string, folds: boolean): boolean {
  if (how === 'matches') return matchesText(languageOf(how, x, folds), text) ?? false;
  const [whole, part] = folds ? [foldText(text), foldText(x)] : [text, x];
  return PLAIN[how](whole, part);
}

const PLAIN: Readonly<Record<Exclude<Comparison, 'matches'>, (text: string, part: string) => boolean>> = {
  is: (text, part) => text === part,
  contains: (text, part) => text.includes(part),
  starts_with: (text, part) => text.startsWith(part),
  ends_with: (text, part) => text.endsWith(part),
};

/** Whether two texts are the same but for case. */
export const sameFolded = (a: string, b: string): boolean => a === b || foldText(a) === foldText(b);

/** Patterns of the texts for which a comparison holds: of those as written, and of plain spellings. */
export interface Languages {
  readonly written: string | null;
  readonly plain: string | null;
}

export function languagesOf(how: Comparison, test: ValueTest, mode: Mode): Languages {
  const { folds, written, plain: spells } = readingsOf(test, mode);
  const x = String(test.operand);
  const forms = spells ? spelledForms(how, x, test, mode) : [];
  const languages = forms.map((form) => languageOf(how, form, folds));
  const [only = null] = languages;
  return {
    written: written ? languageOf(how, x, folds) : null,
    plain: languages.length > 1 ? languages.map((each) => `(?:${each})`).join('|') : only,
  };
}

/** Texts that may pass for this one, for counterexamples; those a reader can see come first. */
export const disguises = (text: string): readonly string[] => [
  text.toLowerCase(),
  text.toUpperCase(),
  text.replace(/[!-~]/, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  text.toLowerCase().replace(/[!-~]/, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  text.toUpperCase().replace(/[!-~]/, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  `${text}\u0301`,
];
