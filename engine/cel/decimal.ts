import { toBigint } from './number.ts';

/** A positive, finite double as the exact fraction `top / 2 ** shift`. */
function exact(value: number): { readonly top: bigint; readonly shift: bigint } {
  let scaled = value;
  let shift = 0n;
  while (scaled % 1 !== 0) {
    scaled *= 2;
    shift += 1n;
  }
  return { top: toBigint(scaled), shift };
}

/** `top / bottom`, ties to the even neighbour. */
function roundedQuotient(top: bigint, bottom: bigint): bigint {
  const quotient = top / bottom;
  const twice = (top % bottom) * 2n;
  if (twice < bottom || (twice === bottom && quotient % 2n === 0n)) return quotient;
  return quotient + 1n;
}

/** The value times 10 to the power of `power`, rounded to an integer. */
function scaledDigits(value: number, power: number): bigint {
  const { top, shift } = exact(value);
  const ten = 10n ** toBigint(power < 0 ? -power : power);
  return power < 0 ? roundedQuotient(top, ten << shift) : roundedQuotient(top * ten, 1n << shift);
}

function minus(value: number): string {
  return value < 0 || (value === 0 && 1 / value < 0) ? '-' : '';
}

/** `%.Nf` of a finite double. */
export function fixedText(value: number, precision: number): string {
  const digits = `${scaledDigits(value < 0 ? -value : value, precision)}`.padStart(precision + 1, '0');
  const whole = digits.slice(0, digits.length - precision);
  return `${minus(value)}${whole}${precision > 0 ? `.${digits.slice(digits.length - precision)}` : ''}`;
}

/** `%.Ne` of a finite double: one digit before the point, at least two in the exponent. */
export function exponentText(value: number, precision: number): string {
  const positive = value < 0 ? -value : value;
  let exponent = positive === 0 ? 0 : +(positive.toExponential().split('e')[1] ?? '0');
  let digits = `${scaledDigits(positive, precision - exponent)}`;
  if (digits.length > precision + 1) {
    exponent += 1;
    digits = `${scaledDigits(positive, precision - exponent)}`;
  }
  digits = digits.padEnd(precision + 1, '0');
  const power = `${exponent < 0 ? -exponent : exponent}`.padStart(2, '0');
  const fraction = precision > 0 ? `.${digits.slice(1)}` : '';
  return `${minus(value)}${digits.slice(0, 1)}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
}
