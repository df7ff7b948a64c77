import { between } from './between.ts';
import { js } from '../code/code.ts';
import { finite, outside, within } from './number.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** Below the first number or above the second. */
export const notBetween: ValueOperation = {
  ...between,
  name: 'not_between',
  says: (x, negated) => `is ${negated ? 'within' : 'outside'} [${show(x)}]`,
  maybe: (v, x) => js`!(${finite(v)}&&${within(v, x)})`,
  definitely: (v, x) => js`${finite(v)}&&${outside(v, x)}`,
};
