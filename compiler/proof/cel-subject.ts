/** What a condition in CEL says of one step, where its tests are such as the prover knows. */
import type { CelNode } from '../ir/cel.ts';
import { ANY, ERROR, FALSE, TRUE } from './cel-states.ts';
import { testOf } from './cel-tests.ts';
import { BROKEN, COLLECTION, MISSING, stateWith } from './cel-values.ts';
import type { Case } from './cel-values.ts';

/** The values of the variables `step`, `plan` and `context`. */
export type Subject = Readonly<Record<string, unknown>>;

/** The states that a condition may be in; one of them where all of its tests are known ones of values that are there. */
export function statesOn(node: CelNode, subject: Subject): number {
  const of = (part: CelNode): number => statesOn(part, subject);
  switch (node.op) {
    case 'and':
    case 'or':
      return junction(node.op === 'and' ? FALSE : TRUE, of(node.left), of(node.right));
    case 'not':
      return opposite(of(node.operand));
    case 'conditional': {
      const test = of(node.test);
      const yes = test & TRUE ? of(node.yes) : 0;
      const no = test & FALSE ? of(node.no) : 0;
      return yes | no | (test & ERROR);
    }
    case 'constant':
      if (node.constant.kind !== 'bool') return ANY;
      return node.constant.value ? TRUE : FALSE;
    default: {
      const { subject: asked, test, negated } = testOf(node);
      const value = valueOf(asked, subject);
      if (value === undefined) return ANY;
      const state = stateWith(test, value);
      return negated ? opposite(state) : state;
    }
  }
}

/** One operand in the deciding state decides; an error is weaker than that and stronger than the other state. */
function junction(deciding: number, left: number, right: number): number {
  const neutral = opposite(deciding);
  const decided = (left | right) & deciding;
  const failed = (left & ERROR && right & ~deciding) || (right & ERROR && left & ~deciding) ? ERROR : 0;
  return decided | failed | (left & right & neutral);
}

const opposite = (states: number): number =>
  (states & ERROR) | (states & TRUE ? FALSE : 0) | (states & FALSE ? TRUE : 0);

/** The value of an expression; `undefined` for one that is more than a path of names. */
function valueOf(node: CelNode, subject: Subject): Case | undefined {
  const found = lookUp(node, subject);
  if (found === undefined || typeof found === 'symbol') return found;
  const { value } = found;
  // What a reference stands for is not known.
  if (typeof value === 'string') return /\$\{|\{\{/.test(value) ? undefined : value;
  if (typeof value === 'object' && value !== null) return COLLECTION;
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

type LookedUp = { readonly value: unknown } | typeof MISSING | typeof BROKEN | undefined;

function lookUp(node: CelNode, subject: Subject): LookedUp {
  if (node.op === 'variable') {
    return Object.hasOwn(subject, node.name) ? { value: subject[node.name] } : undefined;
  }
  if (node.op !== 'select') return undefined;
  const owner = lookUp(node.operand, subject);
  if (owner === undefined || typeof owner === 'symbol') return owner && BROKEN;
  const { value } = owner;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return BROKEN;
  const members = value as Readonly<Record<string, unknown>>;
  return Object.hasOwn(members, node.field) ? { value: members[node.field] } : MISSING;
}
