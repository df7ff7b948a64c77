import type { CelNode } from './cel.ts';

/** A node and all below it. */
export const everyNode = (node: CelNode): readonly CelNode[] => [node, ...children(node).flatMap(everyNode)];

/** The expressions directly inside a node, in source order. */
export function children(node: CelNode): readonly CelNode[] {
  switch (node.op) {
    case 'constant':
    case 'variable':
    case 'local':
      return [];
    case 'select':
    case 'has':
    case 'not':
      return [node.operand];
    case 'and':
    case 'or':
      return [node.left, node.right];
    case 'conditional':
      return [node.test, node.yes, node.no];
    case 'call':
      return node.args;
    case 'matches':
      return [node.text];
    case 'list':
      return node.elements.map(({ value }) => value);
    case 'map':
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case 'comprehension':
      return node.filter ? [node.range, node.filter, node.body] : [node.range, node.body];
    case 'bind':
      return [node.value, node.body];
    case 'optional-map':
      return [node.operand, node.body];
    case 'optional-or':
      return [node.operand, node.other];
  }
}
