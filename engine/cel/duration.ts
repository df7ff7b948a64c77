import { parseDigits } from './digits.ts';
import { duration } from './time.ts';
import { BAD_ARGUMENT, type CelDuration, type CelFailure } from './value.ts';

const UNITS: readonly (readonly [string, bigint])[] = [
  ['h', 3_600_000_000_000n],
  ['ms', 1_000_000n],
  ['m', 60_000_000_000n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ns', 1n],
  ['s', 1_000_000_000n],
];

/** A duration from text such as `1h30m`, `-1.5s`, `0` (langdef.md "Durations"). */
export function parseDuration(text: string): CelDuration | CelFailure {
  const negative = text.startsWith('-');
  let rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return duration(0n);
  if (rest === '' || rest.length > 200) return BAD_ARGUMENT;
  let total = 0n;
  while (rest !== '') {
    const [whole = '', integer = '', fraction = ''] = /^(\d*)(?:\.(\d*))?/.exec(rest) ?? [];
    if (integer === '' && fraction === '') return BAD_ARGUMENT;
    rest = rest.slice(whole.length);
    let size = 0n;
    for (const [unit, nanos] of UNITS) {
      if (size === 0n && rest.startsWith(unit)) {
        size = nanos;
        rest = rest.slice(unit.length);
      }
    }
    if (size === 0n) return BAD_ARGUMENT;
    total += parseDigits(integer) * size;
    // What is below a nanosecond is cut off.
    total += (parseDigits(fraction) * size) / 10n ** parseDigits(`${fraction.length}`);
  }
  return duration(negative ? -total : total);
}
