import type { Proof } from '../proof/implies.ts';
import type { Law } from './values.ts';

/**
 * How what holds now stands to what held before. `incomparable`: stricter on some plans and looser on others;
 * `unknown`: cannot be proved either way.
 */
export type Relation = 'same' | 'stricter' | 'looser' | 'incomparable' | 'unknown';

/**
 * A merge law read both ways: what it would refuse a child is looser.
 *
 * @example
 * relationBy(limit, 20, 10) // 'stricter'
 */
export function relationBy<T>(law: Pick<Law<T>, 'weakens'>, before: T, now: T): Relation {
  return relationOf(!law.weakens(before, now), !law.weakens(now, before));
}

/** @param kept - nothing that was stopped passes now; `added` - nothing that passed is stopped now */
function relationOf(kept: boolean, added: boolean): Relation {
  if (kept) return added ? 'same' : 'stricter';
  return added ? 'looser' : 'incomparable';
}

/**
 * The same of proofs that a condition fires wherever another one does. What is proved one way only is told as if the
 * other way were refuted: `looser` is never told as less.
 *
 * @param kept - that the new condition fires wherever the old one did; `added` - the other way round
 */
export function relationOfProofs(kept: Proof, added: Proof): Relation {
  if (kept.kind === 'proved' || added.kind === 'proved') {
    return relationOf(kept.kind === 'proved', added.kind === 'proved');
  }
  if (kept.kind === 'refuted') return added.kind === 'refuted' ? 'incomparable' : 'looser';
  return 'unknown';
}

/** What several relations come to together. */
export function together(relations: readonly Relation[]): Relation {
  const kinds = new Set(relations.filter((relation) => relation !== 'same'));
  for (const kind of ['incomparable', 'unknown'] as const) if (kinds.has(kind)) return kind;
  if (kinds.size > 1) return 'incomparable';
  return [...kinds][0] ?? 'same';
}
