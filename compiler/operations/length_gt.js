import { js } from '../5-emit/code.js';
import { sizeComparison } from './number.js';
export const lengthGt = sizeComparison(
  'length_gt',
  ['greater than', 'of at most'],
  (v, x) => js`${v}>${x}`,
  (v, x) => js`${v}<=${x}`,
);
