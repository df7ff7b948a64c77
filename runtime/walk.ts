import { ODD, TRIPPING } from './guard.ts';
import type { Cell, OpenGuard, Row } from './guard.ts';
import type { PlanLimits } from './limits.ts';

const { isArray } = Array;
const { getPrototypeOf, hasOwn, prototype } = Object;

/** Nesting of a step's arguments: plan, steps, step, arguments. */
const ARGS_DEPTH = 4;

/** `1e309` in a text is read as Infinity; JSON has no such number. */
const NOT_FINITE = 'holds a number that is not finite';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Walks a plan once: refuses what JSON cannot hold and what is beyond the limits, hands every text that may hold a
 * reference to `onText`, and looks at the arguments of steps through a guard. A cyclic object is beyond the depth
 * limit. Allocates nothing, unless there are more candidates than ever before.
 */
export class PlanWalk {
  /** Rules worth asking as pairs (rule, step); the first `count` numbers. */
  candidates = new Int32Array(256);
  count = 0;
  #guard: OpenGuard | null = null;
  #nodes = 0;
  /** Below the arguments of a step every text is looked at through the guard. */
  #inArgs = false;
  /** A text of the current step has tripped. */
  #tripped = false;
  /** Where the current step's candidates begin. */
  #start = 0;
  readonly #maxNodes: number;
  readonly #maxDepth: number;
  readonly #maxText: number;
  readonly #onText: (text: string) => void;

  constructor(limits: PlanLimits, onText: (text: string) => void) {
    this.#maxNodes = limits.maxNodes;
    this.#maxDepth = limits.maxDepth;
    this.#maxText = limits.maxStringLength;
    this.#onText = onText;
  }

  /** Starts a new plan. */
  reset(guard: OpenGuard): void {
    guard.tidy();
    this.#guard = guard;
    this.#nodes = 0;
    this.#inArgs = false;
    this.count = 0;
  }

  /**
   * Walks the arguments of a step and notes which of its tool's rules are worth asking. Why they are refused, or
   * `''`. This is where a plan's time goes: one pass, whatever the order of the keys.
   */
  args(args: Fields, row: Row, step: number): string {
    const guard = this.#guard;
    if (guard === null) return 'is out of turn';
    if (this.#maxDepth < ARGS_DEPTH) return `is nested deeper than ${this.#maxDepth} levels`;
    const { order } = row;
    const { numbers, watches } = guard;
    const maxText = this.#maxText;
    let missing = row.needed.length;
    let nodes = this.#nodes + 1;
    let place = 0;
    this.#start = this.count;
    this.#tripped = false;
    if (row.rules.length > 0) this.#add(row.rules, step);
    for (const key in args) {
      const value = args[key];
      let cell = order[place];
      if (cell === undefined || cell.arg !== key) {
        if (key.length > maxText) return this.#longKey();
        cell = row.find(key, place, guard);
        if (cell === TRIPPING) this.#tripped = true;
        // Names that are remembered hold no reference.
        if (cell.arg !== key && key.includes('{')) this.#onText(key);
      }
      place += 1;
      nodes += 1;
      missing -= cell.needed;
      if (typeof value === 'string') {
        if (value.length > maxText) return this.#longText();
        if (value.includes('{')) this.#onText(value);
        const { texts } = cell;
        if (watches || texts === 2) {
          // Nearly always the same string: only what is not ASCII has another spelling.
          const other = ODD.test(value) ? guard.plain(value) : value;
          if (watches && (guard.tripsOn(value) || (other !== value && guard.tripsOn(other))))
            this.#tripped = true;
          if (texts === 2 && (cell.tripsOn(value) || (other !== value && cell.tripsOn(other))))
            this.#add(cell.rules, step);
        }
        if (texts === 1) this.#add(cell.rules, step);
      } else if (typeof value === 'number') {
        if (value - value !== 0) return NOT_FINITE;
        if (!(value >= cell.low && value <= cell.high)) this.#add(cell.rules, step);
        if (numbers && guard.tripsOn(`${value}`)) this.#tripped = true;
      } else {
        this.#nodes = nodes - 1;
        const problem = this.#inside(value, cell, step);
        if (problem !== '') return problem;
        nodes = this.#nodes;
      }
    }
    this.#nodes = nodes;
    if (nodes > this.#maxNodes) return `holds more than ${this.#maxNodes} values`;
    if (missing > 0) this.#addMissing(args, row, step);
    if (this.#tripped) this.#add(guard.rules, step);
    return '';
  }

  /** The id or the tool of a step; `plain` where it is known to hold no reference. */
  name(text: string, plain: boolean): string {
    this.#nodes += 1;
    if (text.length > this.#maxText) return this.#longText();
    if (!plain && text.includes('{')) this.#onText(text);
    return '';
  }

  /** An argument that is neither text nor number. */
  #inside(value: unknown, cell: Cell, step: number): string {
    if (cell.rules.length > 0 && (cell.literals || (typeof value === 'object' && value !== null)))
      this.#add(cell.rules, step);
    this.#inArgs = true;
    const problem = this.check(value, ARGS_DEPTH + 1);
    this.#inArgs = false;
    return problem;
  }

  #addMissing(args: Fields, row: Row, step: number): void {
    for (const arg of row.needed) {
      const cell = row.cells.get(arg);
      if (cell !== undefined && !hasOwn(args, arg)) this.#add(cell.rules, step);
    }
  }

  /** Notes each rule once a step. */
  #add(rules: readonly number[], step: number): void {
    for (const rule of rules) {
      let at = this.#start;
      while (at < this.count && this.candidates[at] !== rule) at += 2;
      if (at < this.count) continue;
      if (this.count + 2 > this.candidates.length) {
        const larger = new Int32Array(this.candidates.length * 2);
        larger.set(this.candidates);
        this.candidates = larger;
      }
      this.candidates[this.count] = rule;
      this.candidates[this.count + 1] = step;
      this.count += 2;
    }
  }

  /** Why the value is refused, or `''`. `depth` is the nesting of the value itself. */
  check(value: unknown, depth: number): string {
    this.#nodes += 1;
    if (this.#nodes > this.#maxNodes) return `holds more than ${this.#maxNodes} values`;
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') {
      if (value - value !== 0) return NOT_FINITE;
      if (this.#inArgs && this.#guard?.numbers) this.#look(`${value}`);
      return '';
    }
    if (typeof value === 'boolean' || value === null) return '';
    if (typeof value !== 'object') return `holds a value of type ${typeof value}, which JSON does not have`;
    if (depth > this.#maxDepth) return `is nested deeper than ${this.#maxDepth} levels`;
    if (isArray(value)) return this.#array(value, depth);
    const parent: unknown = getPrototypeOf(value);
    if (parent !== prototype && parent !== null) return 'holds an object that is not plain data';
    return this.#object(value as Fields, depth);
  }

  #text(text: string): string {
    if (text.length > this.#maxText) return this.#longText();
    if (text.includes('{')) this.#onText(text);
    if (this.#inArgs) this.#look(text);
    return '';
  }

  #look(text: string): void {
    if (!this.#tripped && this.#guard?.minds(text)) this.#tripped = true;
  }

  #array(array: readonly unknown[], depth: number): string {
    // An index loop, so that the holes of a sparse array are seen: each is an `undefined`. Its length is bounded
    // first, or an array of a billion holes would be walked up to the limit of nodes for nothing.
    if (array.length > this.#maxNodes) return `holds more than ${this.#maxNodes} values`;
    for (let i = 0; i < array.length; i += 1) {
      const problem = this.check(array[i], depth + 1);
      if (problem !== '') return problem;
    }
    return '';
  }

  #object(object: Fields, depth: number): string {
    for (const key in object) {
      if (key.length > this.#maxText) return this.#longKey();
      if (key.includes('{')) this.#onText(key);
      if (this.#inArgs) this.#look(key);
      const problem = this.check(object[key], depth + 1);
      if (problem !== '') return problem;
    }
    return '';
  }

  #longText(): string {
    return `holds a string longer than ${this.#maxText}`;
  }

  #longKey(): string {
    return `holds a key longer than ${this.#maxText}`;
  }
}
