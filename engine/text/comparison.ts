/** How a text is compared with texts that are known only when a plan is decided; emission writes the same down for literals. */
import { bare, FOLDS } from './bare.ts';
import { plainOperands } from './operands.ts';
import type { OperandSpelling } from './operands.ts';
import { plain, quote, read } from './spelling.ts';

declare const RegExp: RegExpConstructor;

type TextTest = (text: string) => boolean;
export type Comparison = 'is' | 'contains' | 'starts_with' | 'ends_with';

/** Whether one text compares with another one as both are written. */
const EXACTLY: Readonly<Record<Comparison, (text: string, sought: string) => boolean>> = {
  is: (text, sought) => text === sought,
  contains: (text, sought) => text.includes(sought),
  starts_with: (text, sought) => text.startsWith(sought),
  ends_with: (text, sought) => text.endsWith(sought),
};

const FRAMES: Readonly<Record<Comparison, (source: string) => string>> = {
  is: (source) => `^${source}$`,
  contains: (source) => source,
  starts_with: (source) => `^${source}`,
  ends_with: (source) => `${source}$`,
};

/**
 * A function of the texts of an operand that gives the test of one text.
 *
 * @param isMaybe - whether what holds in some spelling only counts as holding
 */
export function comparison(
  how: Comparison,
  spelling: OperandSpelling,
  isMaybe: boolean,
): (texts: readonly string[]) => TextTest {
  const { ignoreCase, normalize } = spelling;
  const folds = ignoreCase === 'yes' || (ignoreCase === 'either' && isMaybe);
  const testOf = (texts: readonly string[]): TextTest => {
    const tests = texts.map((sought) => (folds ? folding(how, sought) : null));
    return (text) => {
      for (let i = 0; i < texts.length; i += 1) {
        if (EXACTLY[how](text, texts[i] as string) || tests[i]?.(text)) return true;
      }
      return false;
    };
  };
  if (normalize === 'no' || (normalize === 'either' && !isMaybe)) return testOf;
  if (!isMaybe) {
    return (texts) => {
      const holds = testOf(texts.map(plain));
      return (text) => holds(plain(text));
    };
  }
  return (texts) => {
    const asWritten = testOf(texts);
    const inForms = testOf(texts.flatMap((text) => plainOperands(text, spelling, how === 'is')));
    return (text) => (normalize === 'either' && asWritten(text)) || read(text, inForms);
  };
}

/** The same but for case, as an expression has it; of whole texts most differ so much that none is needed. */
function folding(how: Comparison, sought: string): TextTest {
  let pattern: RegExp | undefined;
  const folded = how === 'is' ? bare(sought, FOLDS) : null;
  return (text) => {
    if (folded !== null && bare(text, FOLDS) !== folded) return false;
    pattern ??= new RegExp(FRAMES[how](quote(sought)), 'iu');
    return pattern.test(text);
  };
}
