import { js } from '../code/code.ts';
import { sizeComparison } from './number.ts';

export const lengthLt = sizeComparison(
  'length_lt',
  ['less than', 'of at least'],
  (v, x) => js`${v}<${x}`,
  (v, x) => js`${v}>=${x}`,
);
