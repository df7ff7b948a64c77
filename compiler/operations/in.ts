import type { Scalar } from '../ir/document.ts';
import { definitelyOneOf, maybeOneOf } from './equality.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

export const isIn: ValueOperation = {
  name: 'in',
  operand: 'scalars',
  reads: 'value',
  anywhere: false,
  says: (x, negated) => `${negated ? 'is none of' : 'is one of'} ${show(x)}`,
  comparesTexts: { how: 'is' },
  uses: ['readsLike'],
  maybe: (v, isText, operand) => maybeOneOf(v, isText, operand as readonly Scalar[]),
  definitely: (v, isText, operand) => definitelyOneOf(v, isText, operand as readonly Scalar[]),
};
