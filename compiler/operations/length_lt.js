import { js } from '../5-emit/code.js';
import { sizeComparison } from './number.js';
export const lengthLt = sizeComparison(
  'length_lt',
  ['less than', 'of at least'],
  (v, x) => js`${v}<${x}`,
  (v, x) => js`${v}>=${x}`,
);
