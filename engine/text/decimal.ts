const DIGITS = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n];

/** Powers of ten, made as far as they are used; at most those that a double can need. */
const POWERS = [1n];

function power(exponent: number): bigint {
  let last = POWERS[POWERS.length - 1] ?? 1n;
  while (POWERS.length <= exponent) POWERS.push((last *= 10n));
  return POWERS[exponent] ?? 1n;
}

/** No double has a digit behind this many places (5e-324 is the smallest). */
const PLACES = 324;

/**
 * A finite number from 0, by its shortest decimal text (ECMA-262 §6.1.6.1.20), as a whole number of 10^-324: exact, so that 0.1 and 0.2 are
 * 0.3 together. It has 633 digits at most.
 */
export function scaled(value: number): bigint {
  const [mantissa = '', exponent = '0'] = `${value}`.split('e');
  let digits = 0n;
  let places = 0;
  let behind = 0;
  for (let i = 0; i < mantissa.length; i += 1) {
    const unit = mantissa.charCodeAt(i);
    if (unit === 46) behind = 1;
    else {
      digits = digits * 10n + (DIGITS[unit - 48] ?? 0n);
      places += behind;
    }
  }
  return digits * power(PLACES + +exponent - places);
}

/** A number in decimal, without an exponent: `1e-7` is `0.0000001`, `1e21` a one and 21 zeros. At most 350 characters. */
export function decimalText(value: number): string {
  const text = `${value}`;
  const e = text.indexOf('e');
  if (e < 0) return text;
  const sign = value < 0 ? '-' : '';
  const digits = text.slice(sign.length, e).replace('.', '');
  // How many digits stand in front of the point.
  const whole = +text.slice(e + 1) + 1;
  return whole > 0
    ? sign + digits.padEnd(whole, '0')
    : `${sign}0.${digits.padStart(digits.length - whole, '0')}`;
}

/** Whether a number has many more digits in decimal than with an exponent. */
export const isLong = (value: number): boolean => {
  const size = value < 0 ? -value : value;
  return size > 1e40 || (size < 1e-40 && size > 0);
};

/** A whole number of its decimal text; `-` may stand in front. */
export function digitsOf(text: string): bigint {
  let value = 0n;
  const isNegative = text.startsWith('-');
  for (let i = isNegative ? 1 : 0; i < text.length; i += 1)
    value = value * 10n + (DIGITS[text.charCodeAt(i) - 48] ?? 0n);
  return isNegative ? -value : value;
}
