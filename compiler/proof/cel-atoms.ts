/** The tests of two conditions in CEL, in groups that speak of one value. */
import type { CelNode } from '../ir/cel.ts';
import { celKey } from './cel-key.ts';
import { ANY, ERROR, FALSE, TRUE } from './cel-states.ts';
import type { Demands } from './cel-states.ts';
import { testOf } from './cel-tests.ts';
import type { ValueGroup } from './cel-values.ts';
import { mayMeetValues } from './cel-values.ts';

/** Elements of one list, and tests of which some element may be the one. */
interface ElementGroup {
  readonly kind: 'elements';
  readonly bodies: Map<number, CelNode>;
}

/** Two values that are compared with each other. */
interface PairGroup {
  readonly kind: 'pair';
  readonly tests: Map<number, PairTest>;
}

type PairTest = 'less' | 'at most' | 'equal';
type Group = ElementGroup | PairGroup | ValueGroup;
type Implies = (narrow: CelNode, wide: CelNode) => boolean;

/** A test by its number, or that it does not hold. */
interface Reference {
  readonly atom: number;
  readonly negated: boolean;
}

/** Slots of variables that are made equal; those of an expression are not negative. */
const ELEMENT = -1;

export class Atoms {
  readonly #numbers = new Map<string, number>();
  readonly #groups = new Map<string, Group>();
  readonly #implies: Implies;

  /** @param implies - the same proof, for the bodies of macros */
  constructor(implies: Implies) {
    this.#implies = implies;
  }

  /** The test that a node is. What is no test that is known speaks of nothing but itself. */
  of(node: CelNode): Reference {
    return this.#ofElements(node) ?? this.#ofPair(node) ?? this.#ofValue(node);
  }

  /** Whether all tests can be in states that are demanded, for all that is known. */
  mayMeet(demands: Demands): boolean {
    for (const states of demands.values()) if ((states & ANY) === 0) return false;
    for (const group of this.#groups.values()) if (!this.#mayMeetGroup(group, demands)) return false;
    return true;
  }

  #mayMeetGroup(group: Group, demands: Demands): boolean {
    switch (group.kind) {
      case 'elements':
        return this.#mayMeetElements(group, demands);
      case 'pair':
        return mayMeetPair(group, demands);
      case 'value':
        return mayMeetValues(group, demands);
    }
  }

  #numberOf(key: string): number {
    const number = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, number);
    return number;
  }

  /** `all` is `exists` of the opposite, turned around. */
  #ofElements(node: CelNode): Reference | null {
    if (node.op !== 'comprehension' || (node.macro !== 'exists' && node.macro !== 'all')) return null;
    const [slot, second] = node.slots;
    if (slot === undefined || second !== undefined || node.filter) return null;
    const negated = node.macro === 'all';
    const body = renamed(negated ? opposite(node.body) : node.body, slot, ELEMENT - depthOf(node.body));
    const range = celKey(node.range);
    const atom = this.#numberOf(`exists ${range} ${celKey(body)}`);
    const group = this.#group(`elements ${range}`, { kind: 'elements', bodies: new Map<number, CelNode>() });
    group.bodies.set(atom, body);
    return { atom, negated };
  }

  #group<G extends Group>(key: string, fresh: G): G {
    const group = (this.#groups.get(key) ?? fresh) as G;
    this.#groups.set(key, group);
    return group;
  }

  #mayMeetElements({ bodies }: ElementGroup, demands: Demands): boolean {
    const asked = [...bodies].flatMap(([atom, body]) => {
      const states = demands.get(atom);
      return states === undefined ? [] : [{ body, states }];
    });
    return asked.every((one) =>
      asked.every((other) => {
        if (one === other) return true;
        // False of every element: so is what is false wherever it is.
        if (one.states === FALSE && !(other.states & FALSE)) return !this.#implies(other.body, one.body);
        // True of some element: so is what is true wherever it is.
        if (one.states === TRUE && !(other.states & TRUE))
          return !this.#implies(opposite(other.body), opposite(one.body));
        return true;
      }),
    );
  }

  #ofPair(node: CelNode): Reference | null {
    if (node.op !== 'call') return null;
    const shape = PAIRS[node.name];
    const [first, second] = node.args;
    if (!shape || !first || !second || first.op === 'constant' || second.op === 'constant') return null;
    const [left, right] = shape.flipped ? [second, first] : [first, second];
    const keys = [celKey(left), celKey(right)] as const;
    // One order of the two for all tests: `b < a` is that `a <= b` is not, where neither is NaN or in error.
    const swapped = keys[0] > keys[1];
    const name = `${shape.test}${swapped && shape.test !== 'equal' ? ' swapped' : ''}`;
    const pair = swapped ? `${keys[1]} ${keys[0]}` : `${keys[0]} ${keys[1]}`;
    const atom = this.#numberOf(`pair ${name} ${pair}`);
    const group = this.#group(`pair ${pair}`, { kind: 'pair', tests: new Map<number, PairTest>() });
    group.tests.set(swapped && shape.test !== 'equal' ? ~atom : atom, shape.test);
    return { atom, negated: shape.negated };
  }

  #ofValue(node: CelNode): Reference {
    const { subject, test, negated } = testOf(node);
    const key = celKey(subject);
    const atom = this.#numberOf(`value ${JSON.stringify(test)} ${key}`);
    const group = this.#group(`value ${key}`, { kind: 'value', type: subject.type, tests: new Map() });
    group.tests.set(atom, test);
    return { atom, negated };
  }
}

interface PairShape {
  readonly test: PairTest;
  readonly flipped: boolean;
  readonly negated: boolean;
}

const shape = (test: PairTest, flipped = false, negated = false): PairShape => ({ test, flipped, negated });

const PAIRS: Readonly<Record<string, PairShape>> = {
  celLess: shape('less'),
  celGreater: shape('less', true),
  celLessOrEqual: shape('at most'),
  celGreaterOrEqual: shape('at most', true),
  celEqual: shape('equal'),
  celNotEqual: shape('equal', false, true),
};

/** Ways in which two values may stand to each other, and what each test says then: of them, and of them swapped. */
const STANDINGS: readonly Readonly<Record<PairTest, readonly [number, number]>>[] = [
  { less: [TRUE, FALSE], 'at most': [TRUE, FALSE], equal: [FALSE, FALSE] },
  { less: [FALSE, TRUE], 'at most': [FALSE, TRUE], equal: [FALSE, FALSE] },
  { less: [FALSE, FALSE], 'at most': [TRUE, TRUE], equal: [TRUE, TRUE] },
  // NaN is neither below nor above, nor equal to itself.
  { less: [FALSE, FALSE], 'at most': [FALSE, FALSE], equal: [FALSE, FALSE] },
  // Values without an order, which may be equal.
  { less: [ERROR, ERROR], 'at most': [ERROR, ERROR], equal: [ANY, ANY] },
];

function mayMeetPair({ tests }: PairGroup, demands: Demands): boolean {
  return STANDINGS.some((standing) =>
    [...tests].every(([signed, test]) => {
      const swapped = signed < 0;
      const states = demands.get(swapped ? ~signed : signed) ?? ANY;
      return (standing[test][swapped ? 1 : 0] & states) !== 0;
    }),
  );
}

const opposite = (node: CelNode): CelNode =>
  node.op === 'not' ? node.operand : { op: 'not', operand: node, type: node.type, start: 0, end: 0 };

/** How many macros stand inside each other: variables of one depth get one slot. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Math.max(0, ...Object.values(value).map(depthOf));
  return (value as { readonly op?: unknown }).op === 'comprehension' ? inner + 1 : inner;
}

/** The expression with another slot for a variable that it does not bind itself. */
function renamed(node: CelNode, from: number, to: number): CelNode {
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null) return value;
    const { op, slot } = value as { readonly op?: unknown; readonly slot?: unknown };
    if (op === 'local' && slot === from) return { ...value, slot: to };
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rename(inner)]));
  };
  return rename(node) as CelNode;
}
