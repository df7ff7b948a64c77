import { js } from '../code/code.ts';
import { sizeComparison } from './number.ts';

export const lengthGte = sizeComparison(
  'length_gte',
  ['of at least', 'less than'],
  (v, x) => js`${v}>=${x}`,
  (v, x) => js`${v}<${x}`,
);
