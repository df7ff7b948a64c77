/** Whether a pattern matches one text: its nondeterministic automaton walked over it, however large the deterministic one. */
import type { ScanDirection } from '../../ir/pattern.ts';
import { buildAutomaton } from '../automata/automaton.ts';
import { classAt } from '../automata/alphabet.ts';
import type { Automaton } from '../automata/states.ts';
import { DEFAULT_LIMITS } from '../syntax/limits.ts';
import { Refused, TooManyStates, WrongDirection } from '../syntax/refusal.ts';
import { nodeOf } from './inclusion.ts';

/** Whoever asks of one pattern asks of many texts. */
const recent = new Map<string, Automaton | undefined>();
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
    recent.set(source, automatonOf(source));
  }
  const automaton = recent.get(source);
  return automaton && accepts(automaton, text);
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

function accepts({ alphabet, direction, states, start }: Automaton, text: string): boolean {
  const characters = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  let threads = new Set([start]);
  for (const codePoint of direction === 'forward' ? characters : characters.reverse()) {
    const letter = 1n << BigInt(classAt(alphabet.runs, codePoint));
    const next = new Set<number>();
    for (const at of threads) {
      const state = states[at];
      if (!state) continue;
      if ((state.match.mask & letter) !== 0n) return true;
      for (const { mask, to } of state.edges) if ((mask & letter) !== 0n) next.add(to);
    }
    if (next.size === 0) return false;
    threads = next;
  }
  return [...threads].some((at) => states[at]?.match.edge === true);
}
