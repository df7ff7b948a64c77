import { js } from '../code/code.ts';
import type { ValueOperation } from './operation.ts';

/** `null` and what says nothing (`""`, `[]`) cannot be told: one tool takes it for absent, another for a value. */
export const exists: ValueOperation = {
  name: 'exists',
  operand: 'none',
  reads: 'value',
  anywhere: false,
  uses: ['bad', 'isBlank'],
  says: (_x, negated) => (negated ? 'is missing' : 'is present'),
  maybe: (v) => js`${v}!==void 0`,
  definitely: (v) => js`${v}!==void 0&&${v}!==null&&${v}!==bad&&!isBlank(${v})`,
};
