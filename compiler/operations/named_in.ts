import { js } from '../code/code.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** Whether the argument's text stands in what the user asked for, as words of its own: what is no text cannot be told. */
export const namedIn: ValueOperation = {
  name: 'named_in',
  operand: 'request',
  reads: 'value',
  anywhere: false,
  uses: ['isNamed', 'mayBeNamed'],
  says: (x, negated) => `${negated ? 'is not named in' : 'is named in'} ${show(x)}`,
  maybe: (v, x) => js`mayBeNamed(${v},${x})`,
  definitely: (v, x) => js`isNamed(${v},${x})`,
};
