/** What a condition in CEL reads, as paths below its variables. */
import type { Ast } from '../cel/ast.ts';
import { parse } from '../cel/parse.ts';
import { partsOf } from '../cel/print.ts';

/** `step.args.amount` as `['step', 'args', 'amount']`; the longest paths that are written out. */
export function pathsRead(condition: string): readonly (readonly string[])[] {
  const parts = [...partsOf(parse(condition))];
  const paths = parts.flatMap((part) => pathOf(part) ?? []).filter(([root]) => ROOTS.has(root ?? ''));
  const isBelow = (path: readonly string[], other: readonly string[]): boolean =>
    other.length > path.length && path.every((segment, i) => segment === other[i]);
  const longest = paths.filter((path) => !paths.some((other) => isBelow(path, other)));
  return [...new Map(longest.map((path) => [path.join('\0'), path])).values()];
}

const ROOTS: ReadonlySet<string> = new Set(['step', 'plan', 'context']);

function pathOf(ast: Ast): [readonly string[]] | null {
  if (ast.kind === 'identifier') return [[ast.name]];
  if (ast.kind === 'select') {
    const below = pathOf(ast.operand);
    return below && [[...below[0], ast.field]];
  }
  if (ast.kind !== 'call' || ast.name !== '_[_]') return null;
  const [operand, index] = ast.args;
  if (!operand || index?.kind !== 'constant') return null;
  const { constant } = index;
  const below = constant.kind === 'string' || constant.kind === 'int' ? pathOf(operand) : null;
  return below && 'value' in constant ? [[...below[0], String(constant.value)]] : null;
}

/** What stands at a path; `undefined` where there is nothing. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[segment];
  }
  return value;
}
