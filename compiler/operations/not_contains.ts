import { js } from '../code/code.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** On one string: with many texts it would be open whether all or any must contain the operand. */
export const notContains: ValueOperation = {
  name: 'not_contains',
  operand: 'text',
  reads: 'value',
  anywhere: false,
  says: (x, negated) => `${negated ? 'contains' : 'does not contain'} ${show(x)}`,
  comparesTexts: { how: 'contains', opposite: true },
  maybe: (v, found) => js`!(typeof ${v}==="string"&&(${found})(${v}))`,
  definitely: (v, found) => js`typeof ${v}==="string"&&!(${found})(${v})`,
};
