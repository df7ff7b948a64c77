import { js } from '../code/code.ts';
import { ofSizes } from './number.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** Both ends included. */
export const lengthBetween: ValueOperation = {
  name: 'length_between',
  operand: 'count-interval',
  says: (x, negated) => `has a length ${negated ? 'outside' : 'within'} [${show(x)}]`,
  ...ofSizes(
    ({ own, most }, x) => js`${own}>=${x}[0]&&${most}<=${x}[1]`,
    ({ own, most }, x) => js`(${own}>${x}[1]||${most}<${x}[0])`,
  ),
};
