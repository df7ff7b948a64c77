import { js } from '../5-emit/code.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** On one string, as `not_contains`. `x` is a function of one string. */
export const notMatches: ValueOperation = {
  name: 'not_matches',
  operand: 'pattern',
  reads: 'value',
  anywhere: false,
  shares: () => true,
  says: (x, negated) => `${negated ? 'matches the pattern' : 'does not match the pattern'} ${show(x)}`,
  maybe: (v, x) => js`!(typeof ${v}==="string"&&${x}(${v}))`,
  definitely: (v, x) => js`typeof ${v}==="string"&&!${x}(${v})`,
};
