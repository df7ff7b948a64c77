import { js } from '../5-emit/code.js';
import { isIn } from './in.js';
import { show } from './operation.js';
export const notIn = {
  ...isIn,
  name: 'not_in',
  says: (x, negated) => `${negated ? 'is one of' : 'is none of'} ${show(x)}`,
  maybe: (v, x, operand) => js`!(${isIn.definitely(v, x, operand)})`,
  definitely: (v, x, operand) => js`!(${isIn.maybe(v, x, operand)})`,
};
