import { globCovers, globMatches } from './covers.ts';

/** A set of globs together with whether a name must be one of them, or must not. */
export interface GlobDemand {
  readonly globs: readonly string[];
  readonly matches: boolean;
}

const MOST_STATES = 20_000;

/**
 * A name that meets every demand, a readable one where there is one; `null` where none can exist, which is
 * certain: the globs are run side by side over every text (subset construction). `undefined` when given up.
 */
export function findName(demands: readonly GlobDemand[]): string | null | undefined {
  const globs = demands.flatMap((demand) => demand.globs);
  const readable = ['any_tool', ...globs.map((glob) => glob.replace(/\*+/g, 'any'))];
  const meets = (name: string): boolean =>
    demands.every((demand) => demand.globs.some((glob) => globMatches(glob, name)) === demand.matches);
  // Where names are listed it is one of these; where all that is asked for is excluded, nothing is left.
  const listed = demands.find(
    ({ globs: names, matches }) => matches && !names.some((name) => name.includes('*')),
  );
  if (listed) return listed.globs.find(meets) ?? null;
  const excluded = demands.flatMap((demand) => (demand.matches ? [] : demand.globs));
  const isExcluded = (glob: string): boolean => excluded.some((other) => globCovers(other, glob));
  if (demands.some((demand) => demand.matches && demand.globs.every(isExcluded))) return null;
  return readable.find((name) => name !== '' && meets(name)) ?? search(globs, meets);
}

/** Breadth first over the states of all globs together. */
function search(globs: readonly string[], meets: (name: string) => boolean): string | null | undefined {
  const text = globs.join('').replaceAll('*', '');
  // UTF-16 units, as globs are compared by.
  const used = new Set(Array.from({ length: text.length }, (_, i) => text.charAt(i)));
  const other = Array.from('xyzqkjw0123456789').find((letter) => !used.has(letter)) ?? '\u00b7';
  const alphabet = [...used, other];
  const start = globs.map((glob) => closure(glob, [0]));
  // Not seen yet: the start is reached by the empty text, which is no name.
  const seen = new Set<string>();
  const queue: { readonly states: readonly (readonly number[])[]; readonly name: string }[] = [
    { states: start, name: '' },
  ];
  for (const { states, name } of queue) {
    if (name !== '' && meets(name)) return name;
    for (const letter of alphabet) {
      const next = globs.map((glob, i) => advance(glob, states[i] ?? [], letter));
      const key = JSON.stringify(next);
      if (seen.has(key)) continue;
      if (seen.size >= MOST_STATES) return undefined;
      seen.add(key);
      queue.push({ states: next, name: name + letter });
    }
  }
  return null;
}

function advance(glob: string, states: readonly number[], letter: string): readonly number[] {
  const next = states.flatMap((state) => {
    if (glob[state] === '*') return [state];
    return glob[state] === letter ? [state + 1] : [];
  });
  return closure(glob, next);
}

function closure(glob: string, states: readonly number[]): readonly number[] {
  const all = new Set(states);
  for (const state of all) if (glob[state] === '*') all.add(state + 1);
  return [...all].sort((a, b) => a - b);
}
