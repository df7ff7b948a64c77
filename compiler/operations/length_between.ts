import { js } from '../5-emit/code.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** Both ends included. */
export const lengthBetween: ValueOperation = {
  name: 'length_between',
  operand: 'count-interval',
  reads: 'size',
  anywhere: false,
  says: (x) => `has a length between ${show(x)}`,
  maybe: (v, x) => js`!(${v}>=0&&(${v}<${x}[0]||${v}>${x}[1]))`,
  definitely: (v, x) => js`${v}>=${x}[0]&&${v}<=${x}[1]`,
};
