import { js } from '../code/code.ts';
import { isIn } from './in.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

export const notIn: ValueOperation = {
  ...isIn,
  name: 'not_in',
  says: (x, negated) => `${negated ? 'is one of' : 'is none of'} ${show(x)}`,
  comparesTexts: { how: 'is', opposite: true },
  maybe: (v, x, operand) => js`!(${isIn.definitely(v, x, operand)})`,
  definitely: (v, x, operand) => js`!(${isIn.maybe(v, x, operand)})`,
};
