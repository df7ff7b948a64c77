import { FREE, ODD } from './guard.ts';
import type { Cell, OpenGuard, Row } from './guard.ts';
import type { PlanLimits } from './limits.ts';

const { isArray } = Array;
const { getPrototypeOf, hasOwn, prototype } = Object;

/** Nesting of a step's arguments: plan, steps, step, arguments. */
const ARGS_DEPTH = 4;
/** Arguments whose place is remembered. */
const LONGEST_ORDER = 32;

/** `1e309` in a text is read as Infinity; JSON has no such number. */
const NOT_FINITE = 'holds a number that is not finite';

export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object as JSON has it. */
export function isPlain(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || isArray(value)) return false;
  const parent: unknown = getPrototypeOf(value);
  return parent === prototype || parent === null;
}

/**
 * Walks a plan once: refuses what JSON cannot hold and what is beyond the limits, hands every text that may hold a
 * reference to `onText`, and looks at the arguments of steps through a guard. A cyclic object is beyond the depth
 * limit. Allocates nothing, unless there are more candidates than ever before.
 */
export class PlanWalk {
  /** Rules worth asking as pairs (rule, step); the first `count` numbers. */
  candidates = new Int32Array(256);
  count = 0;
  #nodes = 0;
  /** Set below the arguments of a step: there every text is looked at. */
  #guard: OpenGuard | null = null;
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
  reset(): void {
    this.#nodes = 0;
    this.#guard = null;
    this.count = 0;
  }

  /**
   * Walks the arguments of a step and notes which of its tool's rules are worth asking. Why they are refused, or
   * `''`. This is where a plan's time goes: one pass, whatever the order of the keys.
   */
  args(args: Fields, row: Row, step: number, guard: OpenGuard): string {
    if (this.#maxDepth < ARGS_DEPTH) return tooMany(this.#maxDepth, 'levels');
    const maxText = this.#maxText;
    const { order } = row;
    const { numbers, watches } = guard;
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
        if (key.length > maxText) return tooMany(maxText, 'characters in a row');
        cell = this.#find(key, place, row, guard);
      }
      place += 1;
      nodes += 1;
      missing -= cell.needed;
      if (typeof value === 'string') {
        if (value.length > maxText) return tooMany(maxText, 'characters in a row');
        if (value.includes('{')) this.#onText(value);
        const { texts } = cell;
        if (watches || texts === 2) {
          // Nearly always the same text: only what is not ASCII has another spelling.
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
        if (cell.literals || (typeof value === 'object' && value !== null)) this.#add(cell.rules, step);
        this.#nodes = nodes - 1;
        this.#guard = guard;
        const problem = this.check(value, ARGS_DEPTH + 1);
        this.#guard = null;
        if (problem !== '') return problem;
        nodes = this.#nodes;
      }
    }
    this.#nodes = nodes;
    if (nodes > this.#maxNodes) return tooMany(this.#maxNodes, 'values');
    if (missing > 0) for (const cell of row.needed) if (!hasOwn(args, cell.arg)) this.#add(cell.rules, step);
    if (this.#tripped) this.#add(guard.rules, step);
    return '';
  }

  /** The cell of an argument that was not expected here. Its name is a text like any other. */
  #find(name: string, place: number, row: Row, guard: OpenGuard): Cell {
    let cell = row.cells.get(name) ?? guard.known(name);
    if (cell === undefined || cell.odd) {
      if (guard.isOdd(name)) {
        this.#guard = guard;
        this.check(name, 0);
        this.#guard = null;
        this.#nodes -= 1;
        return cell ?? FREE;
      }
      cell = guard.remember(name);
    }
    if (place < LONGEST_ORDER && cell !== FREE) row.order[place] = cell;
    return cell;
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
    if (this.#nodes > this.#maxNodes) return tooMany(this.#maxNodes, 'values');
    if (typeof value === 'string') {
      if (value.length > this.#maxText) return tooMany(this.#maxText, 'characters in a row');
      if (value.includes('{')) this.#onText(value);
      this.#look(value);
      return '';
    }
    if (typeof value === 'number') {
      if (value - value !== 0) return NOT_FINITE;
      if (this.#guard?.numbers) this.#look(`${value}`);
      return '';
    }
    if (typeof value === 'boolean' || value === null) return '';
    if (typeof value !== 'object') return `holds a value of type ${typeof value}, which JSON does not have`;
    if (depth > this.#maxDepth) return tooMany(this.#maxDepth, 'levels');
    let problem = '';
    if (isArray(value)) {
      // An index loop, so that the holes of a sparse array are seen: each is an `undefined`. Its length is bounded
      // first, or an array of a billion holes would be walked up to the limit of nodes for nothing.
      if (value.length > this.#maxNodes) return tooMany(this.#maxNodes, 'values');
      for (let i = 0; i < value.length && problem === ''; i += 1) problem = this.check(value[i], depth + 1);
    } else if (!isPlain(value)) return 'holds an object that is not plain data';
    else
      for (const key in value) {
        // A name is a text, and not a value of its own.
        this.#nodes -= 1;
        problem = this.check(key, depth);
        if (problem === '') problem = this.check(value[key], depth + 1);
        if (problem !== '') break;
      }
    return problem;
  }

  #look(text: string): void {
    if (!this.#tripped && this.#guard?.minds(text)) this.#tripped = true;
  }
}

export function tooMany(most: number, what: string): string {
  return `holds more than ${most} ${what}`;
}
