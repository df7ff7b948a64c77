import { js } from '../5-emit/code.ts';
import { show } from './operation.ts';
import type { TextOperation } from './operation.ts';

/** `x` is the emitted test of the compiled pattern, a function of one string. */
export const matches: TextOperation = {
  name: 'matches',
  operand: 'pattern',
  reads: 'texts',
  anywhere: true,
  shares: () => true,
  says: (x, negated) => `${negated ? 'does not match the pattern' : 'matches the pattern'} ${show(x)}`,
  test: (v, x) => js`${x}(${v})`,
};
