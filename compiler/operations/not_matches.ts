import { js } from '../code/code.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** On one string, as `not_contains`. */
export const notMatches: ValueOperation = {
  name: 'not_matches',
  operand: 'pattern',
  reads: 'value',
  anywhere: false,
  says: (x, negated) => `${negated ? 'matches the pattern' : 'does not match the pattern'} ${show(x)}`,
  comparesTexts: { how: 'matches', opposite: true },
  maybe: (v, found) => js`!(typeof ${v}==="string"&&(${found})(${v}))`,
  definitely: (v, found) => js`typeof ${v}==="string"&&!(${found})(${v})`,
};
