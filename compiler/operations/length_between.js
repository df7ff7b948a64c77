import { js } from '../5-emit/code.js';
import { outside, within } from './number.js';
import { show } from './operation.js';
/** Both ends included. */
export const lengthBetween = {
  name: 'length_between',
  operand: 'count-interval',
  reads: 'size',
  anywhere: false,
  says: (x, negated) => `has a length ${negated ? 'outside' : 'within'} [${show(x)}]`,
  maybe: (v, _x, operand) => js`!(${v}>=0&&${outside(v, operand)})`,
  definitely: (v, _x, operand) => within(v, operand),
};
