import { js } from '../5-emit/code.js';
import { comparison } from './number.js';
export const lte = comparison(
  'lte',
  ['is at most', 'is greater than'],
  (v, x) => js`${v}<=${x}`,
  (v, x) => js`${v}>${x}`,
);
