import { js } from '../5-emit/code.js';
import { comparison } from './number.js';
export const gt = comparison(
  'gt',
  ['is greater than', 'is at most'],
  (v, x) => js`${v}>${x}`,
  (v, x) => js`${v}<=${x}`,
);
