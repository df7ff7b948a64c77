import type { CelNode } from '../ir/cel.ts';

/**
 * Equal for expressions that mean the same but for the order of `&&`, `||` and comparisons, spaces, and names. Of a part
 * of an expression, variables that are bound further out keep their slot.
 */
export function celKey(node: CelNode): string {
  const bound = new Map<number, number>();
  return JSON.stringify(plain(node, bound));
}

type Plain = readonly unknown[] | string | number | boolean | null | { readonly [key: string]: Plain };

const FLIPPED: Readonly<Record<string, string>> = {
  celGreater: 'celLess',
  celGreaterOrEqual: 'celLessOrEqual',
};

/** The node without places and types; variables of its macros are numbered in the order in which they are bound. */
function plain(value: unknown, bound: Map<number, number>): Plain {
  if (Array.isArray(value)) return value.map((item) => plain(item, bound));
  if (typeof value !== 'object' || value === null) return value as Plain;
  const node = value as Record<string, unknown>;
  const { op, slot, slots } = node;
  if (op === 'local') return ['local', bound.get(slot as number) ?? `outer ${String(slot)}`];
  for (const one of (slots ?? (slot === undefined ? [] : [slot])) as readonly number[])
    bound.set(one, bound.size);
  if (op === 'and' || op === 'or') return [op, ...operands(node, bound)];
  if (op === 'call' && typeof node['name'] === 'string') {
    const args = node['args'] as readonly unknown[];
    const flipped = FLIPPED[node['name']];
    return ['call', flipped ?? node['name'], plain(flipped ? args.toReversed() : args, bound)];
  }
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => !['start', 'end', 'type'].includes(name))
      .map(([name, inner]): [string, Plain] => [name, memberKey(name, inner, bound)]),
  );
}

function memberKey(name: string, inner: unknown, bound: Map<number, number>): Plain {
  if (name === 'slot') return bound.get(inner as number) ?? 0;
  if (name === 'slots') return (inner as readonly number[]).map((one) => bound.get(one) ?? 0);
  return plain(inner, bound);
}

/** Operands of a run of one junction, in an order of their own; neither has effects, and both are Kleene's. */
function operands(node: Record<string, unknown>, bound: Map<number, number>): readonly Plain[] {
  const flat = (side: unknown): readonly Plain[] => {
    const inner = side as Record<string, unknown>;
    return inner['op'] === node['op'] ? operands(inner, bound) : [plain(inner, bound)];
  };
  const all = [...flat(node['left']), ...flat(node['right'])];
  return all.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
