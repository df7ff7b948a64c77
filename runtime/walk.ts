import type { PlanLimits } from './limits.ts';

const { isArray } = Array;
const { getPrototypeOf, prototype } = Object;

/**
 * Walks a plan once: refuses what JSON cannot hold and what is beyond the limits, and hands every text to
 * `onText`. A cyclic object is beyond the depth limit. Allocates nothing.
 */
export class PlanWalk {
  #nodes = 0;
  readonly #limits: PlanLimits;
  readonly #onText: (text: string) => void;

  constructor(limits: PlanLimits, onText: (text: string) => void) {
    this.#limits = limits;
    this.#onText = onText;
  }

  /** Starts a new plan. */
  reset(): void {
    this.#nodes = 0;
  }

  /** Why the value is refused, or `''`. `depth` is the nesting of the value itself. */
  check(value: unknown, depth: number): string {
    this.#nodes += 1;
    if (this.#nodes > this.#limits.maxNodes) return `holds more than ${this.#limits.maxNodes} values`;
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return '';
    if (typeof value !== 'object') return `holds a value of type ${typeof value}, which JSON does not have`;
    if (depth > this.#limits.maxDepth) return `is nested deeper than ${this.#limits.maxDepth} levels`;
    if (isArray(value)) return this.#array(value, depth);
    const parent: unknown = getPrototypeOf(value);
    if (parent !== prototype && parent !== null) return 'holds an object that is not plain data';
    return this.#object(value as Readonly<Record<string, unknown>>, depth);
  }

  #text(text: string): string {
    if (text.length > this.#limits.maxStringLength)
      return `holds a string longer than ${this.#limits.maxStringLength}`;
    this.#onText(text);
    return '';
  }

  #array(array: readonly unknown[], depth: number): string {
    // An index loop, so that the holes of a sparse array are seen: each is an `undefined`. Its length is bounded
    // first, or an array of a billion holes would be walked up to the limit of nodes for nothing.
    if (array.length > this.#limits.maxNodes) return `holds more than ${this.#limits.maxNodes} values`;
    for (let i = 0; i < array.length; i += 1) {
      const problem = this.check(array[i], depth + 1);
      if (problem !== '') return problem;
    }
    return '';
  }

  #object(object: Readonly<Record<string, unknown>>, depth: number): string {
    for (const key in object) {
      if (key.length > this.#limits.maxStringLength)
        return `holds a key longer than ${this.#limits.maxStringLength}`;
      const problem = this.check(object[key], depth + 1);
      if (problem !== '') return problem;
    }
    return '';
  }
}
