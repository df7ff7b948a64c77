import { js } from '../code/code.ts';
import { sizeComparison } from './number.ts';

export const lengthEquals = sizeComparison(
  'length_equals',
  ['of', 'other than'],
  ({ own, most }, x) => js`${own}===${x}&&${most}===${x}`,
  ({ own, most }, x) => js`(${own}>${x}||${most}<${x})`,
);
