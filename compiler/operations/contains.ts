import { js } from '../5-emit/code.ts';
import { show } from './operation.ts';
import type { TextOperation } from './operation.ts';

export const contains: TextOperation = {
  name: 'contains',
  operand: 'text',
  reads: 'texts',
  anywhere: true,
  shares: () => true,
  says: (x, negated) => `${negated ? 'does not contain' : 'contains'} ${show(x)}`,
  test: (v, x) => js`${v}.includes(${x})`,
};
