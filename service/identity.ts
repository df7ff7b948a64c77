/** Who asks, and what they may: modes of authentication, tokens and roles, as the configuration and its files say. */
import type { FastifyBaseLogger } from 'fastify';
import type { AuditLog } from './audit/index.ts';
import { anonymous, ANONYMOUS } from './auth/anonymous.ts';
import { buildModes } from './auth/build.ts';
import { TokenCache } from './auth/cache.ts';
import { AuthChain } from './auth/chain.ts';
import type { Identity } from './auth/identity.ts';
import { parseTokens } from './auth/static.ts';
import type { StaticTokens } from './auth/static.ts';
import { Waiting } from './auth/waiting.ts';
import type { Closing } from './closing.ts';
import { changeTeller } from './config-changes.ts';
import { parseSettings } from './config/load.ts';
import type { Config } from './config/sections.ts';
import { WatchedFile } from './config/watched-file.ts';
import type { Metrics } from './observe/metrics.ts';
import type { Permission } from './rbac/permissions.ts';
import { NO_ROLES, permissionsFor, readRoles } from './rbac/roles.ts';
import type { Roles } from './rbac/roles.ts';

interface IdentityOptions {
  readonly config: Config;
  readonly audit: AuditLog;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
  readonly tokens: StaticTokens;
}

/** Modes, tokens and roles, each read again when its file changes. */
export async function identityParts({ config, audit, log, now, tokens }: IdentityOptions, closing: Closing) {
  const { auth, rbac } = config;
  const { in_flight: places } = config.limits;
  const watched: WatchedFile<unknown>[] = [];
  const changed = changeTeller({ config, audit, log });
  const cache = new TokenCache({ life: auth.cache, entries: auth.cache_entries, now });
  async function watch<T>(
    path: string,
    read: (text: string) => T,
    gone: { readonly whenGone?: T } = {},
  ): Promise<WatchedFile<T>> {
    const file = await WatchedFile.open({
      path,
      read,
      ...gone,
      onChange: async () => {
        await changed({ path });
        cache.clear();
        log.info({ path }, 'a file was replaced, and is in force');
      },
      onProblem: (message) => log.error(message),
    });
    watched.push(file as WatchedFile<unknown>);
    closing.add(() => file.stop());
    return file;
  }
  const { static: section } = auth;
  const file =
    section && section.file !== ''
      ? await watch<StaticTokens>(section.file, (text) => parseTokens(text, section.file), {
          whenGone: new Map(),
        })
      : null;
  const rolesFile =
    rbac.file === null
      ? null
      : await watch(rbac.file, (text) => readRoles(parseSettings(text, rbac.file ?? '')));
  /** Put together once for each content of the file. */
  let merged: { readonly of: StaticTokens; readonly all: StaticTokens } | null = null;
  const allTokens = (): StaticTokens => {
    if (!file || tokens.size === 0) return file?.value ?? tokens;
    if (merged?.of !== file.value) merged = { of: file.value, all: new Map([...file.value, ...tokens]) };
    return merged.all;
  };
  const modes =
    auth.modes.length === 0
      ? [anonymous()]
      : buildModes(auth, { now, tokens: allTokens, asksAtOnce: Math.max(2, places) });
  closing.add(() => modes.forEach((mode) => mode.close?.()));
  const roles = (): Roles => (auth.modes.length === 0 ? ANONYMOUS_ROLES : (rolesFile?.value ?? NO_ROLES));
  /** Worked out once for whoever is remembered, as long as the roles are the same. */
  const granted = new WeakMap<Identity, { readonly by: Roles; readonly all: ReadonlySet<Permission> }>();
  return {
    modes: modes.map(({ name }) => name),
    permissionsOf: (identity: Identity): ReadonlySet<Permission> => {
      const by = roles();
      const known = granted.get(identity);
      if (known?.by === by) return known.all;
      const all = permissionsFor(identity, by, auth.trust_permissions);
      granted.set(identity, { by, all });
      return all;
    },
    auth: (metrics: Metrics) =>
      new AuthChain({
        modes,
        cache,
        // Whoever is known is served while an identity service is slow about the unknown: an eighth of all places is theirs.
        waiting: new Waiting(Math.max(1, Math.floor((places * 7) / 8))),
        maxToken: config.limits.token,
        observe: (mode, outcome, seconds) => metrics.asked(mode, outcome, seconds),
      }),
    look: () => Promise.all(watched.map((each) => each.look())),
  };
}

/** What nobody in particular may do, on loopback. */
const ANONYMOUS_ROLES: Roles = {
  bindings: [
    {
      permissions: ['validate_plan', 'read_policy', 'run_session'],
      users: [ANONYMOUS],
      groups: [],
      claims: new Map(),
      teams: [],
    },
  ],
};
