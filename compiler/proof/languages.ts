import { includesLanguage } from '../patterns/index.ts';
import { LANGUAGE_STEPS } from './budget.ts';
import type { Budget } from './budget.ts';
import type { Demand } from './demand.ts';
import { disguises } from './texts.ts';
import { textLanguages } from './values.ts';

/** A pattern that a text can hardly match by accident, so that a shortest text of another pattern is shown. */
const UNLIKELY = '\\u{10FFFD}{7}';

export interface TextAnswer {
  /** Certain: no value meets the demands. */
  readonly impossible: boolean;
  /** Values worth a try. */
  readonly candidates: readonly unknown[];
}

/** The forms of a text that tests look at. */
const FORMS = ['written', 'plain'] as const;

/**
 * Decides demands on the texts of one value by language inclusion. A value may hold many texts: each text that
 * must be there needs one outside all that must not be there. Where a demand can be met by a single string only,
 * all of them speak of that string.
 *
 * A test looks at a text as written, in its plain spelling, or both. Languages are compared form by form: where
 * everything that one pattern matches another matches too, that is so of written texts and of plain ones alike. A
 * text that must be there may be so in any form its test looks at; one that must not be there, in none of them.
 */
export function decideTexts(demands: readonly Demand[], budget: Budget): TextAnswer {
  const texts = demands.flatMap((demand) => {
    const inverse = demand.test.operation.startsWith('not_');
    const { negated, fires } = demand;
    // An operation `not_…` that is negated asks for the text again. What it asks of a text that it is sure of is
    // asked of one that is there for sure.
    const languages = textLanguages(demand.test, inverse === negated ? 'maybe' : 'definitely');
    const there = fires === (inverse === negated);
    // Sure of one string only: `not_…`, and any text operation that is negated.
    return languages ? [{ languages, there, ofString: inverse || negated, fires }] : [];
  });
  if (texts.length === 0) return { impossible: false, candidates: [] };
  const single = texts.some(({ ofString, fires }) => ofString && !fires);
  // On what is no string such a test cannot tell, so it fires; there is nothing to ask of the texts then.
  const asked = texts.filter(({ ofString }) => !ofString || single);
  const outside = (form: (typeof FORMS)[number]): string | null => {
    const sources = asked.flatMap(({ there, languages }) => (there ? [] : (languages[form] ?? [])));
    return sources.length === 0 ? null : sources.map((source) => `(?:${source})`).join('|');
  };
  const found: string[] = [];
  /** No text can be of the language and outside all that must not be there. */
  const shutOut = (form: (typeof FORMS)[number], inside: string): boolean => {
    const wide = outside(form);
    budget.spend(LANGUAGE_STEPS);
    const answer = includesLanguage(wide ?? UNLIKELY, inside);
    if ('witness' in answer) found.push(answer.witness);
    return wide !== null && 'included' in answer && answer.included;
  };
  const there = asked.filter((one) => one.there);
  const closed = there.map(({ languages }) =>
    FORMS.map((form) => languages[form] === null || shutOut(form, languages[form])).every(Boolean),
  );
  if (single && there.length === 0) closed.push(FORMS.map((form) => shutOut(form, '^')).some(Boolean));
  const spelled = [...found, ...found.flatMap(disguises)];
  return { impossible: closed.some(Boolean), candidates: [...spelled, found.join(''), found] };
}
