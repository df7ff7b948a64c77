import { js } from '../5-emit/code.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

/** On one string: with many texts it would be open whether all or any must contain the operand. */
export const notContains: ValueOperation = {
  name: 'not_contains',
  operand: 'text',
  reads: 'value',
  anywhere: false,
  shares: () => true,
  says: (x, negated) => `${negated ? 'contains' : 'does not contain'} ${show(x)}`,
  maybe: (v, x) => js`!(typeof ${v}==="string"&&${v}.includes(${x}))`,
  definitely: (v, x) => js`typeof ${v}==="string"&&!${v}.includes(${x})`,
};
