import type { Scalar } from '../ir/document.ts';
import { definitelyOneOf, maybeOneOf } from './equality.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

export const equals: ValueOperation = {
  name: 'equals',
  operand: 'scalar',
  reads: 'value',
  anywhere: false,
  says: (x, negated) => `${negated ? 'is not' : 'is'} ${show(x)}`,
  maybe: (v, _x, operand) => maybeOneOf(v, [operand as Scalar]),
  definitely: (v, _x, operand) => definitelyOneOf(v, [operand as Scalar]),
};
