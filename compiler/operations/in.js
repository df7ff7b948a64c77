import { definitelyOneOf, maybeOneOf } from './equality.js';
import { show } from './operation.js';
export const isIn = {
  name: 'in',
  operand: 'scalars',
  reads: 'value',
  anywhere: false,
  says: (x, negated) => `${negated ? 'is none of' : 'is one of'} ${show(x)}`,
  maybe: (v, _x, operand) => maybeOneOf(v, operand),
  definitely: (v, _x, operand) => definitelyOneOf(v, operand),
};
