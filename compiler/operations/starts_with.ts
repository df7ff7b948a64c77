import { js } from '../5-emit/code.ts';
import { show } from './operation.ts';
import type { TextOperation } from './operation.ts';

export const startsWith: TextOperation = {
  name: 'starts_with',
  operand: 'text',
  reads: 'texts',
  anywhere: true,
  shares: () => true,
  says: (x, negated) => `${negated ? 'does not start with' : 'starts with'} ${show(x)}`,
  test: (v, x) => js`${v}.startsWith(${x})`,
};
