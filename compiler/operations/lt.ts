import { js } from '../code/code.ts';
import { comparison } from './number.ts';

export const lt = comparison(
  'lt',
  ['is less than', 'is at least'],
  (v, x) => js`${v}<${x}`,
  (v, x) => js`${v}>=${x}`,
);
