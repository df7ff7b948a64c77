import { js } from '../5-emit/code.js';
import { sizeComparison } from './number.js';
export const lengthGte = sizeComparison(
  'length_gte',
  ['of at least', 'less than'],
  (v, x) => js`${v}>=${x}`,
  (v, x) => js`${v}<${x}`,
);
