import { js } from '../5-emit/code.js';
import { sizeComparison } from './number.js';
export const lengthEquals = sizeComparison(
  'length_equals',
  ['of', 'other than'],
  (v, x) => js`${v}===${x}`,
  (v, x) => js`${v}!==${x}`,
);
