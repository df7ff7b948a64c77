/** How a rule is asked in a session, where calls come one by one and nobody knows the next. */
import { children } from './cel-walk.ts';
import type { CelNode } from './cel.ts';
import type { Expr, ProgramRule } from './program.ts';

/**
 * `online`: asked of each call, and final. `prefix`: the same, but of all calls so far each time. `obligation`: what further
 * calls can mend, so it is told at the close. `plan`: of no call anything can be said.
 * `result`: of what a call gives, when it has ended.
 */
export type SessionClass = 'online' | 'prefix' | 'obligation' | 'plan' | 'result';

export function sessionClass(rule: ProgramRule): SessionClass {
  const { condition } = rule;
  if (rule.scope === 'step') return readsPlan(rule) ? 'prefix' : 'online';
  switch (condition.kind) {
    case 'result-token':
      return 'result';
    case 'on_fail':
      return 'plan';
    case 'require_after':
      return 'obligation';
    case 'cel': {
      const { root } = condition.expression;
      if (!reads(root)) return 'online';
      return directionOf(root) === 'falling' ? 'obligation' : 'prefix';
    }
    default:
      return 'online';
  }
}

/** Whether a rule looks at more of the plan than the step it is asked about. */
export function readsPlan({ condition }: ProgramRule): boolean {
  const inExpr = (expr: Expr): boolean =>
    'items' in expr ? expr.items.some(inExpr) : expr.kind === 'cel' && reads(expr.expression.root);
  if (condition.kind === 'cel') return reads(condition.expression.root);
  return 'items' in condition ? condition.items.some(inExpr) : false;
}

function reads(node: CelNode): boolean {
  return (node.op === 'variable' && node.name === 'plan') || children(node).some(reads);
}

/** What becomes of a condition as calls are added: it stays, can only become true, can only become false, or anything. */
export type Direction = 'constant' | 'rising' | 'falling' | 'mixed';

const OPPOSITE: Readonly<Record<Direction, Direction>> = {
  constant: 'constant',
  rising: 'falling',
  falling: 'rising',
  mixed: 'mixed',
};

/** Comparisons of a number that can only grow with one that stays. */
const OF_GROWING: Readonly<Record<string, Direction>> = {
  celGreater: 'rising',
  celGreaterOrEqual: 'rising',
  celLess: 'falling',
  celLessOrEqual: 'falling',
};

export function directionOf(node: CelNode): Direction {
  if (!reads(node)) return 'constant';
  switch (node.op) {
    case 'not':
      return OPPOSITE[directionOf(node.operand)];
    case 'and':
    case 'or':
      return joined(directionOf(node.left), directionOf(node.right));
    case 'conditional':
      return reads(node.test) ? 'mixed' : joined(directionOf(node.yes), directionOf(node.no));
    case 'comprehension':
      if (!growsIn(node.range) || node.filter || reads(node.body)) return 'mixed';
      if (node.macro === 'exists') return 'rising';
      return node.macro === 'all' ? 'falling' : 'mixed';
    case 'call': {
      const [left, right] = node.args;
      if (!left || !right) return 'mixed';
      const compared = OF_GROWING[node.name] ?? 'mixed';
      if (isSize(left) && !reads(right)) return compared;
      return isSize(right) && !reads(left) ? OPPOSITE[compared] : 'mixed';
    }
    default:
      return 'mixed';
  }
}

function joined(one: Direction, other: Direction): Direction {
  if (one === other || other === 'constant') return one;
  return one === 'constant' ? other : 'mixed';
}

/** `plan.steps`, or a part of it that is chosen step by step: a list to which calls only add. */
function growsIn(node: CelNode): boolean {
  if (node.op === 'comprehension')
    return (node.macro === 'filter' || node.macro === 'map') && growsIn(node.range) && !reads(node.body);
  if (node.op !== 'select' || node.field !== 'steps') return false;
  return node.operand.op === 'variable' && node.operand.name === 'plan';
}

const isSize = (node: CelNode): boolean =>
  node.op === 'call' && node.name === 'celSize' && node.args.length === 1 && node.args.every(growsIn);
