import { paramReads } from '../cel/params.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { OperandValue, ParamDeclaration, PatternDeclaration } from '../ir/document.ts';
import { spanWithin } from '../ir/place.ts';
import type { BoundParam, ChainStep, Narrowing } from '../ir/resolved.ts';
import type { Located, Span } from '../ir/source.ts';
import { OPERANDS, OPERATIONS } from '../operations/index.ts';
import type { OperationName } from '../operations/index.ts';
import { showOperand } from './show.ts';

/** A parameter and the value it has so far. */
export interface Param {
  readonly declaration: ParamDeclaration;
  readonly value: Located<OperandValue>;
  /** Where a file has locked it; `null`: as its declaration says. */
  readonly final: Span | null;
  readonly chain: readonly ChainStep[];
}

/** Whether two values are the same; how they are shown may be, though they are not: `["a, b"]` and `["a", "b"]`. */
export const sameOperand = (a: OperandValue, b: OperandValue): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** The same, or one list with the same items in another order. */
export const sameItems = (a: OperandValue, b: OperandValue): boolean =>
  sameOperand(a, b) || (Array.isArray(a) && Array.isArray(b) && sameOperand(inOrder(a), inOrder(b)));

const inOrder = (items: readonly unknown[]): OperandValue => items.map((item) => JSON.stringify(item)).sort();

/** The pattern with its parameters' values; the pattern itself where it names none. */
export function substitute(
  pattern: PatternDeclaration,
  params: ReadonlyMap<string, Param>,
  diagnostics: Diagnostics,
): PatternDeclaration {
  if (!namesParams(pattern)) return pattern;
  const { leaf, and, or, not } = pattern;
  const inside = (item: PatternDeclaration): PatternDeclaration => substitute(item, params, diagnostics);
  return {
    ...pattern,
    leaf: leaf?.param ? withValue(leaf, leaf.param, params, diagnostics) : leaf,
    and: and && and.map(inside),
    or: or && or.map(inside),
    not: not && inside(not),
  };
}

/** Pattern and condition with the values of their parameters; the same object where they name none. */
export function withParams<C extends Narrowing>(
  condition: C,
  params: ReadonlyMap<string, Param>,
  diagnostics: Diagnostics,
): C {
  const pattern = substitute(condition.pattern, params, diagnostics);
  const named = condition.when ? paramsOfWhen(condition.when, params, diagnostics) : [];
  return pattern === condition.pattern && named.length === 0
    ? condition
    : { ...condition, pattern, params: named };
}

type Leaf = NonNullable<PatternDeclaration['leaf']>;

function withValue(
  leaf: Leaf,
  { value: name, span }: Located<string>,
  params: ReadonlyMap<string, Param>,
  diagnostics: Diagnostics,
): Leaf {
  const { operation } = leaf;
  const param = params.get(name);
  if (!param) {
    diagnostics.report('PL2208', { name, near: nearest(name, params.keys()) }, span);
    return withOperand(leaf, null);
  }
  const { value } = param.value;
  const { expected, accepts } = OPERANDS[OPERATIONS[operation.value as OperationName].operand];
  if (!accepts(value)) {
    const got = `\`${showOperand(value)}\`, the value of \`${name}\``;
    diagnostics.report('PL1109', { operation: operation.value, expected, got }, span);
  }
  return withOperand(leaf, { value, span });
}

/** The leaf with another operand, in place of a parameter too. */
export function withOperand(
  { arg, operation, ignoreCase, normalize, optional, view }: Leaf,
  value: Located<OperandValue> | null,
): Leaf {
  return {
    arg,
    operation,
    value,
    ...(ignoreCase && { ignoreCase }),
    ...(normalize && { normalize }),
    ...(optional && { optional }),
    ...(view && { view }),
  };
}

/** Parameters that the `when` of a rule names, with the values they have here; reports those that are not there. */
export function paramsOfWhen(
  when: Located<string>,
  params: ReadonlyMap<string, Param>,
  diagnostics: Diagnostics,
): readonly BoundParam[] {
  const bound = new Map<string, BoundParam>();
  for (const { name, start, end } of paramReads(when.value)) {
    const param = params.get(name);
    if (param) bound.set(name, { name, type: param.declaration.type, value: param.value.value });
    else {
      const near = nearest(name, params.keys());
      diagnostics.report('PL2208', { name, near }, spanWithin(when, start, end));
    }
  }
  return [...bound.values()];
}

export function namesParams({ leaf, and, or, not }: PatternDeclaration): boolean {
  if (leaf?.param || and?.some(namesParams) || or?.some(namesParams)) return true;
  return not !== null && namesParams(not);
}

/** Whether pattern or condition of a rule names a parameter. */
export const ruleNamesParams = ({ pattern, when }: Narrowing): boolean =>
  namesParams(pattern) || (when !== null && paramReads(when.value).length > 0);

export function paramNames({ leaf, and, or, not }: PatternDeclaration): readonly string[] {
  const nested = [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])];
  return [...(leaf?.param ? [leaf.param.value] : []), ...nested.flatMap(paramNames)];
}
