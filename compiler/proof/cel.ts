import type { CelConstant, CelNode } from '../ir/cel.ts';

/**
 * Whether `wide` is known not to fail wherever `narrow` does not: by structure, and by intervals where both compare
 * one value with numbers. `false` says nothing. A rule fires unless its condition is `false`, so an error counts
 * like `true`; `&&` is `false` where an operand is, `||` where both are (cel-spec, "Logical Operators").
 */
export function celImplies(narrow: CelNode, wide: CelNode): boolean {
  if (celKey(narrow) === celKey(wide)) return true;
  if (narrow.op === 'or') return celImplies(narrow.left, wide) && celImplies(narrow.right, wide);
  if (wide.op === 'and') return celImplies(narrow, wide.left) && celImplies(narrow, wide.right);
  if (wide.op === 'or' && (celImplies(narrow, wide.left) || celImplies(narrow, wide.right))) return true;
  if (narrow.op === 'and' && (celImplies(narrow.left, wide) || celImplies(narrow.right, wide))) return true;
  const [inner, outer] = [comparisonOf(narrow), comparisonOf(wide)];
  return inner !== null && outer !== null && inner.of === outer.of && isWithin(inner, outer);
}

/** Equal for expressions that mean the same but for the order of `&&`, `||` and comparisons, spaces, and names. */
export function celKey(node: CelNode): string {
  const slots = new Map<number, number>();
  const slotOf = (slot: number): number => {
    const known = slots.get(slot) ?? slots.size;
    slots.set(slot, known);
    return known;
  };
  return JSON.stringify(plain(node, slotOf));
}

type Plain = readonly unknown[] | string | number | boolean | null | { readonly [key: string]: Plain };

const FLIPPED: Readonly<Record<string, string>> = {
  celGreater: 'celLess',
  celGreaterOrEqual: 'celLessOrEqual',
};

/** The node without places and types; `slotOf` numbers variables of macros in the order of their use. */
function plain(value: unknown, slotOf: (slot: number) => number): Plain {
  if (Array.isArray(value)) return value.map((item) => plain(item, slotOf));
  if (typeof value !== 'object' || value === null) return value as Plain;
  const node = value as Record<string, unknown>;
  if (node['op'] === 'and' || node['op'] === 'or') return [node['op'], ...operands(node, slotOf)];
  if (node['op'] === 'call' && typeof node['name'] === 'string') {
    const args = node['args'] as readonly unknown[];
    const flipped = FLIPPED[node['name']];
    return ['call', flipped ?? node['name'], plain(flipped ? args.toReversed() : args, slotOf)];
  }
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !['start', 'end', 'type'].includes(key))
      .map(([key, inner]): [string, Plain] => [
        key,
        key === 'slot'
          ? slotOf(inner as number)
          : key === 'slots'
            ? (inner as readonly number[]).map(slotOf)
            : plain(inner, slotOf),
      ]),
  );
}

/** Operands of a run of one junction, in an order of their own; neither has effects, and both are Kleene's. */
function operands(node: Record<string, unknown>, slotOf: (slot: number) => number): readonly Plain[] {
  const flat = (side: unknown): readonly Plain[] => {
    const inner = side as Record<string, unknown>;
    return inner['op'] === node['op'] ? operands(inner, slotOf) : [plain(inner, slotOf)];
  };
  const all = [...flat(node['left']), ...flat(node['right'])];
  return all.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** What a value is compared with: it is above `low` and below `high`, the ends themselves where closed. */
interface Comparison {
  readonly of: string;
  readonly low: number;
  readonly high: number;
  readonly closed: boolean;
}

const SIDES: Readonly<Record<string, readonly [up: boolean, closed: boolean]>> = {
  celLess: [false, false],
  celLessOrEqual: [false, true],
  celGreater: [true, false],
  celGreaterOrEqual: [true, true],
};

function comparisonOf(node: CelNode): Comparison | null {
  if (node.op !== 'call') return null;
  const side = SIDES[node.name];
  const [left, right] = node.args;
  if (!side || !left || !right) return null;
  const [up, closed] = side;
  const [onLeft, onRight] = [numberOf(left), numberOf(right)];
  if (onRight !== null) return interval(celKey(left), up, onRight, closed);
  return onLeft === null ? null : interval(celKey(right), !up, onLeft, closed);
}

const interval = (of: string, up: boolean, bound: number, closed: boolean): Comparison => ({
  of,
  low: up ? bound : -Infinity,
  high: up ? Infinity : bound,
  closed,
});

function numberOf(node: CelNode): number | null {
  const constant: CelConstant | null = node.op === 'constant' ? node.constant : null;
  if (constant?.kind === 'double') return Number.isFinite(constant.value) ? constant.value : null;
  if (constant?.kind !== 'int' && constant?.kind !== 'uint') return null;
  const value = Number(constant.value);
  return Number.isSafeInteger(value) ? value : null;
}

function isWithin(inner: Comparison, outer: Comparison): boolean {
  const end = (a: number, b: number): boolean =>
    a !== b || outer.closed || !inner.closed || !Number.isFinite(a);
  return (
    inner.low >= outer.low &&
    inner.high <= outer.high &&
    end(inner.low, outer.low) &&
    end(inner.high, outer.high)
  );
}
