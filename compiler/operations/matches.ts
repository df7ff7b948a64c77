import { show } from './operation.ts';
import type { TextOperation } from './operation.ts';

export const matches: TextOperation = {
  name: 'matches',
  operand: 'pattern',
  reads: 'texts',
  anywhere: true,
  says: (x, negated) => `${negated ? 'does not match the pattern' : 'matches the pattern'} ${show(x)}`,
  comparesTexts: { how: 'matches' },
};
