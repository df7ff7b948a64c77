/** Roles and who has them, as the source document's YAML writes them; `bindings` say who. */
import { nearest } from 'plan-lint/inspect';
import type { Identity } from '../auth/identity.ts';
import { settings } from '../config/check.ts';
import { ConfigError, list, map, section, text } from '../config/field.ts';
import type { Tree } from '../config/load.ts';
import { isPermission, PERMISSIONS } from './permissions.ts';
import type { Permission } from './permissions.ts';

const item = text({ description: 'A name.', fallback: '' });

const RBAC = section('Roles and bindings.', {
  roles: map(
    section('A role.', {
      description: text({ description: 'What it is for.' }),
      permissions: list(item, 'What it allows.'),
    }),
    'Roles by name.',
  ),
  bindings: list(
    section('Who has a role.', {
      role: text({ description: 'The role.', fallback: '' }),
      users: list(item, 'Users by name.'),
      groups: list(item, 'Groups.'),
      claims: map(item, 'Claims with these values.'),
      teams: list(item, 'Only for users of these teams.'),
    }),
    'Who has which role.',
  ),
});

const SETTINGS = settings(RBAC);

interface Binding {
  readonly permissions: readonly Permission[];
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly claims: ReadonlyMap<string, string>;
  readonly teams: readonly string[];
}

/** Roles, and who has them. */
export interface Roles {
  readonly bindings: readonly Binding[];
}

export const NO_ROLES: Roles = { bindings: [] };

/** @throws ConfigError for a permission or a role that there is not */
export function readRoles(tree: Tree): Roles {
  const { roles, bindings } = SETTINGS.read(tree);
  const permissionsOf = new Map(
    [...roles].map(([role, { permissions }]) => [
      role,
      permissions.map((name) => permissionOf(name, `roles.${role}.permissions`)),
    ]),
  );
  return {
    bindings: bindings.map(({ role, users, groups, claims, teams }, i) => {
      const permissions = permissionsOf.get(role);
      if (!permissions)
        throw new ConfigError(
          `\`bindings[${i}].role\` names \`${role}\`, which is no role`,
          hintFor(role, roles.keys()),
        );
      if (users.length + groups.length + claims.size === 0)
        throw new ConfigError(`\`bindings[${i}]\` says nobody`, 'give it `users`, `groups` or `claims`');
      return { permissions, users, groups, claims, teams };
    }),
  };
}

function permissionOf(name: string, at: string): Permission {
  if (isPermission(name)) return name;
  throw new ConfigError(`\`${name}\` in \`${at}\` is no permission`, hintFor(name, PERMISSIONS));
}

function hintFor(name: string, known: Iterable<string>): string {
  const all = [...known];
  const near = nearest(name, all);
  return near === null ? `there are ${all.join(', ') || 'none'}` : `did you mean \`${near}\`?`;
}

function binds({ users, groups, claims, teams }: Binding, identity: Identity): boolean {
  if (teams.length > 0 && (identity.team === null || !teams.includes(identity.team))) return false;
  if (users.includes(identity.username)) return true;
  if (identity.groups.some((group) => groups.includes(group))) return true;
  return claims.size > 0 && [...claims].every(([name, value]) => hasClaim(identity, name, value));
}

function hasClaim({ claims }: Identity, name: string, value: string): boolean {
  const told = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return told === value || (Array.isArray(told) && told.includes(value));
}

/** What somebody may do. @param trustsToken - what the token brings counts too */
export function permissionsFor(
  identity: Identity,
  roles: Roles,
  trustsToken: boolean,
): ReadonlySet<Permission> {
  const granted = new Set<Permission>();
  for (const binding of roles.bindings)
    if (binds(binding, identity)) for (const permission of binding.permissions) granted.add(permission);
  if (trustsToken) for (const name of identity.permissions) if (isPermission(name)) granted.add(name);
  return granted;
}
