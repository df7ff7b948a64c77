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
    return language === null
      ? []
      : [{ ...demand, language, absent: demand.test.operation.startsWith('not_') }];
  });
  if (texts.length === 0) return { impossible: false, candidates: [] };
  const single = texts.some(({ absent, fires }) => absent && !fires);
  const there: string[] = [];
  const notThere: string[] = [];
  for (const { language, absent, negated, fires } of texts) {
    if (absent) {
      // `not_matches` fires on a string outside the language; on anything that is no string it cannot tell.
      if (single) (fires === negated ? there : notThere).push(language);
    } else (fires === negated ? notThere : there).push(language);
  }
  const outside = notThere.length === 0 ? UNLIKELY : notThere.map((source) => `(?:${source})`).join('|');
  const answers = there.map((inside) => includesLanguage(outside, inside));
  if (single && there.length === 0) answers.push(includesLanguage(outside, '^'));
  const found = answers.flatMap((answer) => ('witness' in answer ? [answer.witness] : []));
  const impossible = notThere.length > 0 && answers.some((answer) => 'included' in answer && answer.included);
  return { impossible, candidates: [...found, found.join(''), found] };
}
