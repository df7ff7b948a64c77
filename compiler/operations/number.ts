import { js } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import { show } from './operation.ts';
import type { OperationName, ValueOperation } from './operation.ts';

/**
 * A comparison with a number. Anything but a finite number cannot be told: a bound that a string, NaN or a
 * missing argument could slip past would be no bound (1e309 reads as Infinity, so Infinity is not told either).
 */
export function comparison(
  name: OperationName,
  phrases: readonly [holds: string, fails: string],
  holds: (v: Code, x: Code) => Code,
  fails: (v: Code, x: Code) => Code,
): ValueOperation {
  return {
    name,
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

/** A comparison of a size; `v` is -1 where the value has none (a number, a missing argument). */
export function sizeComparison(
  name: OperationName,
  phrases: readonly [holds: string, fails: string],
  holds: (v: Code, x: Code) => Code,
  fails: (v: Code, x: Code) => Code,
): ValueOperation {
  return {
    name,
    operand: 'count',
    reads: 'size',
    anywhere: false,
    says: (x, negated) => `has a length ${phrases[negated ? 1 : 0]} ${show(x)}`,
    maybe: (v, x) => js`!(${v}>=0&&${fails(v, x)})`,
    definitely: (v, x) => js`${v}>=0&&${holds(v, x)}`,
  };
}

/** `x` is a pair. */
export const within = (v: Code, x: Code): Code => js`${v}>=${x}[0]&&${v}<=${x}[1]`;

/** `x` is a pair. */
export const outside = (v: Code, x: Code): Code => js`(${v}<${x}[0]||${v}>${x}[1])`;
