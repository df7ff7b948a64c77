import { includesLanguage } from '../patterns/index.ts';
import type { Demand } from './group.ts';
import { languageOf } from './values.ts';

/** A pattern that a text can hardly match by accident, so that a shortest text of another pattern is shown. */
const UNLIKELY = '\\u{10FFFD}{7}';

export interface TextAnswer {
  /** Certain: no value meets the demands. */
  readonly impossible: boolean;
  /** Values worth a try. */
  readonly candidates: readonly unknown[];
}

/**
 * Decides demands on the texts of one value by language inclusion. A value may hold many texts: each text that
 * must be there needs one outside all that must not be there. Where a demand can be met by a single string only,
 * all of them speak of that string.
 */
export function decideTexts(demands: readonly Demand[]): TextAnswer {
  const texts = demands.flatMap((demand) => {
    const language = languageOf(demand.test);
    if (language === null) return [];
    // Sure of one string only: `not_…`, and any text operation that is negated.
    const ofString = demand.test.operation.startsWith('not_') || demand.negated;
    return [{ ...demand, language, ofString, inverse: demand.test.operation.startsWith('not_') }];
  });
  if (texts.length === 0) return { impossible: false, candidates: [] };
  const single = texts.some(({ ofString, fires }) => ofString && !fires);
  const there: string[] = [];
  const notThere: string[] = [];
  for (const { language, ofString, inverse, negated, fires } of texts) {
    // On what is no string such a test cannot tell, so it fires; there is nothing to ask of the texts then.
    if (ofString && !single) continue;
    // An operation `not_…` that is negated asks for the text again.
    (fires === (inverse === negated) ? there : notThere).push(language);
  }
  const outside = notThere.length === 0 ? UNLIKELY : notThere.map((source) => `(?:${source})`).join('|');
  const answers = there.map((inside) => includesLanguage(outside, inside));
  if (single && there.length === 0) answers.push(includesLanguage(outside, '^'));
  const found = answers.flatMap((answer) => ('witness' in answer ? [answer.witness] : []));
  const impossible = notThere.length > 0 && answers.some((answer) => 'included' in answer && answer.included);
  return { impossible, candidates: [...found, found.join(''), found] };
}
