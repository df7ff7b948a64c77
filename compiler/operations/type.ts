import { js, literal } from '../code/code.ts';
import type { ValueOperation } from './operation.ts';

/** JSON's own types; `integer` is a number without a fraction. A missing argument has none. */
export const type: ValueOperation = {
  name: 'type',
  operand: 'type',
  reads: 'value',
  anywhere: false,
  uses: ['bad', 'isType'],
  says: (x, negated) => `${negated ? 'is not' : 'is'} of type ${String(x)}`,
  maybe: (v, _x, operand) => js`(${v}===bad||isType(${v},${literal(operand)}))`,
  definitely: (v, _x, operand) => js`${v}!==bad&&isType(${v},${literal(operand)})`,
};
