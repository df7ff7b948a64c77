import type { CelNode, CelRead } from '../ir/cel.ts';
import { children } from '../ir/cel-walk.ts';

/** Every variable an expression reads, with the path below it as far as it is written out. */
export function reads(root: CelNode): CelRead[] {
  const found: CelRead[] = [];
  const visit = (node: CelNode): void => {
    const path = readPath(node);
    if (path) found.push({ path, start: node.start, end: node.end });
    else children(node).forEach(visit);
    // The index of `a[b]` is read too, whether or not it prolongs the path.
    if (path) indexes(node).forEach(visit);
  };
  visit(root);
  return found;
}

/** `plan.context["role"]` as `['plan', 'context', 'role']`; `null` if no variable is at the bottom. */
function readPath(node: CelNode): string[] | null {
  if (node.op === 'variable') return node.name.split('.');
  const step = access(node);
  if (!step) return null;
  const below = readPath(step.operand);
  if (!below) return null;
  // After a computed index nothing more is certain, so the path ends before it.
  const complete = access(step.operand)?.field !== null;
  return step.field !== null && complete ? [...below, step.field] : below;
}

function access(node: CelNode): { readonly operand: CelNode; readonly field: string | null } | null {
  if (node.op === 'select' || node.op === 'has') return { operand: node.operand, field: node.field };
  if (node.op !== 'call' || (node.name !== 'celIndex' && node.name !== 'celOptionalIndex')) return null;
  const [operand, index] = node.args;
  if (!operand) return null;
  const literal = index?.op === 'constant' && index.constant.kind === 'string' ? index.constant.value : null;
  return { operand, field: literal };
}

function indexes(node: CelNode): CelNode[] {
  const step = access(node);
  if (!step) return [];
  const own = node.op === 'call' ? node.args.slice(1) : [];
  return [...indexes(step.operand), ...own];
}
