import { js, join, literal } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { Scalar } from '../ir/document.ts';
import { numberIn } from '../spelling/index.ts';

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
 * Whether `v` is one of the operands, or may pass for it. A value of another type or spelling that reads the same (`"5"`
 * for 5, `"TRUE"` or 1 for true, `"5.0"` for `"5"`) cannot be told, for tools coerce.
 */
export function maybeOneOf(v: Code, isText: Code, operands: readonly Scalar[]): Code {
  const passing = operands.filter(hasOtherForms);
  const reads = passing.length === 0 ? [] : [js`readsLike(${v},${literal(passing)})`];
  return join([...oneOf(v, isText, operands), ...reads, composite(v)], js`||`);
}

/** Whether a value of another type, or another text, may stand for a scalar. */
export function hasOtherForms(x: Scalar): boolean {
  if (typeof x !== 'string') return x !== null;
  return /^\s*(?:true|false)\s*$/i.test(x) || numberIn(x.trim()) !== null;
}

export function definitelyOneOf(v: Code, isText: Code, operands: readonly Scalar[]): Code {
  return join(oneOf(v, isText, operands), js`||`);
}
