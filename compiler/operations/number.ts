import { js, name } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import { show } from './operation.ts';
import type { OperationName, ValueOperation } from './operation.ts';

/**
 * A comparison with a number. Anything but a finite number cannot be told: a bound that a string, NaN or a
 * missing argument could slip past would be no bound (1e309 reads as Infinity, so Infinity is not told either).
 */
export function comparison(
  operation: OperationName,
  phrases: readonly [holds: string, fails: string],
  holds: (v: Code, x: Code) => Code,
  fails: (v: Code, x: Code) => Code,
): ValueOperation {
  return {
    name: operation,
    operand: 'number',
    reads: 'value',
    anywhere: false,
    showsNumber: true,
    uses: ['fin'],
    says: (x, negated) => `${phrases[negated ? 1 : 0]} ${show(x)}`,
    maybe: (v, x) => js`!(${finite(v)}&&${fails(v, x)})`,
    definitely: (v, x) => js`${finite(v)}&&${holds(v, x)}`,
  };
}

export const finite = (v: Code): Code => js`fin(${v})`;

/**
 * How many there are of what a value holds, as code: its own length (-1 where it has none: a number, a missing argument)
 * and the most that a tool may find in it, which is more where arrays stand in it.
 */
export interface Sizes {
  readonly own: Code;
  readonly most: Code;
}

const SIZES: Sizes = { own: name('v'), most: name('w') };

/** A comparison of a size that holds for sure, and one that fails for sure, of all that lies between the two sizes. */
export const ofSizes = (
  holds: (sizes: Sizes, x: Code) => Code,
  fails: (sizes: Sizes, x: Code) => Code,
): Pick<ValueOperation, 'reads' | 'anywhere' | 'maybe' | 'definitely'> => ({
  reads: 'size',
  anywhere: false,
  maybe: (_, x) => js`!(${SIZES.own}>=0&&${fails(SIZES, x)})`,
  definitely: (_, x) => js`${SIZES.own}>=0&&${holds(SIZES, x)}`,
});

export function sizeComparison(
  operation: OperationName,
  phrases: readonly [holds: string, fails: string],
  holds: (sizes: Sizes, x: Code) => Code,
  fails: (sizes: Sizes, x: Code) => Code,
): ValueOperation {
  return {
    name: operation,
    operand: 'count',
    says: (x, negated) => `has a length ${phrases[negated ? 1 : 0]} ${show(x)}`,
    ...ofSizes(holds, fails),
  };
}

/** `x` is a pair. */
export const within = (v: Code, x: Code): Code => js`${v}>=${x}[0]&&${v}<=${x}[1]`;

/** `x` is a pair. */
export const outside = (v: Code, x: Code): Code => js`(${v}<${x}[0]||${v}>${x}[1])`;
