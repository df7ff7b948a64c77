import { js } from '../code/code.ts';
import type { ValueOperation } from './operation.ts';

/** `null` and what says nothing (`""`, `[]`) cannot be told, as for `exists`. */
export const missing: ValueOperation = {
  name: 'missing',
  operand: 'none',
  reads: 'value',
  anywhere: false,
  uses: ['bad', 'isBlank'],
  says: (_x, negated) => (negated ? 'is present' : 'is missing'),
  maybe: (v) => js`(${v}===void 0||${v}===null||${v}===bad||isBlank(${v}))`,
  definitely: (v) => js`${v}===void 0`,
};
