/** The lengths for which a test of lengths holds, from the lowest to the highest, by what it compares with. */
import type { OperandValue, Scalar } from '../ir/document.ts';

export type Lengths = readonly [lowest: number, highest: number];

function ends(x: OperandValue): Lengths {
  const [low, high] = Array.isArray(x) ? (x as readonly Scalar[]) : [x as Scalar];
  return [Number(low), Number(high)];
}

export const LENGTHS: Readonly<Record<string, (x: OperandValue) => Lengths>> = {
  length_equals: (x) => [Number(x), Number(x)],
  length_gt: (x) => [Number(x) + 1, Infinity],
  length_gte: (x) => [Number(x), Infinity],
  length_lt: (x) => [0, Number(x) - 1],
  length_lte: (x) => [0, Number(x)],
  length_between: ends,
};
