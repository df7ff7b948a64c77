import type { CelConstant, CelNode } from '../../ir/cel.ts';
import { empty, js, literal, type Code } from '../../code/code.ts';
import type { Scope, Unit } from './scope.ts';

/** Comparisons as JavaScript has them; `null`: the operands stand the other way round in the source. */
const OPERATORS: Readonly<Record<string, { readonly direct: Code; readonly swapped: Code }>> = {
  celEqual: { direct: js`===`, swapped: js`===` },
  celNotEqual: { direct: js`!==`, swapped: js`!==` },
  celLess: { direct: js`<`, swapped: js`>` },
  celLessOrEqual: { direct: js`<=`, swapped: js`>=` },
  celGreater: { direct: js`>`, swapped: js`<` },
  celGreaterOrEqual: { direct: js`>=`, swapped: js`<=` },
};

/**
 * A comparison with a literal, the most frequent condition by far: where the value has the literal's own
 * JavaScript type, one operator decides; everything else goes to the support function.
 */
export function compareWithLiteral(
  unit: Unit,
  scope: Scope,
  node: CelNode & { op: 'call' },
  emit: (node: CelNode) => Code,
): Code | null {
  const operator = OPERATORS[node.name];
  const [left, right] = node.args;
  if (!operator || !left || !right) return null;
  const swapped = left.op === 'constant';
  const [constantNode, other] = swapped ? [left, right] : [right, left];
  if (constantNode.op !== 'constant' || other.op === 'constant') return null;
  const ordering = node.name !== 'celEqual' && node.name !== 'celNotEqual';
  const quick = quickLiteral(constantNode.constant, ordering);
  if (!quick) return null;
  const value = scope.temporary();
  const sign = swapped ? operator.swapped : operator.direct;
  const constant = emit(constantNode);
  const [first, second] = swapped ? [constant, value] : [value, constant];
  const slow = unit.callOperation(node.name, [first, second]);
  // NaN has no order: the support function says so.
  const isOrdered = quick.type === 'number' ? js` && ${value} === ${value}` : empty;
  return js`(typeof (${value} = ${emit(other)}) === ${literal(quick.type)}${isOrdered} ? ${value} ${sign} ${quick.literal} : ${slow})`;
}

function quickLiteral(
  constant: CelConstant,
  ordering: boolean,
): { readonly type: 'number' | 'string'; readonly literal: Code } | null {
  if (constant.kind === 'double') return { type: 'number', literal: literal(constant.value) };
  if (constant.kind === 'int') {
    const value = Number(constant.value);
    return Number.isSafeInteger(value) ? { type: 'number', literal: literal(value) } : null;
  }
  // JavaScript orders strings by UTF-16 unit, CEL by code point.
  return constant.kind === 'string' && !ordering
    ? { type: 'string', literal: literal(constant.value) }
    : null;
}
