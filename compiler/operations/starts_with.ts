import { show } from './operation.ts';
import type { TextOperation } from './operation.ts';

export const startsWith: TextOperation = {
  name: 'starts_with',
  operand: 'text',
  reads: 'texts',
  anywhere: true,
  says: (x, negated) => `${negated ? 'does not start with' : 'starts with'} ${show(x)}`,
  comparesTexts: { how: 'starts_with' },
};
