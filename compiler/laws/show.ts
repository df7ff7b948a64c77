import type { Interval, OperandValue, Scalar } from '../ir/document.ts';

/** Values as messages show them. */
export const showInterval = (i: Interval): string => `[${i.min ?? 'null'}, ${i.max ?? 'null'}]`;

export const showList = (items: readonly Scalar[]): string => `[${items.map(showScalar).join(', ')}]`;

export const showOperand = (value: OperandValue): string =>
  Array.isArray(value) ? showList(value as readonly Scalar[]) : showScalar(value as Scalar);

/** A text that would read as something else, or as several, stands in quotes: `"1"` is not `1`. */
const showScalar = (value: Scalar): string =>
  typeof value === 'string' && readsOtherwise(value) ? JSON.stringify(value) : String(value);

const readsOtherwise = (text: string): boolean =>
  text !== text.trim() ||
  text.includes(',') ||
  !Number.isNaN(Number(text)) ||
  /^(true|false|null|~)$/i.test(text);

/** `90d` or `12h`; with minutes where it is no whole number of hours. */
export function showDuration(milliseconds: number): string {
  const hours = milliseconds / 3_600_000;
  if (hours % 24 === 0) return `${hours / 24}d`;
  const minutes = Math.ceil((hours % 1) * 60);
  return minutes === 0 ? `${hours}h` : `${Math.floor(hours)}h ${minutes}min`;
}
