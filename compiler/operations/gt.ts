import { js } from '../code/code.ts';
import { comparison } from './number.ts';

export const gt = comparison(
  'gt',
  ['is greater than', 'is at most'],
  (v, x) => js`${v}>${x}`,
  (v, x) => js`${v}<=${x}`,
);
