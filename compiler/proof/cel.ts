import type { CelNode } from '../ir/cel.ts';
import { Atoms } from './cel-atoms.ts';
import { alternativesOf, whenFalse } from './cel-cases.ts';
import { celKey } from './cel-key.ts';
import { ANY } from './cel-states.ts';
import type { Demands } from './cel-states.ts';

/** More pairs of cases than this are not looked at. */
const MOST_PAIRS = 4_000;

/**
 * Whether `wide` is known not to fail wherever `narrow` does not. `false` says nothing. A rule fires unless its
 * condition is `false`, so an error counts like `true`; `&&` is `false` where an operand is, `||` where both are
 * (cel-spec, "Logical Operators").
 *
 * Each test of a value is true, false or in error. Where `wide` is false, all tests of one of some lists are in a
 * certain state (`cubes`); `narrow` is false too, unless no test of one of some lists is in the state that would make
 * it so (`clauses`). Each pair of the two demands something of the tests, and must be impossible.
 */
export function celImplies(narrow: CelNode, wide: CelNode): boolean {
  if (celKey(narrow) === celKey(wide)) return true;
  const atoms = new Atoms(celImplies);
  const cubes = alternativesOf(whenFalse(wide, atoms), 'or');
  const clauses = alternativesOf(whenFalse(narrow, atoms), 'and');
  if (!cubes || !clauses || cubes.length * clauses.length > MOST_PAIRS) return false;
  return cubes.every((cube) =>
    clauses.every((clause) => {
      const demands: Demands = new Map();
      for (const { atom, state } of cube) demands.set(atom, (demands.get(atom) ?? ANY) & state);
      for (const { atom, state } of clause) demands.set(atom, (demands.get(atom) ?? ANY) & ~state);
      return !atoms.mayMeet(demands);
    }),
  );
}
