/**
 * Which engine decides a pattern: the first in this order that can do so within its limits.
 *
 * 1. plain texts; 2. the host's RegExp, where backtracking is bounded; 3. a small table; 4. bit-parallel;
 * 5. a large table. The order is by measured speed and size.
 */
import type { PatternEngine, PatternPlan, ScanDirection } from '../../ir/pattern.ts';
import { Automata } from '../automata/automata.ts';
import { backtrackingBound } from '../questions/backtracking.ts';
import { packBits } from './bits.ts';
import { equal } from '../syntax/charset.ts';
import { closeUnderFolding } from '../syntax/folding.ts';
import { requiredLiterals, wholeLiterals } from '../syntax/literals.ts';
import type { PatternLimits, TableLimits } from '../syntax/limits.ts';
import { nullable, walk, type PatternNode } from '../syntax/node.ts';
import { printPattern } from '../syntax/print.ts';
import { TooManyStates, WrongDirection } from '../syntax/refusal.ts';
import { spellOutLooks } from '../syntax/spell.ts';
import { stateCount, type Dfa } from '../automata/subset.ts';
import { packDfa } from './table.ts';
import { packWords } from './words.ts';

/** A trimmed pattern and what its plan says about it. */
export interface Subject {
  readonly source: string;
  readonly ignoreCase: boolean;
  readonly node: PatternNode;
}

export interface Choice {
  readonly limits: PatternLimits;
  /** Only these engines and directions; for tests. */
  readonly engine?: PatternEngine;
  readonly direction?: ScanDirection;
}

type Attempt = (subject: Subject, automata: Automata, choice: Choice) => PatternPlan | undefined;

const ATTEMPTS: readonly (readonly [PatternEngine, Attempt])[] = [
  ['literals', literals],
  ['native', native],
  ['dfa', (subject, automata, { limits }) => table(subject, automata, limits.smallTable)],
  ['nfa', bitParallel],
  ['dfa', (subject, automata, { limits }) => table(subject, automata, limits.largeTable)],
];

/** The plan, or the reason why no engine will do: a lookaround that no direction can have, or sheer size. */
export function choosePlan(subject: Subject, choice: Choice): PatternPlan | TooManyStates | WrongDirection {
  const plan = firstPlan(subject, choice);
  if (!(plan instanceof WrongDirection)) return plan;
  const node = spellOutLooks(subject.node);
  if (node === subject.node) return plan;
  const other = firstPlan({ ...subject, node }, choice);
  return other instanceof Error ? plan : other;
}

function firstPlan(subject: Subject, choice: Choice): PatternPlan | TooManyStates | WrongDirection {
  const automata = new Automata(subject.node, choice.limits, choice.direction);
  for (const [engine, attempt] of ATTEMPTS) {
    if (choice.engine !== undefined && choice.engine !== engine) continue;
    const plan = attempt(subject, automata, choice);
    if (plan) return plan;
  }
  return automata.obstacle ?? new TooManyStates('engine');
}

function literals(
  { source, ignoreCase, node }: Subject,
  _: Automata,
  { limits }: Choice,
): PatternPlan | undefined {
  const plain = wholeLiterals(node, false, limits.includes);
  if (plain) {
    return {
      engine: 'literals',
      source,
      ignoreCase,
      states: plain.length,
      bytes: plain.reduce((sum, text) => sum + text.length, 0),
      worstCase: Math.max(1, plain.length),
      texts: plain,
    };
  }
  const words = wholeLiterals(node, ignoreCase, limits.words);
  if (!words || words.length <= limits.includes || words.includes('')) return undefined;
  const packed = packWords(words, ignoreCase);
  return {
    engine: 'literals',
    source,
    ignoreCase,
    states: words.length,
    bytes: packed.length,
    worstCase: 1,
    texts: words,
    packed,
  };
}

function native(
  { source, ignoreCase, node }: Subject,
  _: Automata,
  { limits }: Choice,
): PatternPlan | undefined {
  // V8 lets an empty match begin inside a surrogate pair, which ECMA-262 does not.
  if (nullable(node)) return undefined;
  const bound = backtrackingBound(node);
  if (!bound || bound.ways > limits.nativeWays || bound.tests > limits.nativeTests) return undefined;
  // `(?-i:…)` inside leaves sets that the flag would widen.
  const folded = ignoreCase && isClosedUnderFolding(node);
  const printed = printPattern(node, folded);
  return {
    engine: 'native',
    source,
    ignoreCase,
    states: 0,
    bytes: printed.length,
    worstCase: bound.tests,
    printed,
    flags: folded ? 'iu' : 'u',
  };
}

function isClosedUnderFolding(root: PatternNode): boolean {
  let closed = true;
  walk(root, (node) => {
    if (node.kind === 'set' || node.kind === 'near') closed &&= equal(closeUnderFolding(node.set), node.set);
  });
  return closed;
}

function table(subject: Subject, automata: Automata, limits: TableLimits): PatternPlan | undefined {
  let best: { dfa: Dfa; direction: ScanDirection } | undefined;
  for (const direction of automata.directions) {
    const dfa = automata.table(direction, limits);
    if (!dfa || stateCount(dfa) > limits.states) continue;
    // Forward stops at the first match, so reverse has to be clearly smaller.
    if (!best || dfa.table.length < 0.7 * best.dfa.table.length) best = { dfa, direction };
  }
  if (!best) return undefined;
  const packed = packDfa(best.dfa);
  return {
    engine: 'dfa',
    ...common(subject),
    states: stateCount(best.dfa),
    bytes: packed.length,
    worstCase: 1,
    direction: best.direction,
    packed,
  };
}

function bitParallel(subject: Subject, automata: Automata, { limits }: Choice): PatternPlan | undefined {
  for (const direction of automata.directions) {
    const automaton = automata.nondeterministic(direction);
    const bits = automaton && automata.attempt(() => packBits(automaton, limits.wordOperations));
    if (!bits) continue;
    return {
      engine: 'nfa',
      ...common(subject),
      states: bits.places,
      bytes: bits.packed.length,
      worstCase: bits.cost,
      direction,
      packed: bits.packed,
    };
  }
  return undefined;
}

/** A few texts that must occur are found faster than an automaton is run. */
const MOST_PREFILTERS = 3;
const SHORTEST_PREFILTER = 2;

function common({ source, ignoreCase, node }: Subject): {
  source: string;
  ignoreCase: boolean;
  prefilter?: readonly string[];
} {
  const texts = requiredLiterals(node, false)?.texts ?? [];
  const pays =
    texts.length > 0 &&
    texts.length <= MOST_PREFILTERS &&
    texts.every((text) => text.length >= SHORTEST_PREFILTER);
  return pays ? { source, ignoreCase, prefilter: texts } : { source, ignoreCase };
}
