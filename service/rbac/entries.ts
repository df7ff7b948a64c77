/** Which entries a caller may ask: a team is bound to its own. */
export type Teams = ReadonlyMap<string, { readonly entries: readonly string[] }>;

/** Entries that may be asked: `null` for all of them. */
export function entriesFor(team: string | null, teams: Teams): readonly string[] | null {
  if (teams.size === 0) return null;
  // Who is of no team that is listed is bound, too.
  const bound = (team === null ? undefined : teams.get(team)) ?? teams.get('*');
  const entries = bound?.entries ?? [];
  return entries.includes('*') ? null : entries;
}
