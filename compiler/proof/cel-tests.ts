/** What a node of CEL asks of one value. */
import type { CelNode } from '../ir/cel.ts';

export type Scalar = string | number | boolean | null;

export type CelTest =
  /** On one side of a number. */
  | { readonly kind: 'order'; readonly op: Order; readonly bound: number }
  /** One of some values. */
  | { readonly kind: 'equal'; readonly items: readonly Scalar[] }
  | { readonly kind: 'text'; readonly how: TextHow; readonly operand: string }
  | { readonly kind: 'has' }
  /** The value itself, as a condition. */
  | { readonly kind: 'truth' };

export type Order = '<' | '<=' | '>' | '>=';
export type TextHow = 'starts_with' | 'ends_with' | 'contains' | 'matches';

export interface AskedOf {
  readonly subject: CelNode;
  readonly test: CelTest;
  readonly negated: boolean;
}

const ORDERS: Readonly<Record<string, readonly [written: Order, flipped: Order]>> = {
  celLess: ['<', '>'],
  celLessOrEqual: ['<=', '>='],
  celGreater: ['>', '<'],
  celGreaterOrEqual: ['>=', '<='],
};

const TEXTS: Readonly<Record<string, TextHow>> = {
  celStartsWith: 'starts_with',
  celEndsWith: 'ends_with',
  celContains: 'contains',
};

/** The test that a node is, of whatever it asks; what is none of the known ones is a value that is true or not. */
export function testOf(node: CelNode): AskedOf {
  const found = node.op === 'call' ? ofCall(node.name, node.args) : null;
  if (found) return found;
  if (node.op === 'matches') {
    return asked(node.text, { kind: 'text', how: 'matches', operand: node.pattern.key });
  }
  if (node.op === 'has') {
    const { operand, field, start, end } = node;
    const subject: CelNode = { op: 'select', operand, field, type: { kind: 'dyn' }, start, end };
    return asked(subject, { kind: 'has' });
  }
  return asked(node, { kind: 'truth' });
}

const asked = (subject: CelNode, test: CelTest, negated = false): AskedOf => ({ subject, test, negated });

function ofCall(name: string, [left, right]: readonly CelNode[]): AskedOf | null {
  if (!left || !right) return null;
  const order = ORDERS[name];
  if (order) {
    const [onLeft, onRight] = [scalarOf(left), scalarOf(right)];
    if (typeof onRight === 'number') return asked(left, { kind: 'order', op: order[0], bound: onRight });
    return typeof onLeft === 'number' ? asked(right, { kind: 'order', op: order[1], bound: onLeft }) : null;
  }
  if (name === 'celEqual' || name === 'celNotEqual') {
    const negated = name === 'celNotEqual';
    const [onLeft, onRight] = [scalarOf(left), scalarOf(right)];
    if (onRight !== undefined) return asked(left, { kind: 'equal', items: [onRight] }, negated);
    return onLeft === undefined ? null : asked(right, { kind: 'equal', items: [onLeft] }, negated);
  }
  if (name === 'celIn') {
    const items = itemsOf(right);
    return items && asked(left, { kind: 'equal', items });
  }
  const how = TEXTS[name];
  const operand = scalarOf(right);
  return how && typeof operand === 'string' ? asked(left, { kind: 'text', how, operand }) : null;
}

function itemsOf(node: CelNode): readonly Scalar[] | null {
  if (node.op !== 'list' || node.elements.some(({ optional }) => optional)) return null;
  const items = node.elements.map(({ value }) => scalarOf(value));
  return items.every((item) => item !== undefined) ? items : null;
}

/** A literal; `undefined` for what is none, and for numbers that a double does not hold. */
function scalarOf(node: CelNode): Scalar | undefined {
  if (node.op !== 'constant') return undefined;
  const { constant } = node;
  switch (constant.kind) {
    case 'null':
      return null;
    case 'bool':
    case 'string':
      return constant.value;
    case 'double':
      return Number.isFinite(constant.value) ? constant.value : undefined;
    case 'int':
    case 'uint':
      return Number.isSafeInteger(Number(constant.value)) ? Number(constant.value) : undefined;
    default:
      return undefined;
  }
}
