import { js } from '../code/code.ts';
import { sizeComparison } from './number.ts';

export const lengthGt = sizeComparison(
  'length_gt',
  ['greater than', 'of at most'],
  ({ own }, x) => js`${own}>${x}`,
  ({ most }, x) => js`${most}<=${x}`,
);
