import { CelUint, OVERFLOW, uint, type CelFailure } from './value.ts';

export const INT_MIN = -0x8000_0000_0000_0000n;
export const INT_MAX = 0x7fff_ffff_ffff_ffffn;
export const UINT_MAX = 0xffff_ffff_ffff_ffffn;

/** Bigints of 0 to 4095: `BigInt(n)` is a global, so integers are put together from digits of base 4096. */
const DIGITS: readonly bigint[] = /* @__PURE__ */ digits();

function digits(): bigint[] {
  const table: bigint[] = [];
  for (let value = 0n; value < 4096n; value++) table.push(value);
  return table;
}

/** An integral, finite double as a bigint, exactly. */
export function toBigint(value: number): bigint {
  const small = DIGITS[value];
  if (typeof small === 'bigint') return small;
  let rest = value < 0 ? -value : value;
  let result = 0n;
  for (let shift = 0n; rest > 0; shift += 12n) {
    const digit = rest % 4096;
    result += (DIGITS[digit] ?? 0n) << shift;
    rest = (rest - digit) / 4096;
  }
  return value < 0 ? -result : result;
}

/** The nearest double. */
export function toNumber(value: bigint): number {
  return +`${value}`;
}

/** int64 or overflow (langdef.md "Overflow"). */
export function int64(value: bigint): bigint | CelFailure {
  return value >= INT_MIN && value <= INT_MAX ? value : OVERFLOW;
}

export function uint64(value: bigint): CelUint | CelFailure {
  return value >= 0n && value <= UINT_MAX ? uint(value) : OVERFLOW;
}

export function isIntegral(value: number): boolean {
  return value % 1 === 0;
}

/** A number of any of the three kinds, comparable by JavaScript's exact mixed comparison; otherwise `null`. */
export function numeric(value: unknown): number | bigint | null {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof CelUint ? value.value : null;
}

/** A number that is an integer, whatever its kind, in range of a list index; otherwise `null`. */
export function position(value: unknown): number | null {
  const number = numeric(value);
  if (number === null) return null;
  if (typeof number === 'bigint') return number >= -1n && number < 9007199254740992n ? toNumber(number) : -1;
  return isIntegral(number) ? number : null;
}
