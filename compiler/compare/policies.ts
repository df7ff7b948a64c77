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
  if (!asks || !old.catalog || old.catalog.file.text === now.catalog?.file.text) return [];
  return [{ entry: name, what: 'catalog', direction: 'unknown', says: 'another tool catalog' }];
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
