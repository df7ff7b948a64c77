import { js } from '../5-emit/code.ts';
import type { Code } from '../5-emit/code.ts';
import { show } from './operation.ts';
import type { OperationName, ValueOperation } from './operation.ts';

/**
 * A comparison with a number. Anything but a finite number cannot be told: a bound that a string, NaN or a
 * missing argument could slip past would be no bound (1e309 reads as Infinity, so Infinity is not told either).
 */
export function comparison(
  name: OperationName,
  phrase: string,
  holds: (v: Code, x: Code) => Code,
  fails: (v: Code, x: Code) => Code,
): ValueOperation {
  return {
    name,
    operand: 'number',
    reads: 'value',
    anywhere: false,
    says: (x) => `${phrase} ${show(x)}`,
    maybe: (v, x) => js`!(${finite(v)}&&${fails(v, x)})`,
    definitely: (v, x) => js`${finite(v)}&&${holds(v, x)}`,
  };
}

export const finite = (v: Code): Code => js`typeof ${v}==="number"&&${v}-${v}===0`;

/** A comparison of a size; `v` is -1 where the value has none (a number, a missing argument). */
export function sizeComparison(
  name: OperationName,
  phrase: string,
  holds: (v: Code, x: Code) => Code,
  fails: (v: Code, x: Code) => Code,
): ValueOperation {
  return {
    name,
    operand: 'count',
    reads: 'size',
    anywhere: false,
    says: (x) => `has a length ${phrase} ${show(x)}`,
    maybe: (v, x) => js`!(${v}>=0&&${fails(v, x)})`,
    definitely: (v, x) => js`${v}>=0&&${holds(v, x)}`,
  };
}
