import { js } from '../5-emit/code.js';
import { show } from './operation.js';
/** On one string, as `not_contains`. `x` is a function of one string. */
export const notMatches = {
  name: 'not_matches',
  operand: 'pattern',
  reads: 'value',
  anywhere: false,
  says: (x, negated) => `${negated ? 'matches the pattern' : 'does not match the pattern'} ${show(x)}`,
  maybe: (v, x) => js`!(typeof ${v}==="string"&&${x}(${v}))`,
  definitely: (v, x) => js`typeof ${v}==="string"&&!${x}(${v})`,
};
