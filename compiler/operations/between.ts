import { js } from '../code/code.ts';
import { finite, outside, within } from './number.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** Both ends included. */
export const between: ValueOperation = {
  name: 'between',
  operand: 'interval',
  reads: 'value',
  anywhere: false,
  showsNumber: true,
  uses: ['fin'],
  says: (x, negated) => `is ${negated ? 'outside' : 'within'} [${show(x)}]`,
  maybe: (v, x) => js`!(${finite(v)}&&${outside(v, x)})`,
  definitely: (v, x) => js`${finite(v)}&&${within(v, x)}`,
};
