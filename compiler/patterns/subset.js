/** Nondeterministic → deterministic automaton, by the subset construction. */
import { classesOf } from './alphabet.js';
import { TooManyStates } from './refusal.js';
export const REJECT = 0;
export const ACCEPT = 1;
export function stateCount(dfa) {
  return dfa.atEnd.length;
}
/** @throws TooManyStates when more than `limit` states are met. */
export function determinize(automaton, limit, simulation) {
  const width = automaton.alphabet.size;
  const edges = automaton.states.map((state) =>
    state.edges.map((edge) => ({ classes: classesOf(edge.mask), to: edge.to })),
  );
  const accepting = automaton.states.map((state) => classesOf(state.match.mask));
  const certain = automaton.states.map(
    (state) => state.match.edge && state.match.mask === automaton.alphabet.all,
  );
  const ids = new Map();
  const sets = [[], []];
  const idOf = (members) => {
    const key = members.join();
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = add(simulation ? simulation.prune(members) : members);
    ids.set(key, id);
    return id;
  };
  const add = (members) => {
    if (members.some((member) => certain[member])) return ACCEPT;
    const key = members.join();
    const known = ids.get(key);
    if (known !== undefined) return known;
    if (sets.length >= limit) throw new TooManyStates('table');
    ids.set(key, sets.length);
    return sets.push(members) - 1;
  };
  ids.set('', REJECT);
  const rows = [Array.from({ length: width }, () => REJECT), Array.from({ length: width }, () => ACCEPT)];
  const start = idOf([automaton.start]);
  for (let at = 2; at < sets.length; at++) {
    const members = sets[at] ?? [];
    const targets = Array.from({ length: width });
    const row = Array.from({ length: width }, () => REJECT);
    for (const member of members) for (const c of accepting[member] ?? []) row[c] = ACCEPT;
    for (const member of members) {
      for (const { classes, to } of edges[member] ?? []) {
        for (const c of classes) {
          const target = targets[c];
          if (target) target.push(to);
          else targets[c] = [to];
        }
      }
    }
    targets.forEach((target, c) => {
      if (target && row[c] !== ACCEPT) row[c] = idOf(ascending(target));
    });
    rows.push(row);
  }
  const atEnd = Uint8Array.from(sets, (members, i) =>
    i === ACCEPT || members.some((member) => automaton.states[member]?.match.edge) ? 1 : 0,
  );
  return { width, table: Int32Array.from(rows.flat()), start, atEnd, runs: automaton.alphabet.runs };
}
/** Sorted and without repetition. */
function ascending(numbers) {
  if (numbers.length === 1) return [...numbers];
  return [...new Set(numbers)].sort((a, b) => a - b);
}
