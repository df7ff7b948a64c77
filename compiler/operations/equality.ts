import { empty, js, join, literal } from '../5-emit/code.ts';
import type { Code } from '../5-emit/code.ts';
import type { Scalar } from '../ir/document.ts';

/** An array or object where a scalar was meant cannot be told: a tool may take `["admin"]` for `"admin"`. */
export const composite = (v: Code): Code => js`typeof ${v}==="object"&&${v}!==null`;

export const same = (v: Code, x: Scalar): Code => js`${v}===${literal(x)}`;

/**
 * Whether `v` is `x`, or may pass for it. A value of another scalar type that reads the same (`"5"` for 5,
 * `"TRUE"` or 1 for true) cannot be told, for tools coerce.
 */
export function maybeOneOf(v: Code, operands: readonly Scalar[]): Code {
  const tests = operands.flatMap((x) => [same(v, x), ...lookalikes(v, x)]);
  return join([...tests, composite(v)], js`||`);
}

function lookalikes(v: Code, x: Scalar): readonly Code[] {
  if (typeof x === 'number') return [js`typeof ${v}==="string"&&${v}.trim()!==""&&+${v}===${literal(x)}`];
  if (typeof x === 'boolean') {
    return [
      js`typeof ${v}==="string"&&${v}.trim().toLowerCase()===${literal(String(x))}`,
      js`${v}===${literal(x ? 1 : 0)}`,
    ];
  }
  if (typeof x !== 'string') return [];
  const text = x.trim().toLowerCase();
  if (text === 'true' || text === 'false') return [js`${v}===${literal(text === 'true')}`];
  return text !== '' && Number.isFinite(Number(text)) ? [js`${v}===${literal(Number(text))}`] : [];
}

/** Whether nothing of another type reads the same as any of these. */
export const unmistakable = (operands: readonly Scalar[]): boolean =>
  operands.every((x) => lookalikes(empty, x).length === 0);

export function definitelyOneOf(v: Code, operands: readonly Scalar[]): Code {
  return join(
    operands.map((x) => same(v, x)),
    js`||`,
  );
}
