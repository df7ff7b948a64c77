/** Conditions that ask nothing. */
import { parse } from '../cel/parse.ts';
import { partsOf } from '../cel/print.ts';
import { patternRulesOf } from './analysis.ts';
import type { Analysis } from './analysis.ts';

/** What names nothing at all is the same for every plan. */
export const conditions: Analysis = {
  name: 'conditions that ask nothing',
  run: ({ policies }, diagnostics) => {
    for (const { id, when } of patternRulesOf(policies)) {
      if (!when || [...partsOf(parse(when.value))].some(({ kind }) => kind === 'identifier')) continue;
      diagnostics.report('PL4105', { rule: id }, when.span);
    }
  },
};
