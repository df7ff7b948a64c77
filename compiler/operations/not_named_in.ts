import { js } from '../code/code.ts';
import { namedIn } from './named_in.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

export const notNamedIn: ValueOperation = {
  ...namedIn,
  name: 'not_named_in',
  says: (x, negated) => `${negated ? 'is named in' : 'is not named in'} ${show(x)}`,
  maybe: (v, x, operand) => js`!${namedIn.definitely(v, x, operand)}`,
  definitely: (v, x, operand) => js`!${namedIn.maybe(v, x, operand)}`,
};
