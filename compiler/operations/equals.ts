import { js } from '../5-emit/code.ts';
import type { Scalar } from '../ir/document.ts';
import { composite, maybeOneOf, same, unmistakable } from './equality.ts';
import { show } from './operation.ts';
import type { ValueOperation } from './operation.ts';

export const equals: ValueOperation = {
  name: 'equals',
  operand: 'scalar',
  reads: 'value',
  anywhere: false,
  says: (x, negated) => `${negated ? 'is not' : 'is'} ${show(x)}`,
  shares: (operand) => unmistakable([operand as Scalar]),
  maybe: (v, x, operand) =>
    unmistakable([operand as Scalar]) ? js`${v}===${x}||${composite(v)}` : maybeOneOf(v, [operand as Scalar]),
  definitely: (v, x, operand) =>
    unmistakable([operand as Scalar]) ? js`${v}===${x}` : same(v, operand as Scalar),
};
