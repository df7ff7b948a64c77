import type { CelNode, CelType } from '../ir/cel.ts';
import { children } from '../ir/cel-walk.ts';

/**
 * How an amount grows with the size N of the variables' values: N^degree, times the size of what the variables
 * of macros in `parts` hold. A part is one piece of a list: added up over the list, the pieces are the list, so a
 * loop over the pieces of each element (`steps.all(s, s.tags.all(t, …))`) is linear and not quadratic.
 */
interface Monomial {
  readonly degree: number;
  readonly parts: readonly number[];
}
type Growth = readonly Monomial[];

const CONSTANT: Growth = [{ degree: 0, parts: [] }];
const LINEAR: Growth = [{ degree: 1, parts: [] }];

const scalars = new Set<CelType['kind']>([
  'null',
  'bool',
  'int',
  'uint',
  'double',
  'timestamp',
  'duration',
  'type',
]);

/** Operations that look at one place only. */
const constantTime = new Set([
  'celIndex',
  'celOptionalIndex',
  'celDyn',
  'celTypeOf',
  'celOptionalOf',
  'celHasValue',
]);

/** Operations whose result can be as large as the product of their operands. */
const multiplying = new Set(['celReplace', 'celJoin']);

/** Polynomial degree of the evaluation's cost in the size of the variables' values; 0: bounded by the text. */
export function costDegree(root: CelNode): number {
  return Math.max(0, ...new Estimate().cost(root).map(({ degree, parts }) => degree + parts.length));
}

class Estimate {
  /** Sizes of bound values; a part stands for itself. */
  readonly #sizes = new Map<number, Growth>();

  cost(node: CelNode): Growth {
    switch (node.op) {
      case 'comprehension': {
        const range = this.size(node.range);
        this.#bindParts(node.slots);
        const body = sum(this.cost(node.body), node.filter ? this.cost(node.filter) : CONSTANT);
        return sum(this.cost(node.range), this.#repeat(range, node.slots, sum(body, CONSTANT)));
      }
      case 'bind':
        this.#sizes.set(node.slot, this.size(node.value));
        return sum(this.cost(node.value), this.cost(node.body));
      case 'optional-map':
        this.#sizes.set(node.slot, this.size(node.operand));
        return sum(this.cost(node.operand), this.cost(node.body));
      case 'call': {
        const inner = sum(...node.args.map((arg) => this.cost(arg)));
        return constantTime.has(node.name) ? inner : sum(inner, this.#work(node));
      }
      case 'matches':
        return sum(this.cost(node.text), this.size(node.text));
      default:
        return sum(...children(node).map((child) => this.cost(child)));
    }
  }

  /** How large a value can get. Only called after `cost` has seen the bindings around the node. */
  size(node: CelNode): Growth {
    if (scalars.has(node.type.kind)) return CONSTANT;
    switch (node.op) {
      case 'variable':
        return LINEAR;
      case 'local':
        return this.#sizes.get(node.slot) ?? LINEAR;
      case 'select':
        return this.size(node.operand);
      case 'call':
        if (constantTime.has(node.name)) return node.args[0] ? this.size(node.args[0]) : CONSTANT;
        return this.#work(node);
      case 'comprehension': {
        const range = this.size(node.range);
        if (node.macro === 'filter') return range;
        this.#bindParts(node.slots);
        return this.#repeat(range, node.slots, sum(this.size(node.body), CONSTANT));
      }
      case 'bind':
        this.#sizes.set(node.slot, this.size(node.value));
        return this.size(node.body);
      case 'optional-map':
        this.#sizes.set(node.slot, this.size(node.operand));
        return this.size(node.body);
      default:
        return sum(...children(node).map((child) => this.size(child)));
    }
  }

  #work(node: CelNode & { op: 'call' }): Growth {
    const sizes = node.args.map((arg) => this.size(arg));
    return multiplying.has(node.name) ? sizes.reduce(product, CONSTANT) : sum(...sizes);
  }

  #bindParts(slots: readonly number[]): void {
    for (const slot of slots) this.#sizes.set(slot, [{ degree: 0, parts: [slot] }]);
  }

  /** `body` for each element of a range: one part per monomial adds up to the range, the rest multiplies. */
  #repeat(range: Growth, slots: readonly number[], body: Growth): Growth {
    return simplify(
      body.flatMap(({ degree, parts }) => {
        const own = parts.filter((part) => slots.includes(part));
        const rest = { degree, parts: parts.filter((part) => !slots.includes(part)) };
        let total: Growth = product(range, [rest]);
        for (let i = 1; i < own.length; i++) total = product(total, range);
        return total;
      }),
    );
  }
}

function product(left: Growth, right: Growth): Growth {
  return simplify(
    left.flatMap((a) => right.map((b) => ({ degree: a.degree + b.degree, parts: [...a.parts, ...b.parts] }))),
  );
}

function sum(...growths: readonly Growth[]): Growth {
  return simplify([...CONSTANT, ...growths.flat()]);
}

function simplify(growth: readonly Monomial[]): Growth {
  const seen = new Map<string, Monomial>();
  for (const { degree, parts } of growth) {
    const sorted = [...parts].sort((a, b) => a - b);
    seen.set(`${degree}:${sorted.join()}`, { degree, parts: sorted });
  }
  return [...seen.values()];
}
