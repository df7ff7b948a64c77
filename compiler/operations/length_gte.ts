import { js } from '../code/code.ts';
import { sizeComparison } from './number.ts';

export const lengthGte = sizeComparison(
  'length_gte',
  ['of at least', 'less than'],
  ({ own }, x) => js`${own}>=${x}`,
  ({ most }, x) => js`${most}<${x}`,
);
