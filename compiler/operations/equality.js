import { js, join, literal } from '../5-emit/code.js';
/** An array or object where a scalar was meant cannot be told: a tool may take `["admin"]` for `"admin"`. */
const composite = (v) => js`typeof ${v}==="object"&&${v}!==null`;
export const same = (v, x) => js`${v}===${literal(x)}`;
/**
 * Whether `v` is `x`, or may pass for it. A value of another scalar type that reads the same (`"5"` for 5,
 * `"TRUE"` or 1 for true) cannot be told, for tools coerce.
 */
export function maybeOneOf(v, operands) {
  const tests = operands.flatMap((x) => [same(v, x), ...lookalikes(v, x)]);
  return join([...tests, composite(v)], js`||`);
}
function lookalikes(v, x) {
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
export function definitelyOneOf(v, operands) {
  return join(
    operands.map((x) => same(v, x)),
    js`||`,
  );
}
