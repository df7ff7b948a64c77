import { js } from '../5-emit/code.js';
import { show } from './operation.js';
/** `x` is the emitted test of the compiled pattern, a function of one string. */
export const matches = {
  name: 'matches',
  operand: 'pattern',
  reads: 'texts',
  anywhere: true,
  says: (x, negated) => `${negated ? 'does not match the pattern' : 'matches the pattern'} ${show(x)}`,
  test: (v, x) => js`${x}(${v})`,
};
