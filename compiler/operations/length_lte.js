import { js } from '../5-emit/code.js';
import { sizeComparison } from './number.js';
export const lengthLte = sizeComparison(
  'length_lte',
  ['of at most', 'greater than'],
  (v, x) => js`${v}<=${x}`,
  (v, x) => js`${v}>${x}`,
);
