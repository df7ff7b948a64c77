import { definitelyOneOf, maybeOneOf } from './equality.js';
import { show } from './operation.js';
export const equals = {
  name: 'equals',
  operand: 'scalar',
  reads: 'value',
  anywhere: false,
  says: (x, negated) => `${negated ? 'is not' : 'is'} ${show(x)}`,
  maybe: (v, _x, operand) => maybeOneOf(v, [operand]),
  definitely: (v, _x, operand) => definitelyOneOf(v, [operand]),
};
