import { js, join, literal } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { Scalar } from '../ir/document.ts';

/** An array or object where a scalar was meant cannot be told: a tool may take `["admin"]` for `"admin"`. */
const composite = (v: Code): Code => js`typeof ${v}==="object"&&${v}!==null`;

const same = (v: Code, x: Scalar): Code => js`${v}===${literal(x)}`;

/** `isText` says of a string whether it is one of the texts among the operands. */
function oneOf(v: Code, isText: Code, operands: readonly Scalar[]): readonly Code[] {
  const others = operands.filter((x) => typeof x !== 'string').map((x) => same(v, x));
  return others.length < operands.length
    ? [...others, js`typeof ${v}==="string"&&(${isText})(${v})`]
    : others;
}

/**
 * Whether `v` is one of the operands, or may pass for it. A value of another scalar type that reads the same (`"5"`
 * for 5, `"TRUE"` or 1 for true) cannot be told, for tools coerce.
 */
export function maybeOneOf(v: Code, isText: Code, operands: readonly Scalar[]): Code {
  const passing = operands.flatMap((x) => lookalikes(v, x));
  return join([...oneOf(v, isText, operands), ...passing, composite(v)], js`||`);
}

function lookalikes(v: Code, x: Scalar): readonly Code[] {
  if (typeof x === 'number')
    return [js`typeof ${v}==="string"&&plain(${v}).trim()!==""&&+plain(${v})===${literal(x)}`];
  if (typeof x === 'boolean') {
    return [
      js`typeof ${v}==="string"&&plain(${v}).trim().toLowerCase()===${literal(String(x))}`,
      js`${v}===${literal(x ? 1 : 0)}`,
    ];
  }
  if (typeof x !== 'string') return [];
  const text = x.trim().toLowerCase();
  if (text === 'true' || text === 'false') return [js`${v}===${literal(text === 'true')}`];
  return text !== '' && Number.isFinite(Number(text)) ? [js`${v}===${literal(Number(text))}`] : [];
}

export function definitelyOneOf(v: Code, isText: Code, operands: readonly Scalar[]): Code {
  return join(oneOf(v, isText, operands), js`||`);
}
