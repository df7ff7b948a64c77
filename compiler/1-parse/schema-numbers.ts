import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { MappingEntry, MappingNode, YamlNode } from '../ir/node.ts';
import type { InexactNumbers } from './json.ts';

/**
 * Generators write the ends of int64 into schemas, which no double holds. As a limit the double next to it, on the side
 * that the limit leaves open, admits the same numbers: between the two there is none.
 */
const LIMITS: Readonly<Record<string, 'below' | 'above'>> = {
  minimum: 'above',
  exclusiveMinimum: 'below',
  maximum: 'below',
  exclusiveMaximum: 'above',
};

/** Limits of counts; what is counted is never so many that rounding would tell. */
const COUNTS: ReadonlySet<string> = new Set(
  ['Length', 'Items', 'Properties', 'Contains'].flatMap((what) => [`min${what}`, `max${what}`]),
);

/** Keywords that say which values satisfy the schema, to the last digit. */
const EXACT: ReadonlySet<string> = new Set(['multipleOf', 'enum', 'const']);

/** A schema whose limits are numbers that a double holds; reports the other inexact numbers that decide. */
export function exactLimits(
  schema: MappingNode,
  inexact: InexactNumbers,
  diagnostics: Diagnostics,
): MappingNode {
  if (inexact.size === 0) return schema;
  const entries = schema.entries.map((entry): MappingEntry => {
    const { key, value } = entry;
    if (EXACT.has(key)) {
      for (const node of inexactBelow(value, inexact))
        diagnostics.report('PL1010', { text: inexact.get(node) ?? '' }, node.span);
    }
    const digits = inexact.get(value);
    if (digits === undefined || value.kind !== 'scalar' || COUNTS.has(key)) return entry;
    const side = LIMITS[key];
    return side ? { ...entry, value: { ...value, value: doubleBeside(digits, side) } } : entry;
  });
  return { ...schema, entries };
}

function inexactBelow(node: YamlNode, inexact: InexactNumbers): readonly YamlNode[] {
  if (node.kind === 'sequence') return node.items.flatMap((item) => inexactBelow(item, inexact));
  if (node.kind === 'mapping') return node.entries.flatMap(({ value }) => inexactBelow(value, inexact));
  return inexact.has(node) ? [node] : [];
}

/** The double nearest to a whole number that is not above, or not below, it. */
export function doubleBeside(digits: string, side: 'below' | 'above'): number {
  const nearest = Number(digits);
  const difference = BigInt(nearest) - BigInt(digits);
  if (side === 'below') return difference > 0n ? neighbour(nearest, -1) : nearest;
  return difference < 0n ? neighbour(nearest, 1) : nearest;
}

/** The next double up or down (IEEE 754 §5.3.1): of doubles of a sign the bits, as a number, are in their order. */
function neighbour(value: number, direction: 1 | -1): number {
  const double = new Float64Array([value]);
  const bits = new BigInt64Array(double.buffer);
  bits[0] = (bits[0] ?? 0n) + BigInt(value > 0 ? direction : -direction);
  return double[0] ?? value;
}
