import { js } from '../5-emit/code.ts';
import { comparison } from './number.ts';

export const gte = comparison(
  'gte',
  ['is at least', 'is less than'],
  (v, x) => js`${v}>=${x}`,
  (v, x) => js`${v}<${x}`,
);
