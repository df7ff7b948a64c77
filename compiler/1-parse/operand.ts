import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { OperandValue, Scalar } from '../ir/document.ts';
import type { YamlNode } from '../ir/node.ts';
import type { Located, Span } from '../ir/source.ts';
import { OPERANDS, OPERATIONS } from '../operations/index.ts';
import type { OperationName } from '../operations/index.ts';
import { reportReferencesIn } from './references.ts';

/** `${params.limit}` as the whole operand; anything else is an operand as it stands. */
export function paramName(node: YamlNode | undefined): Located<string> | null {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return null;
  const match = /^\$\{params\.([^{}]*)\}$/.exec(node.value);
  return match && { value: match[1] ?? '', span: node.span };
}

/**
 * Reads the `value` of a test.
 *
 * @param at - the operation, where a `value` is missing
 * @returns `null` where the operation takes none; `undefined` after it has reported what is wrong
 */
export function readOperand(
  node: YamlNode | undefined,
  operation: OperationName,
  at: Span,
  diagnostics: Diagnostics,
): Located<OperandValue> | null | undefined {
  const kind = OPERATIONS[operation].operand;
  const { expected, accepts } = OPERANDS[kind];
  if (!node) {
    if (kind === 'none') return null;
    diagnostics.report('PL1110', { operation, expected }, at);
    return undefined;
  }
  if (reportReferencesIn(node, kind === 'pattern' ? 'pattern' : 'operand', diagnostics)) return undefined;
  const value = operandValue(node);
  if (value === undefined || !accepts(value)) {
    diagnostics.report('PL1109', { operation, expected, got: shown(node) }, node.span);
    return undefined;
  }
  return { value, span: node.span };
}

/** The operand a node spells; `undefined` for a mapping and for a list that holds more than scalars. */
export function operandValue(node: YamlNode): OperandValue | undefined {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'mapping') return undefined;
  const items = node.items.map((item): Scalar | undefined =>
    item.kind === 'scalar' ? item.value : undefined,
  );
  return items.every((item) => item !== undefined) ? items : undefined;
}

export function shown(node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'mapping' ? 'a mapping' : 'this list';
  return node.value === null ? 'null' : `the ${typeof node.value} \`${String(node.value)}\``;
}
