import { js } from '../5-emit/code.js';
import { show } from './operation.js';
export const startsWith = {
  name: 'starts_with',
  operand: 'text',
  reads: 'texts',
  anywhere: true,
  says: (x, negated) => `${negated ? 'does not start with' : 'starts with'} ${show(x)}`,
  test: (v, x) => js`${v}.startsWith(${x})`,
};
