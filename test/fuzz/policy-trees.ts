/**
 * Random families of policies: roots with nothing above them, and files that extend one or several others, which may
 * or may not tighten what they inherit. `policy-pieces.ts` has what they say.
 */
import fc from 'fast-check';
import { base, library, tightening } from './policy-pieces.ts';
import type { Json } from './policy-pieces.ts';

/** A file as pieces, each tried on its own: what the compiler refuses is left out. */
export interface TreeNode {
  readonly name: string;
  /** Names of earlier files, in the order in which this one extends them. */
  readonly parents: readonly string[];
  readonly pieces: readonly Json[];
}

/** Files, each behind those it extends. */
export type Tree = readonly TreeNode[];

/** Who extends whom, by name. */
type Shape = Readonly<Record<string, readonly string[]>>;

/** Shapes that have let weaker children through. A root that is not `base` is a library. */
const SHAPES: Readonly<Record<string, Shape>> = {
  chain: { base: [], a: ['base'], b: ['a'], c: ['b'], d: ['c'] },
  diamond: { base: [], a: ['base'], b: ['base'], c: ['a', 'b'] },
  secondRoot: { base: [], a: ['base'], lib: [], c: ['a', 'lib'], d: ['c'] },
  floors: { base: [], lib: [], a: ['base', 'lib'], b: ['base', 'lib'], c: ['a', 'b'] },
  nested: {
    base: [],
    lib: [],
    a: ['base', 'lib'],
    b: ['lib'],
    c: ['a', 'b'],
    d: ['base', 'a'],
    e: ['c', 'd'],
  },
  settled: { base: [], a: ['base'], b: ['base'], c: ['a'], d: ['a', 'b'], e: ['d', 'c'] },
};

const MORE = ['a', 'b', 'c', 'd'] as const;

/** Any shape of two roots and up to four files over them. */
const anyShape: fc.Arbitrary<Shape> = fc
  .array(fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 })
  .map((rows) => {
    const names = ['base', 'lib', ...MORE];
    const children = rows.map((picks, i): [string, readonly string[]] => {
      const earlier = names.slice(0, i + 2);
      return [
        names[i + 2] ?? '',
        [...new Set(picks.map((pick) => earlier[pick % earlier.length] ?? 'base'))],
      ];
    });
    return { base: [], lib: [], ...Object.fromEntries(children) };
  });

const shape = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...Object.values(SHAPES)) }, anyShape);

/** A file and everything it extends. */
export function ancestorsOf(name: string, parentsOf: (name: string) => readonly string[]): readonly string[] {
  return [...new Set([name, ...parentsOf(name).flatMap((parent) => ancestorsOf(parent, parentsOf))])];
}

function node(name: string, extended: Shape): fc.Arbitrary<TreeNode> {
  const parents = extended[name] ?? [];
  if (parents.length === 0) {
    const pieces = name === 'base' ? base.map((whole) => [whole]) : fc.array(library(name), PIECES);
    return pieces.map((found) => ({ name, parents, pieces: found }));
  }
  const ancestors = ancestorsOf(name, (one) => extended[one] ?? []).filter((one) => one !== name);
  return fc.record({
    name: fc.constant(name),
    parents: fc.shuffledSubarray([...parents], { minLength: parents.length }),
    pieces: fc.array(tightening(name, ancestors), PIECES),
  });
}

const PIECES = { minLength: 1, maxLength: 4 } as const;

export const tree: fc.Arbitrary<Tree> = shape.chain((extended) =>
  fc.tuple(...Object.keys(extended).map((name) => node(name, extended))),
);
