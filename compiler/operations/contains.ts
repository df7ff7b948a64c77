import { show } from './operation.ts';
import type { TextOperation } from './operation.ts';

export const contains: TextOperation = {
  name: 'contains',
  operand: 'text',
  reads: 'texts',
  anywhere: true,
  says: (x, negated) => `${negated ? 'does not contain' : 'contains'} ${show(x)}`,
  comparesTexts: { how: 'contains' },
};
