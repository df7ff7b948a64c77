/** The texts of a value: what tests without an argument look at, what refers to other steps, what may be a copy. */
import { Later } from './references.ts';

/** Every string, object key and number (as decimal text) at or below a value. */
export function textsOf(value: unknown): readonly (string | Later)[] {
  if (typeof value === 'string' || value instanceof Later) return [value];
  if (typeof value === 'number') return [inDecimal(value)];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsOf(member)]);
}

/** The digits of a number, without an exponent. */
function inDecimal(value: number): string {
  const shortest = String(value);
  if (!shortest.includes('e')) return shortest;
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(shortest) ?? [];
  if (exponent === undefined) return shortest;
  const point = whole.length + Number(exponent);
  const digits = '0'.repeat(Math.max(0, 1 - point)) + whole + fraction + '0'.repeat(Math.max(0, point));
  const at = Math.max(point, 1);
  const behind = digits.slice(at).replace(/0+$/, '');
  return sign + digits.slice(0, at) + (behind === '' ? '' : `.${behind}`);
}
