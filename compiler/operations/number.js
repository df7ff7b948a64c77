import { js, literal } from '../5-emit/code.js';
import { show } from './operation.js';
/**
 * A comparison with a number. Anything but a finite number cannot be told: a bound that a string, NaN or a
 * missing argument could slip past would be no bound (1e309 reads as Infinity, so Infinity is not told either).
 */
export function comparison(name, phrases, holds, fails) {
  return {
    name,
    operand: 'number',
    reads: 'value',
    anywhere: false,
    showsNumber: true,
    says: (x, negated) => `${phrases[negated ? 1 : 0]} ${show(x)}`,
    maybe: (v, x) => js`!(${finite(v)}&&${fails(v, x)})`,
    definitely: (v, x) => js`${finite(v)}&&${holds(v, x)}`,
  };
}
export const finite = (v) => js`typeof ${v}==="number"&&${v}-${v}===0`;
/** A comparison of a size; `v` is -1 where the value has none (a number, a missing argument). */
export function sizeComparison(name, phrases, holds, fails) {
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
const ends = (operand) => {
  const [low, high] = operand;
  return [literal(low ?? 0), literal(high ?? 0)];
};
export function within(v, operand) {
  const [low, high] = ends(operand);
  return js`${v}>=${low}&&${v}<=${high}`;
}
export function outside(v, operand) {
  const [low, high] = ends(operand);
  return js`(${v}<${low}||${v}>${high})`;
}
