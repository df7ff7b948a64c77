import { js } from '../5-emit/code.js';
import { comparison } from './number.js';
export const lt = comparison(
  'lt',
  ['is less than', 'is at least'],
  (v, x) => js`${v}<${x}`,
  (v, x) => js`${v}>=${x}`,
);
