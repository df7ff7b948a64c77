import { js } from '../code/code.ts';
import { comparison } from './number.ts';

export const gte = comparison(
  'gte',
  ['is at least', 'is less than'],
  (v, x) => js`${v}>=${x}`,
  (v, x) => js`${v}<${x}`,
);
