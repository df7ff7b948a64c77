import { js } from '../code/code.ts';
import { sizeComparison } from './number.ts';

export const lengthLt = sizeComparison(
  'length_lt',
  ['less than', 'of at least'],
  ({ most }, x) => js`${most}<${x}`,
  ({ own }, x) => js`${own}>=${x}`,
);
