import { js } from '../5-emit/code.ts';
import { comparison } from './number.ts';

export const lte = comparison(
  'lte',
  ['is at most', 'is greater than'],
  (v, x) => js`${v}<=${x}`,
  (v, x) => js`${v}>${x}`,
);
