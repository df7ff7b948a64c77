/** Which entries a caller may ask, and whose decisions it may see: a team is bound to its own. */
import type { Chosen, Registry } from '../policy/registry.ts';

export type Teams = ReadonlyMap<string, { readonly entries: readonly string[] }>;

/** Entries that may be asked, as the configuration names them: `null` for all of them. */
export function entriesFor(team: string | null, teams: Teams): readonly string[] | null {
  if (teams.size === 0) return null;
  // Who is of no team that is listed is bound, too.
  const bound = (team === null ? undefined : teams.get(team)) ?? teams.get('*');
  const entries = bound?.entries ?? [];
  return entries.includes('*') ? null : entries;
}

/** Whether what was chosen is among these: two bundles may have entries of one name, and a bare name means that of the standard bundle. */
export function mayAsk(
  { slot, policy }: Chosen,
  entries: readonly string[] | null,
  registry: Pick<Registry, 'meaningOf'>,
): boolean {
  if (entries === null) return true;
  return entries.some((named) => {
    const meant = registry.meaningOf(named);
    return meant?.slot === slot && (meant.entry === null || meant.entry === policy.entry);
  });
}

/** Whose decisions somebody may see. */
export type Sight =
  { readonly kind: 'all' } | { readonly kind: 'team'; readonly team: string } | { readonly kind: 'none' };

/** Who is of no team that is listed sees nothing, unless `*` lets everybody ask everything. */
export function sightOf(team: string | null, teams: Teams): Sight {
  const isListed = team !== null && teams.has(team);
  if (!isListed && entriesFor(team, teams) !== null) return { kind: 'none' };
  return team === null ? { kind: 'all' } : { kind: 'team', team };
}
