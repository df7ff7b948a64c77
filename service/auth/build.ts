/** The modes of authentication that a configuration asks for. */
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config/field.ts';
import type { Config } from '../config/sections.ts';
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

function setting(value: string, path: string): string {
  if (value !== '') return value;
  throw new ConfigError(`\`${path}\` is missing`, `set \`${path}\``);
}

/** An address to which tokens are sent: encrypted, or on this machine. */
function address(value: string, path: string): string {
  const written = setting(value, path);
  const url = URL.canParse(written) ? new URL(written) : null;
  const isHere = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return written;
  throw new ConfigError(
    `\`${path}\` is no https address`,
    'tokens are sent there: https://auth.example.com/verify',
  );
}

const MODES: Readonly<Record<string, (auth: Auth, options: BuildOptions) => AuthMode>> = {
  static: ({ static: section, team }, { tokens, now }) => {
    needed(section, 'static');
    return staticTokens(tokens, team, now);
  },
  verify_url: ({ verify_url: section, team }) => {
    const { url, timeout } = needed(section, 'verify_url');
    return verifyUrl({ url: address(url, 'auth.verify_url.url'), timeout, team });
  },
  introspection: ({ introspection: section, team }) => {
    const { url, client_id, client_secret_file, timeout, username } = needed(section, 'introspection');
    const file = setting(client_secret_file, 'auth.introspection.client_secret_file');
    return introspection({
      url: address(url, 'auth.introspection.url'),
      clientId: setting(client_id, 'auth.introspection.client_id'),
      clientSecret: async () => (await readFile(file, 'utf8')).trim(),
      timeout,
      username,
      team,
    });
  },
  jwks: ({ jwks: section, team }, { now }) => {
    const written = needed(section, 'jwks');
    if (written.audience.length === 0)
      throw new ConfigError(
        '`auth.jwks.audience` is missing',
        'a token for another service must not be taken here: name ours',
      );
    const unsafe = written.algorithms.find((name) => !/^(ES|RS|PS)\d{3}$|^Ed/.test(name));
    if (unsafe !== undefined)
      throw new ConfigError(`\`auth.jwks.algorithms\` has ${unsafe}`, 'take ES256, RS256, PS256 or EdDSA');
    return jwks({
      issuer: setting(written.issuer, 'auth.jwks.issuer'),
      url: written.url,
      audience: written.audience,
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
