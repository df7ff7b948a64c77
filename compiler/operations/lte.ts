import { js } from '../code/code.ts';
import { comparison } from './number.ts';

export const lte = comparison(
  'lte',
  ['is at most', 'is greater than'],
  (v, x) => js`${v}<=${x}`,
  (v, x) => js`${v}>${x}`,
);
