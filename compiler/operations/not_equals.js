import { js } from '../5-emit/code.js';
import { equals } from './equals.js';
import { show } from './operation.js';
/** A missing argument is not equal to anything. */
export const notEquals = {
  ...equals,
  name: 'not_equals',
  says: (x, negated) => `${negated ? 'is' : 'is not'} ${show(x)}`,
  maybe: (v, x, operand) => js`!(${equals.definitely(v, x, operand)})`,
  definitely: (v, x, operand) => js`!(${equals.maybe(v, x, operand)})`,
};
