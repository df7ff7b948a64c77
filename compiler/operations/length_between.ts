import { js } from '../code/code.ts';
import { outside, within } from './number.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** Both ends included. */
export const lengthBetween: ValueOperation = {
  name: 'length_between',
  operand: 'count-interval',
  reads: 'size',
  anywhere: false,
  says: (x, negated) => `has a length ${negated ? 'outside' : 'within'} [${show(x)}]`,
  maybe: (v, x) => js`!(${v}>=0&&${outside(v, x)})`,
  definitely: within,
};
