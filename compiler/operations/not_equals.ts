import { js } from '../code/code.ts';
import { equals } from './equals.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** A missing argument is not equal to anything. */
export const notEquals: ValueOperation = {
  ...equals,
  name: 'not_equals',
  says: (x, negated) => `${negated ? 'is' : 'is not'} ${show(x)}`,
  comparesTexts: { how: 'is', opposite: true },
  maybe: (v, x, operand) => js`!(${equals.definitely(v, x, operand)})`,
  definitely: (v, x, operand) => js`!(${equals.maybe(v, x, operand)})`,
};
