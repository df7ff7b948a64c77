import { cellTrips, FREE, guardTrips, isOdd, minds, remember } from '../guard/open-guard.ts';
import { decimalText } from '../text/decimal.ts';
import { mayReadOtherwise } from '../text/plain.ts';
import type { Cell, OpenGuard, Row } from '../guard/open-guard.ts';
import { holdsOpener } from '../text/references.ts';
import type { PlanLimits } from '@plan-lint/runtime/contract';

declare const isArray: (value: unknown) => value is readonly unknown[];
declare const hasOwn: (object: object, key: string) => boolean;
declare const isPlain: (value: unknown) => value is Fields;
declare const Int32Array: Int32ArrayConstructor;

/** Nesting of a step's arguments: plan, steps, step, arguments. */
const ARGS_DEPTH = 4;
/** Arguments whose place is remembered. */
const LONGEST_ORDER = 32;

/** `1e309` in a text is read as Infinity; JSON has no such number. */
const NOT_FINITE = 'holds a number that is not finite';

/** A name is no place for what is not known. */
export const IN_A_NAME = 'holds a reference in the name of a member';

export type Fields = Readonly<Record<string, unknown>>;

/** A walk over a plan, kept from plan to plan so that it allocates nothing, unless there are more candidates than ever before. */
export interface Walk {
  /** Rules worth asking as pairs (rule, step); the first `count` numbers. */
  candidates: Int32Array;
  count: number;
  nodes: number;
  /** Set below the arguments of a step: there every text is looked at. */
  guard: OpenGuard | null;
  /** A text of the current step has tripped. */
  tripped: boolean;
  /** Where the current step's candidates begin. */
  start: number;
  readonly maxNodes: number;
  readonly maxDepth: number;
  readonly maxText: number;
  /** Characters that signs which stand for several add to the texts of the plan when they are written out. */
  added: number;
  /** Texts that may be read in another way than they are written, and their characters. */
  respelled: number;
  respelledText: number;
  /** Texts that hold what is not known. */
  openTexts: number;
  /** Whether texts may hold references here: in a step, but for arguments that are meant as they stand. */
  reads: boolean;
  /** Arguments may hold references at all: those of a plan do, those of a call are values. */
  readonly refers: boolean;
  /** The arguments of the current step hold what is not known. */
  opened: boolean;
  /** Is handed every text that may hold a reference; whether it does hold what is not known. */
  readonly onText: (text: string) => boolean;
}

export function newWalk(limits: PlanLimits, onText: (text: string) => boolean, refers: boolean): Walk {
  return {
    refers,
    candidates: new Int32Array(256),
    count: 0,
    nodes: 0,
    added: 0,
    respelled: 0,
    respelledText: 0,
    openTexts: 0,
    guard: null,
    tripped: false,
    start: 0,
    maxNodes: limits.maxNodes,
    maxDepth: limits.maxDepth,
    maxText: limits.maxStringLength,
    reads: false,
    opened: false,
    onText,
  };
}

/** Starts a new plan. */
export function resetWalk(walk: Walk): void {
  walk.nodes = 0;
  walk.added = 0;
  walk.respelled = 0;
  walk.respelledText = 0;
  walk.openTexts = 0;
  walk.guard = null;
  walk.count = 0;
  walk.reads = false;
}

/**
 * Walks the arguments of a step and notes which of its tool's rules are worth asking. Why they are refused, or
 * `''`. This is where a plan's time goes: one pass, whatever the order of the keys.
 */
export function walkArgs(walk: Walk, args: Fields, row: Row, at: number, guard: OpenGuard): string {
  if (walk.maxDepth < ARGS_DEPTH) return tooMany(walk.maxDepth, 'levels');
  const { maxText } = walk;
  const { order } = row;
  const { numbers, watches } = guard;
  let missing = row.needed.length;
  let nodes = walk.nodes + 1;
  let place = 0;
  walk.start = walk.count;
  walk.tripped = false;
  walk.opened = false;
  if (row.rules.length > 0) note(walk, row.rules, at);
  for (const key in args) {
    const value = args[key];
    let cell = order[place];
    if (cell === undefined || cell.arg !== key) {
      if (key.length > maxText) return tooMany(maxText, 'characters in a row');
      const looked = cellFor(walk, key, place, row, guard);
      if (looked === null) return IN_A_NAME;
      cell = looked;
    }
    place += 1;
    nodes += 1;
    missing -= cell.needed;
    if (typeof value === 'string') {
      if (value.length > maxText) return tooMany(maxText, 'characters in a row');
      // What is not known may be anything that a rule looks for.
      if (value.includes('{') && !row.templates.includes(key) && walk.onText(value)) {
        if (open(walk)) return TOO_OPEN;
        note(walk, cell.rules, at);
      }
      const { texts } = cell;
      const reads = mayReadOtherwise(value);
      const problem = reads ? growth(walk, value) : '';
      if (problem !== '') return problem;
      if (watches || texts === 2) {
        let trips = texts === 2 && cellTrips(cell, value);
        if (watches && guardTrips(guard, value)) walk.tripped = true;
        // Few texts may be read in another way than they are written.
        if (reads) {
          for (const reading of guard.readings(value)) {
            if (watches && guardTrips(guard, reading)) walk.tripped = true;
            if (texts === 2 && cellTrips(cell, reading)) trips = true;
          }
        }
        if (trips) note(walk, cell.rules, at);
      }
      if (texts === 1) note(walk, cell.rules, at);
    } else if (typeof value === 'number') {
      if (value - value !== 0) return NOT_FINITE;
      if (!(value >= cell.low && value <= cell.high)) note(walk, cell.rules, at);
      if (numbers && guardTrips(guard, decimalText(value))) walk.tripped = true;
    } else {
      if (cell.literals || (typeof value === 'object' && value !== null)) note(walk, cell.rules, at);
      walk.nodes = nodes - 1;
      walk.guard = guard;
      walk.reads = walk.refers && !row.templates.includes(key);
      const problem = walkValue(walk, value, ARGS_DEPTH + 1);
      walk.guard = null;
      walk.reads = walk.refers;
      if (problem !== '') return problem;
      nodes = walk.nodes;
    }
  }
  walk.nodes = nodes;
  if (nodes > walk.maxNodes) return tooMany(walk.maxNodes, 'values');
  if (missing > 0) for (const cell of row.needed) if (!hasOwn(args, cell.arg)) note(walk, cell.rules, at);
  if (walk.tripped) note(walk, guard.rules, at);
  return '';
}

/** The cell of an argument that was not expected here. Its name is a text like any other; `null` where it holds a reference. */
function cellFor(walk: Walk, name: string, place: number, row: Row, guard: OpenGuard): Cell | null {
  let cell = row.cells.get(name) ?? guard.names.get(name);
  if (cell === undefined || cell.odd) {
    if (walk.refers && holdsOpener(name)) return null;
    if (isOdd(guard, name)) {
      walk.guard = guard;
      walkValue(walk, name, 0);
      walk.guard = null;
      walk.nodes -= 1;
      return cell ?? FREE;
    }
    cell = remember(guard, name);
  }
  if (place < LONGEST_ORDER && cell !== FREE) row.order[place] = cell;
  return cell;
}

/** Notes each rule once a step. */
function note(walk: Walk, rules: readonly number[], at: number): void {
  for (const index of rules) {
    let i = walk.start;
    while (i < walk.count && walk.candidates[i] !== index) i += 2;
    if (i < walk.count) continue;
    if (walk.count + 2 > walk.candidates.length) {
      const larger = new Int32Array(walk.candidates.length * 2);
      larger.set(walk.candidates);
      walk.candidates = larger;
    }
    walk.candidates[walk.count] = index;
    walk.candidates[walk.count + 1] = at;
    walk.count += 2;
  }
}

/**
 * Why the value is refused, for what JSON cannot hold or for the limits, or `''`. A cyclic object is beyond the depth
 * limit. `depth` is the nesting of the value itself.
 */
export function walkValue(walk: Walk, value: unknown, depth: number): string {
  if (typeof value === 'string') {
    const isRespelled = mayReadOtherwise(value);
    const problem = textProblem(walk, value, isRespelled);
    if (problem === '') look(walk, value, isRespelled);
    return problem;
  }
  walk.nodes += 1;
  if (walk.nodes > walk.maxNodes) return tooMany(walk.maxNodes, 'values');
  if (typeof value === 'number') {
    if (value - value !== 0) return NOT_FINITE;
    if (walk.guard?.numbers) look(walk, decimalText(value), false);
    return '';
  }
  if (typeof value === 'boolean' || value === null) return '';
  if (typeof value !== 'object') return `holds a value of type ${typeof value}, which JSON does not have`;
  if (depth > walk.maxDepth) return tooMany(walk.maxDepth, 'levels');
  let problem = '';
  if (isArray(value)) {
    // An index loop, so that the holes of a sparse array are seen: each is an `undefined`. Its length is bounded
    // first, or an array of a billion holes would be walked up to the limit of nodes for nothing.
    if (value.length > walk.maxNodes) return tooMany(walk.maxNodes, 'values');
    for (let i = 0; i < value.length && problem === ''; i += 1)
      problem = walkValue(walk, value[i], depth + 1);
  } else if (!isPlain(value)) return 'holds an object that is not plain data';
  else
    for (const key in value) {
      // A name is a text, and not a value of its own.
      walk.nodes -= 1;
      problem = walk.reads && holdsOpener(key) ? IN_A_NAME : walkValue(walk, key, depth);
      if (problem === '') problem = walkValue(walk, value[key], depth + 1);
      if (problem !== '') break;
    }
  return problem;
}

/** The same for a text that no rule about texts looks at. */
export function walkText(walk: Walk, text: string): string {
  return textProblem(walk, text, mayReadOtherwise(text));
}

function textProblem(walk: Walk, text: string, isRespelled: boolean): string {
  walk.nodes += 1;
  if (walk.nodes > walk.maxNodes) return tooMany(walk.maxNodes, 'values');
  if (text.length > walk.maxText) return tooMany(walk.maxText, 'characters in a row');
  const problem = isRespelled ? growth(walk, text) : '';
  if (problem !== '') return problem;
  return walk.reads && text.includes('{') && walk.onText(text) && open(walk) ? TOO_OPEN : '';
}

/**
 * Texts of one plan that may be read in another way than they are written. What a text reads like is found once a plan, and takes
 * as long as looking at some hundred characters, however short the text is.
 */
export const MOST_RESPELLED = 8_000;
/** Their characters: what a long text reads like takes ten times as long as the text itself, and each reading is looked at. */
export const MOST_RESPELLED_TEXT = 500_000;
const RESPELLED = 'that may be read in another way than they are written';

/** Signs of which each stands for up to eighteen letters: Arabic words, squared units. */
const WIDE = /[\u3200-\u33ff\ufdf0-\ufdff]/;
const WIDEST = 18;
export const isWide = (unit: number): boolean =>
  (unit >= 0x3200 && unit <= 0x33ff) || (unit >= 0xfdf0 && unit <= 0xfdff);

/**
 * Why a text is refused that may be read in another way than it is written: too many do, or it would grow too long when such signs
 * are written out, the texts before it counted in; or `''`.
 */
function growth(walk: Walk, text: string): string {
  walk.respelled += 1;
  if (walk.respelled > MOST_RESPELLED) return tooMany(MOST_RESPELLED, `texts ${RESPELLED}`);
  walk.respelledText += text.length;
  if (walk.respelledText > MOST_RESPELLED_TEXT)
    return tooMany(MOST_RESPELLED_TEXT, `characters in texts ${RESPELLED}`);
  if (!WIDE.test(text)) return '';
  for (let at = 0; at < text.length && walk.added <= walk.maxText; at += 1) {
    const unit = text.charCodeAt(at);
    if (isWide(unit)) walk.added += WIDEST;
  }
  return walk.added > walk.maxText
    ? tooMany(walk.maxText, 'characters once signs that stand for several are written out')
    : '';
}

/** Texts of one plan that hold what is not known: each is read again by whoever asks a rule. */
export const MOST_OPEN = 10_000;
const TOO_OPEN = tooMany(MOST_OPEN, 'texts with references');

/** Notes that a text of the step holds what is not known, so that it may be anything that a rule looks for; whether there are too many. */
function open(walk: Walk): boolean {
  walk.opened = true;
  walk.tripped = true;
  walk.openTexts += 1;
  return walk.openTexts > MOST_OPEN;
}

function look(walk: Walk, text: string, isRespelled: boolean): void {
  if (!walk.tripped && walk.guard !== null && minds(walk.guard, text, isRespelled)) walk.tripped = true;
}

export function tooMany(most: number, what: string): string {
  return `holds more than ${most} ${what}`;
}
