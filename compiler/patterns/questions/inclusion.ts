/** What one pattern says about another, decided on automata. */
import type { ScanDirection } from '../../ir/pattern.ts';
import { Automata } from '../automata/automata.ts';
import { buildAutomaton } from '../automata/automaton.ts';
import { fromRanges } from '../syntax/charset.ts';
import { DEFAULT_LIMITS } from '../syntax/limits.ts';
import type { PatternNode } from '../syntax/node.ts';
import { parsePattern } from '../syntax/parse.ts';
import { commonAlphabet, type Letter } from '../automata/product.ts';
import { Refused, TooManyStates, WrongDirection } from '../syntax/refusal.ts';
import { spellOutLooks } from '../syntax/spell.ts';
import { ACCEPT, REJECT, stateCount, type Dfa } from '../automata/subset.ts';
import { trimSearch } from '../syntax/trim.ts';

/** A pattern as its author wrote it; a plain string is one that minds case. */
export type PatternText = string | { readonly source: string; readonly ignoreCase?: boolean };

export type Inclusion =
  | { readonly included: true }
  /** A shortest text that `b` matches and `a` does not. */
  | { readonly included: false; readonly witness: string }
  | { readonly undecided: string };

/** Pairs of states looked at before giving up. */
const MOST_PAIRS = 500_000;

/**
 * Is every text that `b` matches matched by `a` too? If so, a rule on `a` catches all that a rule on `b` caught.
 *
 * @example
 * includesLanguage('DROP', 'DROP TABLE') // { included: true }
 * includesLanguage('DROP TABLE', 'DROP') // { included: false, witness: 'DROP' }
 */
export function includesLanguage(a: PatternText, b: PatternText): Inclusion {
  const key = JSON.stringify([a, b]);
  const known = answers.get(key);
  if (known) return known;
  const answer = decideInclusion(a, b);
  if (answers.size >= MOST_ANSWERS) answers.clear();
  answers.set(key, answer);
  return answer;
}

/** Rules that share a pattern ask the same of it, each with each. */
const answers = new Map<string, Inclusion>();
const MOST_ANSWERS = 4096;

function decideInclusion(a: PatternText, b: PatternText): Inclusion {
  try {
    const [wide, narrow] = [tablesOf(a), tablesOf(b)];
    for (const direction of ['forward', 'reverse'] as const) {
      const outer = wide(direction);
      const inner = outer && narrow(direction);
      if (!outer || !inner) continue;
      return compare(outer, inner, direction);
    }
    return { undecided: 'the patterns are too large to be compared' };
  } catch (error) {
    if (error instanceof Refused) return { undecided: error.refusal.message };
    if (error instanceof TooManyStates) return { undecided: 'the patterns are too large to be compared' };
    throw error;
  }
}

/** @throws Refused */
export function nodeOf(text: PatternText): PatternNode {
  const { source, ignoreCase = false } = typeof text === 'string' ? { source: text } : text;
  return spellOutLooks(trimSearch(parsePattern(source, ignoreCase).node));
}

type Tables = (direction: ScanDirection) => Dfa | undefined;

/** Whoever compares one pattern with many asks for its tables again and again. */
const recent = new Map<string, Tables>();
const MOST_RECENT = 256;

function tablesOf(text: PatternText): Tables {
  const key = JSON.stringify(text);
  let tables = recent.get(key);
  if (!tables) {
    const automata = new Automata(nodeOf(text), DEFAULT_LIMITS);
    const made = new Map<ScanDirection, Dfa | undefined>();
    tables = (direction) => {
      if (!made.has(direction)) made.set(direction, automata.table(direction, DEFAULT_LIMITS.largeTable));
      return made.get(direction);
    };
    if (recent.size >= MOST_RECENT) recent.clear();
    recent.set(key, tables);
  }
  return tables;
}

interface Step {
  readonly outer: number;
  readonly inner: number;
  readonly letter: Letter | undefined;
  /** Index of the step before, -1 at the beginning. */
  readonly from: number;
}

/** Breadth first over pairs of states, so that the first difference found is a shortest one. */
function compare(outer: Dfa, inner: Dfa, direction: ScanDirection): Inclusion {
  const { letters } = commonAlphabet(outer, inner);
  // A lead and a trail in a row are one character, which has a letter of its own.
  const [first, second] = direction === 'forward' ? ['lead', 'trail'] : ['trail', 'lead'];
  const steps: Step[] = [];
  const seen = new Set<number>();
  const add = (step: Step): void => {
    if (step.inner === REJECT || step.outer === ACCEPT) return;
    const halfPair = step.letter?.surrogate === first ? 1 : 0;
    const key = (step.outer * stateCount(inner) + step.inner) * 2 + halfPair;
    if (seen.has(key)) return;
    if (steps.length >= MOST_PAIRS) throw new TooManyStates('pairs');
    seen.add(key);
    steps.push(step);
  };
  add({ outer: outer.start, inner: inner.start, letter: undefined, from: -1 });
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    if (!step) break;
    if (inner.atEnd[step.inner] === 1 && outer.atEnd[step.outer] !== 1) {
      return { included: false, witness: textOf(steps, step, direction) };
    }
    for (const letter of letters) {
      if (step.letter?.surrogate === first && letter.surrogate === second) continue;
      add({
        outer: outer.table[step.outer * outer.width + letter.left] ?? REJECT,
        inner: inner.table[step.inner * inner.width + letter.right] ?? REJECT,
        letter,
        from: i,
      });
    }
  }
  return { included: true };
}

function textOf(steps: readonly Step[], last: Step, direction: ScanDirection): string {
  const characters: string[] = [];
  for (let step: Step | undefined = last; step?.letter; step = steps[step.from]) {
    characters.push(String.fromCodePoint(step.letter.sample));
  }
  return (direction === 'forward' ? characters.reverse() : characters).join('');
}

/**
 * Can the pattern match some text that consists of these characters only? `true` where that is not certain, so
 * `false` may be relied on: with the characters of numbers, it says that numbers need not be scanned as text.
 */
export function canMatchOnly(pattern: PatternText, characters: string): boolean {
  const allowed = fromRanges(
    Array.from(characters, (character) => {
      const codePoint = character.codePointAt(0) ?? 0;
      return [codePoint, codePoint];
    }),
  );
  for (const direction of ['forward', 'reverse'] as const) {
    try {
      const { instructions, automaton: states } = DEFAULT_LIMITS;
      const automaton = buildAutomaton(nodeOf(pattern), direction, { instructions, states }, [allowed]);
      const mask = automaton.alphabet.maskOf(allowed);
      const reached = new Set([automaton.start]);
      // The set grows while it is walked.
      for (const at of reached) {
        const state = automaton.states[at];
        if (!state) continue;
        if (state.match.edge || (state.match.mask & mask) !== 0n) return true;
        for (const edge of state.edges) if ((edge.mask & mask) !== 0n) reached.add(edge.to);
      }
      return false;
    } catch (error) {
      const known =
        error instanceof Refused || error instanceof TooManyStates || error instanceof WrongDirection;
      if (!known) throw error;
    }
  }
  return true;
}
