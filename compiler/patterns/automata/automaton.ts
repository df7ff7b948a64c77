/**
 * Program → nondeterministic automaton without empty moves and without assertions.
 *
 * A state is an instruction together with what it must know of the text behind: which of the sets asked about the
 * last character is in, and where each lookaround's own automaton stands. That part is a function of the text
 * alone, so threads agree on it and nothing multiplies when they are run side by side. What an assertion wants of
 * the next character becomes a restriction on the edge that reads it, or, at the end of a match, a `Guard`.
 */
import type { ScanDirection } from '../../ir/pattern.ts';
import { makeAlphabet, programSets, classesOf, type Alphabet, type ClassMask } from './alphabet.ts';
import type { CharSet } from '../syntax/charset.ts';
import type { PatternNode } from '../syntax/node.ts';
import { buildProgram, type Code, type Instruction } from './program.ts';
import { TooManyStates } from '../syntax/refusal.ts';
import type { Automaton, Edge, Guard, State } from './states.ts';
import { trackLook, type Tracker } from './tracker.ts';

export interface AutomatonLimits {
  readonly instructions: number;
  readonly states: number;
}

/**
 * The automaton of a search for `node`, over the coarsest alphabet that also has `sets` as unions of classes.
 *
 * @throws WrongDirection or TooManyStates
 */
export function buildAutomaton(
  node: PatternNode,
  direction: ScanDirection,
  limits: AutomatonLimits,
  sets: readonly CharSet[] = [],
): Automaton {
  const program = buildProgram(node, direction, limits.instructions);
  const alphabet = makeAlphabet([...programSets(program), ...sets]);
  const trackers: Tracker[] = [];
  for (const code of program.looks) {
    trackers.push(trackLook(flatten(code, alphabet, trackers, direction, limits.states)));
  }
  return flatten(program.main, alphabet, trackers, direction, limits.states);
}

const BEFORE_TEXT = -1;

/** What a state knows of the text behind: class signature of the last character, then trackers' states. */
type Context = readonly number[];

function flatten(
  code: Code,
  alphabet: Alphabet,
  trackers: readonly Tracker[],
  direction: ScanDirection,
  limit: number,
): Automaton {
  const { instructions } = code;
  const behind = behindSignatures(instructions, alphabet);
  const asksBehind = reaching(instructions, (it) => it.op === 'near' && it.side === 'behind', false);
  const asksLook = trackers.map((_, i) =>
    reaching(instructions, (it) => it.op === 'look' && it.look === i, true),
  );

  const nothing: Context = [0, ...trackers.map(() => 0)];

  const ids = new Map<string, number>();
  const pending: { at: number; context: Context }[] = [];
  const states: State[] = [];
  const idOf = (at: number, full: Context): number => {
    const context = full.map((value, i) => {
      const matters = i === 0 ? asksBehind.has(at) : asksLook[i - 1]?.has(at);
      return matters ? value : 0;
    });
    const key = `${at};${context.join()}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    if (ids.size >= limit) throw new TooManyStates('automaton');
    ids.set(key, pending.push({ at, context }) - 1);
    return pending.length - 1;
  };
  const stepContext = (context: Context, classNumber: number): Context => [
    behind.signatureOf(classNumber),
    ...trackers.map((tracker, i) => tracker.next(context[i + 1] ?? 0, classNumber)),
  ];

  const start = idOf(code.start, [BEFORE_TEXT, ...trackers.map((tracker) => tracker.start)]);
  // `pending` grows while it is walked.
  for (const { at, context } of pending) {
    const moves = new Map<number, ClassMask>();
    let match: Guard = { mask: 0n, edge: false };
    for (const [instruction, guard] of closure(at, context)) {
      if (instruction.op === 'match') {
        match = { mask: match.mask | guard.mask, edge: match.edge || guard.edge };
      } else if (instruction.op === 'character') {
        const mask = guard.mask & alphabet.maskOf(instruction.set);
        if (mask !== 0n) moves.set(instruction.next, (moves.get(instruction.next) ?? 0n) | mask);
      }
    }
    states.push({ at, edges: [...moves].flatMap(([to, mask]) => edgesTo(to, mask, context)), match });
  }
  const searching = pending.flatMap((item, i) => (item.at === code.search ? [i] : []));
  const [only = -1] = searching;
  return { alphabet, direction, states, start, search: searching.length === 1 ? only : -1 };

  function edgesTo(to: number, mask: ClassMask, context: Context): Edge[] {
    const asks = asksBehind.has(to) || asksLook.some((set) => set.has(to));
    if (!asks) return [{ mask, to: idOf(to, nothing) }];
    const targets = new Map<number, ClassMask>();
    for (const classNumber of classesOf(mask)) {
      const target = idOf(to, stepContext(context, classNumber));
      targets.set(target, (targets.get(target) ?? 0n) | (1n << BigInt(classNumber)));
    }
    return [...targets].map(([target, part]) => ({ mask: part, to: target }));
  }

  /** The consuming and matching instructions reached from `from` without reading, each with its guard. */
  function closure(from: number, context: Context): (readonly [Instruction, Guard])[] {
    const out: (readonly [Instruction, Guard])[] = [];
    const seen = new Set<string>();
    const stack: (readonly [number, Guard])[] = [[from, { mask: alphabet.all, edge: true }]];
    for (let top = stack.pop(); top; top = stack.pop()) {
      const [at, guard] = top;
      const key = `${at};${guard.mask};${guard.edge}`;
      const instruction = instructions[at];
      if (!instruction || seen.has(key) || (guard.mask === 0n && !guard.edge)) continue;
      seen.add(key);
      switch (instruction.op) {
        case 'split':
          for (const next of instruction.next) stack.push([next, guard]);
          break;
        case 'near':
          if (instruction.side === 'ahead') {
            const wanted = { mask: alphabet.maskOf(instruction.set), edge: instruction.edge };
            stack.push([instruction.next, both(guard, wanted)]);
          } else if (behind.holds(instruction, context[0] ?? BEFORE_TEXT)) {
            stack.push([instruction.next, guard]);
          }
          break;
        case 'look': {
          const holds = trackers[instruction.look]?.holds(context[instruction.look + 1] ?? 0);
          if (!holds) break;
          const wanted = instruction.negate ? { mask: alphabet.all & ~holds.mask, edge: !holds.edge } : holds;
          stack.push([instruction.next, both(guard, wanted)]);
          break;
        }
        default:
          out.push([instruction, guard]);
      }
    }
    return out;
  }
}

function both(a: Guard, b: Guard): Guard {
  return { mask: a.mask & b.mask, edge: a.edge && b.edge };
}

/** Classes told apart by the sets that assertions ask about the character behind. */
function behindSignatures(
  instructions: readonly Instruction[],
  alphabet: Alphabet,
): {
  signatureOf(classNumber: number): number;
  holds(instruction: Extract<Instruction, { op: 'near' }>, signature: number): boolean;
} {
  const masks = new Map<string, ClassMask>();
  for (const it of instructions) {
    if (it.op === 'near' && it.side === 'behind') masks.set(it.set.join(), alphabet.maskOf(it.set));
  }
  const list = [...masks.values()];
  const signatures = new Map<string, number>();
  const ofClass: number[] = [];
  const sample: number[] = [];
  for (let i = 0; i < alphabet.size; i++) {
    const key = list.map((mask) => Number((mask >> BigInt(i)) & 1n)).join('');
    const signature = signatures.get(key) ?? signatures.size;
    signatures.set(key, signature);
    ofClass.push(signature);
    sample[signature] ??= i;
  }
  return {
    signatureOf: (classNumber) => ofClass[classNumber] ?? 0,
    holds: (instruction, signature) =>
      signature === BEFORE_TEXT
        ? instruction.edge
        : ((alphabet.maskOf(instruction.set) >> BigInt(sample[signature] ?? 0)) & 1n) === 1n,
  };
}

/** The instructions from which one that is `wanted` can be reached, reading characters on the way or not. */
function reaching(
  instructions: readonly Instruction[],
  wanted: (instruction: Instruction) => boolean,
  reading: boolean,
): ReadonlySet<number> {
  const found = new Set<number>();
  const sources: number[][] = instructions.map(() => []);
  instructions.forEach((instruction, i) => {
    if (wanted(instruction)) found.add(i);
    if (instruction.op === 'match' || (instruction.op === 'character' && !reading)) return;
    const next = instruction.op === 'split' ? instruction.next : [instruction.next];
    for (const to of next) sources[to]?.push(i);
  });
  // The set grows while it is walked.
  for (const at of found) for (const source of sources[at] ?? []) found.add(source);
  return found;
}
