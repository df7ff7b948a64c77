import { js } from '../5-emit/code.ts';
import { finite } from './number.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** Both ends included. */
export const between: ValueOperation = {
  name: 'between',
  operand: 'interval',
  reads: 'value',
  anywhere: false,
  says: (x) => `is between ${show(x)}`,
  maybe: (v, x) => js`!(${finite(v)}&&(${v}<${x}[0]||${v}>${x}[1]))`,
  definitely: (v, x) => js`${finite(v)}&&${v}>=${x}[0]&&${v}<=${x}[1]`,
};
