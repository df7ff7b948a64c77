import { show } from './operation.ts';
import type { TextOperation } from './operation.ts';

export const endsWith: TextOperation = {
  name: 'ends_with',
  operand: 'text',
  reads: 'texts',
  anywhere: true,
  says: (x, negated) => `${negated ? 'does not end with' : 'ends with'} ${show(x)}`,
  comparesTexts: { how: 'ends_with' },
};
