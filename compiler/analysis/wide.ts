/** Lists and rules that take in every tool there is. */
import { conditionOf } from '../proof/condition.ts';
import { alwaysFires } from '../proof/satisfy.ts';
import { childrenOf, rulesOf } from './analysis.ts';
import type { Analysis } from './analysis.ts';

const isEverything = (glob: string): boolean => /^\*+$/.test(glob);

export const wide: Analysis = {
  name: 'over-broad tools',
  run: ({ policies }, diagnostics) => {
    for (const rule of rulesOf(policies)) {
      if (rule.kind === 'allow') {
        // A default is there to be narrowed.
        const open = rule.domain === null && rule.layers.every(({ globs }) => globs.some(isEverything));
        if (open) diagnostics.report('PL4104', undefined, rule.span);
      } else if (rule.kind === 'pattern' && rule.enforcement === 'deny' && !rule.when) {
        const { pattern, id } = rule;
        const ofTools = pattern.leaf === null && childrenOf(pattern).length === 0;
        if (ofTools && alwaysFires(conditionOf(pattern)))
          diagnostics.report('PL4103', { rule: id }, rule.span);
      }
    }
  },
};
