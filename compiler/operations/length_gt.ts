import { js } from '../code/code.ts';
import { sizeComparison } from './number.ts';

export const lengthGt = sizeComparison(
  'length_gt',
  ['greater than', 'of at most'],
  (v, x) => js`${v}>${x}`,
  (v, x) => js`${v}<=${x}`,
);
