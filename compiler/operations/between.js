import { js } from '../5-emit/code.js';
import { finite, outside, within } from './number.js';
import { show } from './operation.js';
/** Both ends included. */
export const between = {
  name: 'between',
  operand: 'interval',
  reads: 'value',
  anywhere: false,
  showsNumber: true,
  says: (x, negated) => `is ${negated ? 'outside' : 'within'} [${show(x)}]`,
  maybe: (v, _x, operand) => js`!(${finite(v)}&&${outside(v, operand)})`,
  definitely: (v, _x, operand) => js`${finite(v)}&&${within(v, operand)}`,
};
