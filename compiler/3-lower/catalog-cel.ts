import type { CelExpression, CelNode } from '../ir/cel.ts';
import { everyNode } from '../ir/cel-walk.ts';
import type { Located } from '../ir/source.ts';
import type { CatalogCheck } from './catalog.ts';
import { spanWithin } from '../ir/place.ts';

/**
 * Holds the plain parts of a condition against the catalog: texts that `step.tool` is compared with, and arguments that
 * are read where the rule's pattern, or a conjunct `step.tool == "…"`, says of which tool. The rest is not looked at.
 */
export function checkCondition(
  check: CatalogCheck,
  { root }: CelExpression,
  when: Located<string>,
  tools: readonly Located<string>[] | null,
): void {
  const all = everyNode(root);
  for (const name of all.flatMap(comparedWithTool))
    check.name(name.text, spanWithin(when, name.start, name.end));
  const demanded = conjuncts(root).flatMap((node) => (isEquality(node) ? comparedWithTool(node) : []));
  const named =
    demanded.length > 0 ? demanded.map(({ text }) => text) : (tools ?? []).map(({ value }) => value);
  if (named.some((tool) => tool.includes('*'))) return;
  // Where the condition divides by the tool in another way, which part speaks of which tool is not known.
  if (all.filter((node) => pathOf(node)?.join('.') === 'step.tool').length > demanded.length) return;
  // What is asked for by `has` may be missing, and the author knows.
  const asked = all.flatMap((node) => (node.op === 'has' ? [pathOf(node)?.join('\n')] : []));
  for (const node of all) {
    const path = node.op === 'select' ? pathOf(node) : null;
    const [variable, field, ...names] = path ?? [];
    if (variable !== 'step' || field !== 'args' || names.length === 0) continue;
    if (asked.includes(path?.join('\n'))) continue;
    for (const tool of named) {
      check.ofTool(tool, names, spanWithin(when, node.start, node.end));
    }
  }
}

interface Compared {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const conjuncts = (node: CelNode): readonly CelNode[] =>
  node.op === 'and' ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node];

const isEquality = (node: CelNode): boolean => node.op === 'call' && node.name === 'celEqual';

/** `step.tool == "x"`, `step.tool != "x"`, `step.tool in ["x", "y"]`. */
function comparedWithTool(node: CelNode): readonly Compared[] {
  if (node.op !== 'call' || !COMPARISONS.includes(node.name)) return [];
  const { args } = node;
  if (!args.some((arg) => pathOf(arg)?.join('.') === 'step.tool')) return [];
  return args.flatMap((arg) =>
    arg.op === 'list' ? arg.elements.flatMap(({ value }) => text(value)) : text(arg),
  );
}

const COMPARISONS: readonly string[] = ['celEqual', 'celNotEqual', 'celIn'];

const text = (node: CelNode): readonly Compared[] =>
  node.op === 'constant' && node.constant.kind === 'string'
    ? [{ text: node.constant.value, start: node.start, end: node.end }]
    : [];

/** `step.args.amount` as its names. */
function pathOf(node: CelNode): readonly string[] | null {
  if (node.op === 'variable') return [node.name];
  if (node.op !== 'select' && node.op !== 'has') return null;
  const below = pathOf(node.operand);
  return below && [...below, node.field];
}
