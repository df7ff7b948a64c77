/** The service in this process, on a port of loopback, with policies in files and the audit log in a directory of its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { trustBytes } from '../../../compiler/6-sign/index.ts';
import type { BundlePredicate } from '../../../runtime/contract.ts';
import { readConfig } from '../../../service/config/load.ts';
import { tokenDigest } from '../../../service/auth/static.ts';
import { startService } from '../../../service/service.ts';
import type { Service } from '../../../service/service.ts';
import { DOCUMENT_POLICIES } from '../../cli/place.ts';
import { compileMemory, signed, TRUST } from '../../support/decide.ts';

export type Tree = Readonly<Record<string, unknown>>;

/** A plan that the document's policies deny, and one that they pass. */
export const DENIED = {
  id: 'p-1',
  steps: [{ id: 'a', tool: 'db.query', args: { sql: "'; DROP TABLE users" } }],
};
export const PASSED = { id: 'p-2', steps: [{ id: 'a', tool: 'db.query', args: { sql: 'SELECT 1' } }] };

/** Tokens of the tests, with who they stand for. */
export const TOKENS = {
  validator: { username: 'ada', permissions: ['validate_plan', 'read_policy'] },
  viewer: { username: 'vera', permissions: ['read_policy'] },
  admin: {
    username: 'root',
    permissions: ['create_policy', 'read_policy', 'update_policy', 'delete_policy', 'apply_policy'],
  },
  runner: { username: 'rob', permissions: ['validate_plan', 'run_session'] },
  approver: { username: 'eve', permissions: ['approve_plan'] },
} as const;
export type TokenName = keyof typeof TOKENS;

export const tokensOf = (people: Readonly<Record<string, object>>): Map<string, Tree> =>
  new Map(Object.entries(people).map(([token, claims]) => [tokenDigest(token), { ...claims }]));

export interface Asking {
  readonly as?: string | null;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Running {
  readonly service: Service;
  readonly directory: string;
  readonly url: string;
  path(name: string): string;
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
  /** Asks; a body that is no text goes as JSON. */
  ask(path: string, asking?: Asking): Promise<Response>;
  /** The lines of the audit log. */
  audit(): readonly Tree[];
  close(): Promise<void>;
}

/** A directory with files. */
export function directoryOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'plan-lint-service-'));
  writeAll(directory, files);
  return directory;
}

export function writeAll(directory: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
}

/** Files of a signed bundle, as `plan-lint bundle` writes them, and the trust root beside. */
export async function bundleFiles(
  name: string,
  policies: Readonly<Record<string, string>>,
  facts: Partial<BundlePredicate> = {},
): Promise<Readonly<Record<string, Uint8Array>>> {
  const { module, sidecars } = await signed(await compileMemory(policies), facts);
  return {
    [name]: module,
    [`${name}.sigstore.json`]: sidecars[0] ?? new Uint8Array(),
    'trust.json': trustBytes(TRUST),
  };
}

/** What every test sets: nothing of the machine decides, and a busy one turns nobody away. */
const QUIET = {
  listen: '127.0.0.1:0',
  environment: 'test',
  auth: { modes: ['static'], static: {}, trust_permissions: true, trust_context: true },
  limits: { loop_delay: '60s' },
  health: { memory_percent: null, cpu_percent: null, disk_percent: null },
  drain: { delay: 0, grace: '1s' },
  // What was counted a moment ago is seen.
  metrics: { share: 0 },
} as const;

export interface RunningOptions {
  /** Settings, over those that every test has; `auth` and `limits` member by member. */
  readonly config?: Tree;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Below the directory; default: `policies`. */
  readonly policies?: string;
  readonly people?: Readonly<Record<string, object>>;
  readonly now?: () => number;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function running(options: RunningOptions = {}): Promise<Running> {
  const { config = {}, files = DOCUMENT_POLICIES, policies = 'policies', people = TOKENS, now } = options;
  const directory = directoryOf(files);
  const at = (name: string): string => join(directory, name);
  const over = (name: string): object => config[name] ?? {};
  const tree = {
    ...QUIET,
    ...config,
    audit: { path: at('log/audit.log'), gzip: false, ...over('audit') },
    auth: { ...QUIET.auth, ...over('auth') },
    limits: { ...QUIET.limits, ...over('limits') },
    policies: { path: at(policies), ...over('policies') },
  };
  const service = await startService({
    config: readConfig(tree),
    log: pino({ level: 'silent' }),
    tokens: tokensOf(people),
    ...(now && { now }),
  });
  return {
    service,
    directory,
    url: service.url,
    path: at,
    write: (more) => writeAll(directory, more),
    ask: (path, { as = 'validator', method, body, headers = {} } = {}) =>
      fetch(service.url + path, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(as !== null && { authorization: `Bearer ${as}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && {
          body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
        }),
      }),
    audit: () =>
      readFileSync(at('log/audit.log'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Tree),
    async close() {
      await service.close(1_000);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
