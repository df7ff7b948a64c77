/** An order of steps that no rule goes by. */
import type { PolicyBlock } from '../ir/document.ts';
import type { Analysis } from './analysis.ts';

export const order: Analysis = {
  name: 'an order that no rule goes by',
  run: ({ documents }, diagnostics) => {
    for (const { policies } of documents) {
      const [own, ...others] = policies;
      for (const block of policies) {
        const { order: said } = block.settings;
        // What the file says holds for its policies too, where they say nothing.
        const inherits = block === own ? others.filter(({ settings }) => !settings.order) : [];
        if (said && ![block, ...inherits].some(goesByOrder)) diagnostics.report('PL4122', {}, said.span);
      }
    }
  },
};

const goesByOrder = ({ rules }: PolicyBlock): boolean =>
  rules.some(({ wholePlan }) => wholePlan !== null && 'order' in wholePlan);
