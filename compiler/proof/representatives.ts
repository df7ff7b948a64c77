import { decimalText, numberIn } from '../spelling/index.ts';
import type { Scalar } from '../ir/document.ts';
import { disguises } from './texts.ts';
import { BAD, classOf, operandsOf } from './values.ts';
import type { ValueTest } from './values.ts';

/**
 * Values of which one stands for every case that scalar tests can tell apart, or that size tests can: between
 * and at the numbers they name, each scalar and what may pass for it, one of each type. Where no representative
 * satisfies a set of tests of one class, no value does. Plain values come first, for they make better examples.
 */
export function representatives(tests: readonly ValueTest[]): readonly unknown[] {
  const scalars = tests.filter((test) => classOf(test) === 'scalar').flatMap(operandsOf);
  const sizes = tests.filter((test) => classOf(test) === 'size').flatMap(operandsOf);
  const numbers = scalars.flatMap((scalar) => {
    const number = asNumber(scalar);
    return number === null ? [] : [number];
  });
  return [
    ...numberCells(numbers),
    ...scalars,
    ...textsReadLike(scalars).map((text) => fresh(text, scalars)),
    ...(tests.some((test) => classOf(test) === 'size') ? sized(sizes) : []),
    freshText(scalars),
    ...scalars.flatMap((scalar) => (typeof scalar === 'string' ? disguises(scalar) : [])),
    true,
    false,
    '',
    ' ',
    [],
    {},
    [freshText(scalars)],
    { key: 'value' },
    null,
    undefined,
    Infinity,
    NaN,
    BAD,
  ];
}

/** The number that an operand is, or may pass for. */
function asNumber(scalar: Scalar): number | null {
  if (typeof scalar === 'boolean') return scalar ? 1 : 0;
  const number = typeof scalar === 'string' ? numberIn(scalar.trim()) : scalar;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Every number that is named, and within each gap between two a whole number and a broken one. */
function numberCells(named: readonly number[]): readonly number[] {
  const points = [...new Set([0, ...named])].sort((a, b) => a - b);
  const lowest = points[0] ?? 0;
  const highest = points.at(-1) ?? 0;
  const edges = [-Number.MAX_VALUE, lowest * 2 - 10, ...points, highest * 2 + 10, Number.MAX_VALUE]
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const between = edges.flatMap((low, i) => {
    const high = edges[i + 1] ?? low;
    const middle = low / 2 + high / 2;
    const floor = Math.floor(low);
    return [floor + 1, middle, low / 2 + middle / 2, floor + 0.5, floor + 1.5].filter(
      (x) => x > low && x < high,
    );
  });
  // Near the named numbers first: nobody learns from an example of 1e308.
  return [...between, ...edges].sort((a, b) => Math.abs(a - highest) - Math.abs(b - highest));
}

/**
 * Texts of which one reads like the same of these scalars as any text does: each number as it is, and in front of
 * something (`5n`, and `5_0` where there is a 50); each word for true and false.
 */
export function textsReadLike(scalars: readonly Scalar[]): readonly string[] {
  const numbers = scalars.map(asNumber).filter((number) => number !== null);
  const texts = [...new Set(numbers)].map((number) => decimalText(number));
  const splits = texts.flatMap((long) =>
    texts
      .filter((short) => long !== short && long.startsWith(short))
      .map((short) => `${short}_${long.slice(short.length)}`),
  );
  const words = scalars.some((scalar) => typeof scalar === 'boolean' || asWord(scalar))
    ? ['yes', 'no', '1', '0', '1n', '0n']
    : [];
  return [...new Set([...texts, ...texts.map((text) => `${text}n`), ...splits, ...words])];
}

const asWord = (scalar: Scalar): boolean =>
  typeof scalar === 'string' && /^\s*(?:true|false)\s*$/i.test(scalar);

/** The text with spaces in front of it, as many as make it another one than those named. */
function fresh(text: string, named: readonly Scalar[]): string {
  let other = text;
  while (named.includes(other)) other = ` ${other}`;
  return other;
}

function freshText(named: readonly Scalar[]): string {
  let text = 'other';
  while (named.includes(text)) text += ' one';
  return text;
}

const LONGEST = 4096;

/** A text, an array and an object of every length that tests can tell apart. */
function sized(named: readonly Scalar[]): readonly unknown[] {
  const numbers = named.filter((size) => typeof size === 'number' && size <= LONGEST) as readonly number[];
  const lengths = [...new Set([0, ...numbers.flatMap((size) => [size - 1, size, size + 1])])].filter(
    (n) => n >= 0,
  );
  return lengths.flatMap((length): unknown[] => [
    'x'.repeat(length),
    Array.from({ length }, () => 0),
    Object.fromEntries(Array.from({ length }, (_, i) => [`key${i}`, 0])),
  ]);
}

/** Whether the sizes named are small enough for `representatives` to cover every case. */
export function coversSizes(tests: readonly ValueTest[]): boolean {
  return tests
    .filter((test) => classOf(test) === 'size')
    .flatMap(operandsOf)
    .every((size) => typeof size === 'number' && size <= LONGEST);
}
