import { js, literal } from '../5-emit/code.js';
/** JSON's own types; `integer` is a number without a fraction. A missing argument has none. */
export const type = {
  name: 'type',
  operand: 'type',
  reads: 'value',
  anywhere: false,
  uses: ['bad', 'isType'],
  says: (x, negated) => `${negated ? 'is not' : 'is'} of type ${String(x)}`,
  maybe: (v, _x, operand) => js`(${v}===bad||isType(${v},${literal(operand)}))`,
  definitely: (v, _x, operand) => js`${v}!==bad&&isType(${v},${literal(operand)})`,
};
