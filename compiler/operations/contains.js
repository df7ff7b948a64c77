import { js } from '../5-emit/code.js';
import { show } from './operation.js';
export const contains = {
  name: 'contains',
  operand: 'text',
  reads: 'texts',
  anywhere: true,
  says: (x, negated) => `${negated ? 'does not contain' : 'contains'} ${show(x)}`,
  test: (v, x) => js`${v}.includes(${x})`,
};
