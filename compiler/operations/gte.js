import { js } from '../5-emit/code.js';
import { comparison } from './number.js';
export const gte = comparison(
  'gte',
  ['is at least', 'is less than'],
  (v, x) => js`${v}>=${x}`,
  (v, x) => js`${v}<${x}`,
);
