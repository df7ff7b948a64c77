/** What reads the audit log: the SIEM, the results and the webhook of approvals, as the configuration says. None of them holds up a decision. */
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { webhookSink } from './approvals/webhook.ts';
import { isSafeAddress } from './auth/address.ts';
import type { AuditLog } from './audit/index.ts';
import { Writer } from './audit/writer.ts';
import type { Config } from './config/sections.ts';
import { ServiceError } from './failure.ts';
import { databaseAt } from './database/configured.ts';
import type { Database } from './database/database.ts';
import { resultsSink } from './results/sink.ts';
import { fileCursor } from './sinks/cursor.ts';
import type { CursorStore } from './sinks/cursor.ts';
import { runSink, type RunningSink, type Sink, type SinkStatus } from './sinks/run.ts';
import { siemSink } from './sinks/siem.ts';

export interface Readers {
  readonly statuses: () => readonly SinkStatus[];
  /** Where decisions can be looked up; `null` where no database is configured. */
  readonly results: Database | null;
  readonly close: () => Promise<void>;
}

export const NO_READERS: Readers = { statuses: () => [], results: null, close: () => Promise.resolve() };

type Section<Name extends keyof Config> = NonNullable<Config[Name]>;

/** Beside the log, where nothing else is ours. */
const cursorOf = (name: string, { audit, state_dir: stateDir }: Config): CursorStore =>
  fileCursor(join(stateDir ?? dirname(audit.path), `${name}.cursor.json`));

type Webhook = NonNullable<Section<'approvals'>['webhook']>;

function webhookOf(webhook: Webhook, config: Config, tell: (message: string) => void): Sink {
  if (!isSafeAddress(webhook.url))
    throw new ServiceError(
      '`approvals.webhook.url` is neither https nor on this machine',
      'what is sent there says who asks for what: url: https://chat.example.com/hook',
    );
  if (webhook.secret_file === '')
    throw new ServiceError(
      '`approvals.webhook.secret_file` is not set',
      'without a signature nobody can tell who sends: openssl rand -base64 32 > webhook.secret',
    );
  return webhookSink({
    url: webhook.url,
    secretFile: webhook.secret_file,
    timeout: webhook.timeout,
    cursor: cursorOf('webhook', config),
    onRefused: (id, status) => tell(`the webhook refuses ${id} with ${status}: it is not sent again`),
  });
}

function siemOf(siem: Section<'siem'>, config: Config): Sink {
  if (siem.host === '')
    throw new ServiceError('`siem.host` is not set', 'name the collector: siem.host: siem.example.com');
  return siemSink({
    host: siem.host,
    port: siem.port,
    transport: siem.transport,
    format: siem.format,
    severity: siem.severity,
    ...(siem.ca_file !== null && { caFile: siem.ca_file }),
    ...(siem.cert_file !== null && { certFile: siem.cert_file }),
    ...(siem.key_file !== null && { keyFile: siem.key_file }),
    origin: { host: hostname(), process: String(process.pid) },
    cursor: cursorOf('siem', config),
  });
}

/**
 * Starts the readers.
 *
 * @throws ServiceError where one is configured and cannot be: a log on standard output has no readers here
 */
export async function startReaders(
  audit: AuditLog,
  config: Config,
  tell: (message: string) => void,
): Promise<Readers> {
  const { siem, results } = config;
  const webhook = config.approvals?.webhook ?? null;
  if (siem === null && results === null && webhook === null) return NO_READERS;
  if (!(audit instanceof Writer))
    throw new ServiceError(
      '`siem`, `results` and `approvals.webhook` read the audit log, and it goes to standard output',
      'set `audit.path` to a file',
    );
  const database = results === null ? null : await databaseAt(results.url, results.url_file);
  const sinks: readonly Sink[] = [
    ...(siem === null ? [] : [siemOf(siem, config)]),
    ...(webhook === null ? [] : [webhookOf(webhook, config, tell)]),
    ...(results && database
      ? [resultsSink({ database, log: config.audit.log ?? hostname(), keep: results.keep })]
      : []),
  ];
  const running: readonly RunningSink[] = sinks.map((sink) => runSink(sink, audit, config.audit.path));
  return {
    statuses: () => running.map((sink) => sink.status()),
    results: database,
    close: async () => {
      await Promise.all(running.map((sink) => sink.close()));
    },
  };
}
