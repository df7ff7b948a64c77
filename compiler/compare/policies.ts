import { findRule } from '../ir/layer.ts';
import type { ResolvedPolicies } from '../ir/resolved.ts';
import { changesOf } from './changes.ts';
import type { Change } from './changes.ts';

/** What got stricter and what looser between two versions of the policies, entry by entry. */
export function comparePolicies(old: ResolvedPolicies, now: ResolvedPolicies): readonly Change[] {
  const entries = now.entries.flatMap((policy) => [...ofEntry(old, policy), ...ofCatalog(old, now, policy)]);
  return [...entries, ...goneFrom(old, now)];
}

/** Settings that read the same decide otherwise by another catalog. */
function ofCatalog(
  old: ResolvedPolicies,
  now: ResolvedPolicies,
  { name, layer }: ResolvedPolicies['entries'][number],
): readonly Change[] {
  const asks = findRule(layer, ({ kind }) => kind === 'only-catalog' || kind === 'validate-args');
  if (!asks || !old.catalog) return [];
  if (old.catalog.file.text !== now.catalog?.file.text)
    return [{ entry: name, what: 'catalog', direction: 'unknown', says: 'another tool catalog' }];
  return leftOutChanges(old.catalog.leftOut, now.catalog.leftOut).map((change) => ({
    entry: name,
    what: 'catalog',
    ...change,
  }));
}

/** Calls of a tool that is left out are denied. */
function leftOutChanges(
  old: ReadonlySet<string>,
  now: ReadonlySet<string>,
): readonly Pick<Change, 'direction' | 'says'>[] {
  const without = (names: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
    [...names].filter((each) => !others.has(each));
  return [
    ...without(now, old).map((each) => ({ direction: 'stricter', says: `leaves out \`${each}\`` }) as const),
    ...without(old, now).map(
      (each) => ({ direction: 'looser', says: `no longer leaves out \`${each}\`` }) as const,
    ),
  ];
}

function ofEntry(old: ResolvedPolicies, policy: ResolvedPolicies['entries'][number]): readonly Change[] {
  const known = old.entries.find(({ name }) => name === policy.name);
  if (known) return changesOf(known, policy);
  return [{ entry: policy.name, what: 'entry', direction: 'stricter', says: 'a new entry' }];
}

function goneFrom(old: ResolvedPolicies, now: ResolvedPolicies): readonly Change[] {
  return old.entries
    .filter(({ name }) => !now.entries.some((policy) => policy.name === name))
    .map(({ name }) => ({ entry: name, what: 'entry', direction: 'looser', says: 'no longer an entry' }));
}
