import { js } from '../5-emit/code.js';
import { show } from './operation.js';
export const endsWith = {
  name: 'ends_with',
  operand: 'text',
  reads: 'texts',
  anywhere: true,
  says: (x, negated) => `${negated ? 'does not end with' : 'ends with'} ${show(x)}`,
  test: (v, x) => js`${v}.endsWith(${x})`,
};
