/** Whether a pattern matches one text: its nondeterministic automaton walked over it, however large the deterministic one. */
import type { ScanDirection } from '../../ir/pattern.ts';
import { buildAutomaton } from '../automata/automaton.ts';
import { classAt } from '../automata/alphabet.ts';
import type { Automaton } from '../automata/states.ts';
import { DEFAULT_LIMITS } from '../syntax/limits.ts';
import { Refused, TooManyStates, WrongDirection } from '../syntax/refusal.ts';
import { nodeOf } from './inclusion.ts';

/** Whoever asks of one pattern asks of many texts. */
const recent = new Map<string, Search | undefined>();
const MOST_RECENT = 256;

/**
 * Does the pattern match somewhere in the text? `undefined` where no automaton of it can be made.
 *
 * @example
 * matchesText('DROP', 'DROP TABLE') // true
 */
export function matchesText(source: string, text: string): boolean | undefined {
  if (!recent.has(source)) {
    if (recent.size >= MOST_RECENT) recent.clear();
    const automaton = automatonOf(source);
    recent.set(source, automaton && new Search(automaton));
  }
  return recent.get(source)?.accepts(text);
}

function automatonOf(source: string): Automaton | undefined {
  for (const direction of ['forward', 'reverse'] as const satisfies readonly ScanDirection[]) {
    try {
      const { instructions, automaton: states } = DEFAULT_LIMITS;
      return buildAutomaton(nodeOf(source), direction, { instructions, states });
    } catch (error) {
      const isKnown =
        error instanceof Refused || error instanceof TooManyStates || error instanceof WrongDirection;
      if (!isKnown) throw error;
    }
  }
  return undefined;
}

/** An automaton with its moves by class, each looked up when it is first met. */
class Search {
  readonly #automaton: Automaton;
  readonly #moves: (readonly number[] | typeof MATCH | undefined)[] = [];
  /** The character at which a state was reached last. */
  readonly #reached: Int32Array;
  #character = 0;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#reached = new Int32Array(automaton.states.length);
  }

  accepts(text: string): boolean {
    const { alphabet, direction, states, start } = this.#automaton;
    const characters = Array.from(text, (character) => character.codePointAt(0) ?? 0);
    let threads = [start];
    for (const codePoint of direction === 'forward' ? characters : characters.reverse()) {
      const classNumber = classAt(alphabet.runs, codePoint);
      const next: number[] = [];
      this.#character += 1;
      for (const at of threads) {
        const moves = this.#movesOf(at, classNumber);
        if (moves === MATCH) return true;
        for (const to of moves) {
          if (this.#reached[to] === this.#character) continue;
          this.#reached[to] = this.#character;
          next.push(to);
        }
      }
      if (next.length === 0) return false;
      threads = next;
    }
    return threads.some((at) => states[at]?.match.edge === true);
  }

  #movesOf(at: number, classNumber: number): readonly number[] | typeof MATCH {
    const place = at * this.#automaton.alphabet.size + classNumber;
    return (this.#moves[place] ??= this.#look(at, 1n << BigInt(classNumber)));
  }

  #look(at: number, letter: bigint): readonly number[] | typeof MATCH {
    const state = this.#automaton.states[at];
    if (!state) return [];
    if ((state.match.mask & letter) !== 0n) return MATCH;
    return state.edges.flatMap(({ mask, to }) => ((mask & letter) === 0n ? [] : [to]));
  }
}

const MATCH = 'match';
