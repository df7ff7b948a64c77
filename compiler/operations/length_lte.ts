import { js } from '../code/code.ts';
import { sizeComparison } from './number.ts';

export const lengthLte = sizeComparison(
  'length_lte',
  ['of at most', 'greater than'],
  (v, x) => js`${v}<=${x}`,
  (v, x) => js`${v}>${x}`,
);
