/** Who asks, with what they may do, and what rules see of them. */
import type { Identity } from '../auth/identity.ts';
import type { Permission } from '../rbac/permissions.ts';

export interface Caller {
  readonly identity: Identity;
  readonly permissions: ReadonlySet<Permission>;
  /** Entries that may be asked; `null`: all. */
  readonly entries: readonly string[] | null;
}

type Context = Readonly<Record<string, unknown>>;

/**
 * What is vouched for to the rules. `caller`, `team` and `environment` are the service's own words, whatever else is handed over.
 *
 * @param told - what the caller vouches for, where it is trusted to
 */
export function contextOf({ identity }: Caller, environment: string, told?: Context): Context {
  const { username, groups, team, claims } = identity;
  return { ...told, caller: { username, groups, team, claims }, team, environment };
}
