import { js } from '../code/code.ts';
import { sizeComparison } from './number.ts';

export const lengthLte = sizeComparison(
  'length_lte',
  ['of at most', 'greater than'],
  ({ most }, x) => js`${most}<=${x}`,
  ({ own }, x) => js`${own}>${x}`,
);
