/** The modes of authentication that a configuration asks for. */
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config/field.ts';
import type { Config } from '../config/sections.ts';
import { address, setting } from './address.ts';
import { introspection } from './introspection.ts';
import { jwks } from './jwks.ts';
import { mtls } from './mtls.ts';
import { staticTokens } from './static.ts';
import type { StaticTokens } from './static.ts';
import { verifyUrl } from './verify-url.ts';
import type { AuthMode } from './identity.ts';

export interface BuildOptions {
  readonly now: () => number;
  /** Tokens of `auth.static`, as they are now. */
  readonly tokens: () => StaticTokens;
  /** Calls to one identity service at a time: of one address, as many as it leaves to others. */
  readonly asksAtOnce: number;
}

type Auth = Config['auth'];

/** The section of a mode. @throws ConfigError where it is missing */
function needed<T>(section: T | null, name: string): T {
  if (section !== null) return section;
  throw new ConfigError(
    `\`auth.modes\` has ${name}, and there is no \`auth.${name}\``,
    `add the section \`auth.${name}\`, or take ${name} out of \`auth.modes\``,
  );
}

/** @throws ConfigError: a token for another service must not be taken here */
function ownAudience(audience: readonly string[], path: string): readonly string[] {
  if (audience.length > 0) return audience;
  throw new ConfigError(
    `\`${path}\` is missing`,
    'a token for another service must not be taken here: name ours',
  );
}

const TOKENS = 'tokens are sent there';
const KEYS = 'the keys that vouch for tokens come from there';

const MODES: Readonly<Record<string, (auth: Auth, options: BuildOptions) => AuthMode>> = {
  static: ({ static: section, team }, { tokens, now }) => {
    needed(section, 'static');
    return staticTokens(tokens, team, now);
  },
  verify_url: ({ verify_url: section, team }, { asksAtOnce }) => {
    const { url, timeout } = needed(section, 'verify_url');
    return verifyUrl({ url: address(url, 'auth.verify_url.url', TOKENS), timeout, team, asksAtOnce });
  },
  introspection: ({ introspection: section, team }, { asksAtOnce }) => {
    const { url, client_id, client_secret_file, audience, timeout, username } = needed(
      section,
      'introspection',
    );
    const file = setting(client_secret_file, 'auth.introspection.client_secret_file');
    return introspection({
      url: address(url, 'auth.introspection.url', TOKENS),
      clientId: setting(client_id, 'auth.introspection.client_id'),
      clientSecret: async () => (await readFile(file, 'utf8')).trim(),
      audience: ownAudience(audience, 'auth.introspection.audience'),
      timeout,
      username,
      team,
      asksAtOnce,
    });
  },
  jwks: ({ jwks: section, team }, { now }) => {
    const written = needed(section, 'jwks');
    const unsafe = written.algorithms.find((name) => !/^(ES|RS|PS)\d{3}$|^Ed/.test(name));
    if (unsafe !== undefined)
      throw new ConfigError(`\`auth.jwks.algorithms\` has ${unsafe}`, 'take ES256, RS256, PS256 or EdDSA');
    return jwks({
      // Where the keys have an address of their own, the issuer is a name.
      issuer:
        written.url === null
          ? address(written.issuer, 'auth.jwks.issuer', KEYS)
          : setting(written.issuer, 'auth.jwks.issuer'),
      url: written.url === null ? null : address(written.url, 'auth.jwks.url', KEYS),
      audience: ownAudience(written.audience, 'auth.jwks.audience'),
      algorithms: written.algorithms,
      refresh: written.refresh,
      maxStale: written.max_stale,
      clockTolerance: written.clock_tolerance,
      names: { username: written.username, groups: written.groups, team },
      now,
    });
  },
  mtls: ({ mtls: section }) => mtls(needed(section, 'mtls').users),
};

/** @throws ConfigError */
export function buildModes(auth: Auth, options: BuildOptions): readonly AuthMode[] {
  return auth.modes.map((name) => {
    const build = Object.hasOwn(MODES, name) ? MODES[name] : undefined;
    if (!build)
      throw new ConfigError(
        `\`auth.modes\` has \`${name}\`, which is none`,
        `there are ${Object.keys(MODES).join(', ')}`,
      );
    return build(auth, options);
  });
}
