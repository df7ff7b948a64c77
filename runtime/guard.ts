import { TRIPS } from './contract.ts';
import type { Guard, GuardCell, GuardRow, PredicateModule, TextTest } from './contract.ts';

/** A character that may have another spelling: any but ASCII. */
export const ODD = /[^\0-\x7f]/;

/** Tools whose rows are kept ready; a plan of invented names makes rows anew instead of filling the memory. */
const MOST_ROWS = 16_384;
const LONGEST_TOOL = 256;
/** Names of arguments that no rule mentions and no text rule minds. */
const MOST_NAMES = 1_024;
const LONGEST_NAME = 64;
/** Above this many, a set is faster than comparing one by one. */
const FEW_TEXTS = 6;

/** One argument of one tool, unpacked: all cells have the same shape, so that the walk stays fast. */
export class Cell {
  readonly arg: string;
  /** Its name holds a reference, or is a text that trips: it has to be looked at each time. */
  readonly odd: boolean;
  readonly rules: readonly number[];
  /** 0: no text trips, 1: every text, 2: it has to be looked at. */
  readonly texts: 0 | 1 | 2;
  readonly literals: boolean;
  /** 1 where its absence trips. */
  readonly needed: 0 | 1;
  readonly low: number;
  readonly high: number;
  readonly #lengths: number;
  readonly #starts: number;
  readonly #equal: readonly string[];
  readonly #set: ReadonlySet<string> | null;
  readonly #heads: number;
  readonly #head: RegExp | null;
  readonly #any: RegExp | null;
  /** Characters without one of which `#any` does not match; '' where there are none. */
  readonly #need: string;
  readonly #orNeed: string;
  readonly #tests: readonly TextTest[];

  constructor(cell: GuardCell, odd = false) {
    const [arg, rules, trips, low, high, equal = [], heads = 0, head, any, needs = '', tests = []] = cell;
    this.arg = arg;
    this.odd = odd;
    this.rules = [...rules];
    this.#need = needs.charAt(0);
    this.#orNeed = needs.charAt(1);
    this.#equal = [...equal];
    this.#set = equal.length > FEW_TEXTS ? new Set(equal) : null;
    this.#lengths = equal.reduce((bits, text) => bits | (1 << (text.length & 31)), 0);
    // The last five bits of an ASCII letter are those of the other case; others may begin with anything.
    this.#starts = equal.reduce(
      (bits, text) => bits | (text.charCodeAt(0) > 127 ? -1 : 1 << (text.charCodeAt(0) & 31)),
      0,
    );
    this.#heads = heads;
    this.#head = head || null;
    this.#any = any || null;
    this.#tests = [...tests];
    const looked = this.#equal.length > 0 || this.#head || this.#any || this.#tests.length > 0;
    this.texts = trips & TRIPS.everyText ? 1 : looked ? 2 : 0;
    this.literals = (trips & TRIPS.literals) !== 0;
    this.needed = trips & TRIPS.missing ? 1 : 0;
    // An empty range: no number is within it.
    this.low = trips & TRIPS.everyNumber ? 1 : trips & TRIPS.noNumber ? -Infinity : low;
    this.high = trips & TRIPS.everyNumber ? 0 : trips & TRIPS.noNumber ? Infinity : high;
  }

  /** Whether a text trips in this spelling, where `texts` says that it has to be looked at. */
  tripsOn(text: string): boolean {
    if ((this.#lengths >>> (text.length & 31)) & (this.#starts >>> (text.charCodeAt(0) & 31)) & 1) {
      const low = text.toLowerCase();
      if (this.#set !== null) {
        if (this.#set.has(low)) return true;
      } else {
        const equal = this.#equal;
        for (let i = 0; i < equal.length; i += 1) if (equal[i] === low) return true;
      }
    }
    if (this.#head !== null && (this.#heads >>> (text.charCodeAt(0) & 31)) & 1 && this.#head.test(text))
      return true;
    if (this.#any !== null && this.#mayHold(text) && this.#any.test(text)) return true;
    return this.#tests.length > 0 && this.#tests.some((test) => test(text));
  }

  /** Looking for one character is so much faster than any regular expression. */
  #mayHold(text: string): boolean {
    if (this.#need === '' || text.includes(this.#need)) return true;
    return this.#orNeed !== '' && text.includes(this.#orNeed);
  }
}

/** What there is to ask of the steps that call one tool, unpacked. */
export class Row {
  readonly rules: readonly number[];
  readonly cells: ReadonlyMap<string, Cell>;
  /** Cells in the order in which arguments came last, for they come in the same order most of the time. */
  readonly order: (Cell | undefined)[] = [];
  /** Cells of arguments whose absence trips. */
  readonly needed: readonly Cell[];
  /** The tool's name is a name: nothing invisible in it, no space around it, no ASCII name in other letters. */
  readonly isName: boolean;

  constructor(tool: string, { rules, cells }: GuardRow, guard: OpenGuard) {
    this.rules = [...rules];
    this.cells = new Map(cells.map((cell) => [cell[0], new Cell(cell, guard.isOdd(cell[0]))]));
    this.needed = [...this.cells.values()].filter((cell) => cell.needed);
    const plain = guard.plain(tool);
    this.isName = !/^\s|\s$|\p{C}/u.test(tool) && (plain === tool || ODD.test(plain));
  }
}

/** What an argument that no rule mentions is looked at with. */
export const FREE = freeCell('');

function freeCell(name: string): Cell {
  return new Cell([name, [], TRIPS.noNumber, 0, 0]);
}

/** An entry's guard with its rows unpacked when a tool is first seen. */
export class OpenGuard {
  /** Rules to ask when a text trips. */
  readonly rules: readonly number[];
  readonly numbers: boolean;
  readonly watches: boolean;
  /** The plain spelling of a text. */
  readonly plain: PredicateModule['plain'];
  readonly #row: Guard['row'];
  readonly #any: RegExp | null;
  readonly #tests: readonly TextTest[];
  readonly #rows = new Map<string, Row>();
  readonly #names = new Map<string, Cell>();

  constructor({ row, texts }: Guard, plain: PredicateModule['plain']) {
    this.plain = plain;
    this.#row = row;
    this.rules = [...texts.rules];
    this.numbers = texts.numbers;
    this.#any = texts.any;
    this.#tests = [...texts.tests];
    this.watches = texts.any !== null || texts.tests.length > 0;
  }

  rowOf(tool: string): Row {
    return this.#rows.get(tool) ?? this.#open(tool);
  }

  #open(tool: string): Row {
    const row = new Row(tool, this.#row(tool), this);
    if (this.#rows.size >= MOST_ROWS) this.#rows.clear();
    if (tool.length <= LONGEST_TOOL) this.#rows.set(tool, row);
    return row;
  }

  /** Between plans: names that filled the memory are forgotten, so that a plan of odd ones slows no other. */
  tidy(): void {
    if (this.#names.size >= MOST_NAMES) this.#names.clear();
  }

  /** Whether a text in the arguments may make one of `rules` fire, in either spelling. */
  minds(text: string): boolean {
    return this.watches && (this.tripsOn(text) || (ODD.test(text) && this.tripsOn(this.plain(text))));
  }

  /** The same in this spelling. */
  tripsOn(text: string): boolean {
    if (this.#any !== null && this.#any.test(text)) return true;
    return this.#tests.length > 0 && this.#tests.some((test) => test(text));
  }

  /** Whether a name is more than a name: it holds a reference, or may make one of `rules` fire. */
  isOdd(name: string): boolean {
    return name.includes('{') || this.minds(name);
  }

  /** The cell of an argument that no rule mentions, where its name is known to be just a name. */
  known(name: string): Cell | undefined {
    return this.#names.get(name);
  }

  /** Such a cell from now on, for names recur. */
  remember(name: string): Cell {
    if (name.length > LONGEST_NAME || this.#names.size >= MOST_NAMES) return FREE;
    const cell = freeCell(name);
    this.#names.set(name, cell);
    return cell;
  }
}
