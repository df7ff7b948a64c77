import { toBigint } from './number.ts';

/** Decimal digits as a bigint; the caller has checked that there is nothing else and bounds their number. */
export function parseDigits(digits: string): bigint {
  let value = 0n;
  for (let at = 0; at < digits.length; at += 15) {
    const chunk = digits.slice(at, at + 15);
    value = value * toBigint(10 ** chunk.length) + toBigint(+chunk);
  }
  return value;
}
