/** `plan-lint serve`: from flags to a service that runs until it is told to end. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { pino } from 'pino';
import { freezeIntrinsics } from '@plan-lint/runtime/node';
import { AuditError } from './audit/index.ts';
import { tokenDigest } from './auth/static.ts';
import type { StaticTokens } from './auth/static.ts';
import { ServiceError } from './failure.ts';
import { CONFIG_VARIABLE, loadConfig } from './config/load.ts';
import type { Loaded } from './config/load.ts';
import { printConfig } from './config/print.ts';
import { configSchema } from './config/schema.ts';
import { PERMISSIONS } from './rbac/permissions.ts';
import { startService } from './service.ts';
import type { Service } from './service.ts';

/** The flags of the verb. */
export interface ServeOptions {
  readonly dev?: boolean;
  readonly config?: string;
  readonly policyDir?: string;
  readonly bundle?: string;
  readonly trust?: string;
  readonly listen?: string;
  readonly audit?: string;
  readonly printConfig?: boolean;
  readonly printSchema?: boolean;
}

/** What the command line gives: nothing is read from the process. */
export interface ServeIo {
  stdout(text: string): void;
  stderr(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted when the process is told to end. */
  readonly signal?: AbortSignal;
}

/** Exit codes: it ran and ended in order, or it could not start. */
const EXIT = { ok: 0, usage: 2 } as const;

/** What `--dev` says where nobody says otherwise. */
const DEV: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['listen', '127.0.0.1:8000'],
  ['audit.path', '-'],
  ['environment', 'development'],
  ['auth.modes', ['static']],
  ['auth.static', { file: '' }],
  ['auth.trust_permissions', true],
  ['auth.trust_context', true],
  ['health', { memory_percent: null, cpu_percent: null, disk_percent: null }],
  ['drain.delay', 0],
  ['log.level', 'warn'],
]);

/**
 * Runs the service until `io.signal` is aborted.
 *
 * @returns the exit code
 */
export async function serve(options: ServeOptions, io: ServeIo): Promise<number> {
  try {
    if (options.printSchema) {
      io.stdout(`${JSON.stringify(configSchema(), null, 2)}\n`);
      return EXIT.ok;
    }
    const loaded = await configOf(options, io);
    if (options.printConfig) {
      io.stdout(printConfig(loaded));
      return EXIT.ok;
    }
    return await run(options, loaded, io);
  } catch (error) {
    if (error instanceof ServiceError || error instanceof AuditError) {
      io.stderr(`error: ${error.message}\n  hint: ${error.hint}\n`);
      return EXIT.usage;
    }
    if (isSystemError(error)) {
      io.stderr(
        `error: cannot ${error.syscall ?? 'start'}: ${error.code ?? error.message}\n  hint: ${hintFor(error)}\n`,
      );
      return EXIT.usage;
    }
    throw error;
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

const hintFor = ({ code }: NodeJS.ErrnoException): string =>
  code === 'EADDRINUSE'
    ? 'another process listens there: --listen 127.0.0.1:8001'
    : 'check the path and its permissions';

/** Flag → setting. Paths are taken from the working directory. */
function flagsOf({ policyDir, bundle, trust, listen, audit }: ServeOptions, cwd: string) {
  const flags = new Map<string, { readonly flag: string; readonly value: unknown }>();
  const put = (path: string, flag: string, value: unknown): void => {
    if (value !== undefined) flags.set(path, { flag, value });
  };
  const absolute = (path: string | undefined): string | undefined =>
    path === undefined || /^https?:/.test(path) ? path : resolve(cwd, path);
  put('policies.path', '--policy-dir', absolute(policyDir));
  put('policies.path', '--bundle', absolute(bundle));
  put('policies.trust', '--trust', absolute(trust));
  put('listen', '--listen', listen);
  put('audit.path', '--audit', audit === '-' ? audit : absolute(audit));
  return flags;
}

function configOf(options: ServeOptions, { env, cwd }: ServeIo): Promise<Loaded> {
  const written = options.config ?? env[CONFIG_VARIABLE];
  return loadConfig({
    file: written === undefined || written === '' ? undefined : resolve(cwd, written),
    env,
    flags: flagsOf(options, cwd),
    ...(options.dev === true && { presets: { by: 'flag --dev', values: DEV } }),
  });
}

/** A token of this run alone, for `--dev`. */
function devToken(): { readonly token: string; readonly tokens: StaticTokens } {
  const token = randomBytes(24).toString('base64url');
  const claims = { username: 'developer', permissions: PERMISSIONS };
  return { token, tokens: new Map([[tokenDigest(token), claims]]) };
}

async function run(options: ServeOptions, { config }: Loaded, io: ServeIo): Promise<number> {
  const dev = options.dev === true ? devToken() : null;
  const log = pino({ level: config.log.level, name: 'plan-lint' }, pino.destination({ dest: 2, sync: true }));
  // Before any bundle runs: nothing that one of them does reaches another.
  freezeIntrinsics();
  const service = await startService({
    config,
    log,
    ...(dev && { tokens: dev.tokens }),
    tell: io.stderr.bind(io),
  });
  io.stderr(greeting(service, dev?.token ?? null));
  const hangUp = (): void =>
    void takeUp(service, options, io).catch((error: unknown) => log.error({ err: error }, 'SIGHUP'));
  process.on('SIGHUP', hangUp);
  try {
    await aborted(io.signal);
    const { delay, grace } = service.deps.config.drain;
    service.drain();
    log.info(`shutting down: not ready from now on, listening for another ${delay} ms`);
    await new Promise((done) => setTimeout(done, delay));
    await service.close(grace);
  } finally {
    process.off('SIGHUP', hangUp);
  }
  return EXIT.ok;
}

/** SIGHUP: files anew, and the configuration as far as it needs no restart. */
async function takeUp(service: Service, options: ServeOptions, io: ServeIo): Promise<void> {
  const { log } = service.deps;
  await service.reopen();
  try {
    const changed = await service.reload((await configOf(options, io)).config);
    log.info({ changed }, 'the configuration was read again; other settings need a restart');
  } catch (error) {
    log.error({ err: error }, 'the configuration is not taken, what was in force stays');
  }
}

const aborted = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((done) => {
    if (signal?.aborted) done();
    // Something has to keep the process until then; the server does.
    signal?.addEventListener('abort', () => done(), { once: true });
  });

function greeting({ url, deps }: Service, token: string | null): string {
  const { standard } = deps.registry;
  const lines = [`plan-lint listens on ${url}`];
  const problem = deps.health.problem();
  if (problem !== null) lines.push(`not ready: ${problem}`);
  else if (standard) {
    const { name, digest } = standard.bundle.identity;
    lines.push(
      `policies: ${name}, ${standard.ruleCount(null)} rules, sha256 ${digest.slice(0, 12)}${standard.candidate.isSigned ? '' : ', not signed'}`,
    );
  }
  if (token !== null)
    lines.push(
      '',
      `Authorization: Bearer ${token}`,
      '',
      `  curl ${url}/validate -H 'Authorization: Bearer ${token}' \\`,
      `    -H 'Content-Type: application/json' -d '{"steps": [{"id": "a", "tool": "db.query", "args": {"sql": "1=1"}}]}'`,
    );
  return `${lines.join('\n')}\n`;
}
