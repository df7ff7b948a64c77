import { js } from '../code/code.ts';
import { sizeComparison } from './number.ts';

export const lengthEquals = sizeComparison(
  'length_equals',
  ['of', 'other than'],
  (v, x) => js`${v}===${x}`,
  (v, x) => js`${v}!==${x}`,
);
