import type { Scalar } from '../ir/document.ts';
import { composite, definitelyOneOf, maybeOneOf, unmistakable } from './equality.ts';
import { js } from '../5-emit/code.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

export const isIn: ValueOperation = {
  name: 'in',
  operand: 'scalars',
  reads: 'value',
  anywhere: false,
  says: (x, negated) => `${negated ? 'is none of' : 'is one of'} ${show(x)}`,
  shares: (operand) => unmistakable(operand as readonly Scalar[]),
  maybe: (v, x, operand) =>
    unmistakable(operand as readonly Scalar[])
      ? js`${x}.includes(${v})||${composite(v)}`
      : maybeOneOf(v, operand as readonly Scalar[]),
  definitely: (v, x, operand) =>
    unmistakable(operand as readonly Scalar[])
      ? js`${x}.includes(${v})`
      : definitelyOneOf(v, operand as readonly Scalar[]),
};
