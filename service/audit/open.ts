/** Opens a log: takes its lock, finds its end, cuts a torn line, and says so in the log. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeCheckpoint, readLastCheckpoint } from './checkpoint.ts';
import { reasonOf } from '../failure.ts';
import { AuditError } from './errors.ts';
import type { AuditLog } from './event.ts';
import { FileTarget } from './file-target.ts';
import { takeLock } from './lock.ts';
import { settingsOf, type AuditOptions, type Settings } from './options.ts';
import { findEnd, type Found } from './recover.ts';
import { Retention } from './retention.ts';
import { openStdout } from './stdout-log.ts';
import { Writer } from './writer.ts';

/** A log in files, as the service holds it: what readers need beside writing. */
export type FileLog = Writer & { readonly path: string };

/** What is told of a log that is opened. */
function openingFacts({ log }: Settings, { head, torn }: Found, checkpoint: number | null) {
  return {
    log,
    pid: process.pid,
    ...(torn && { torn_bytes: torn.bytes, torn_sha256: torn.sha256 }),
    // A log that is shorter than was signed has lost its end.
    ...(checkpoint !== null &&
      checkpoint > head.seq && { missing_since: head.seq + 1, signed_up_to: checkpoint }),
  };
}

async function openFiles(settings: Settings): Promise<Writer> {
  const { path } = settings;
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  const lock = await takeLock(path);
  try {
    const found = await findEnd(path);
    const target = await FileTarget.open(path, found);
    const retention = new Retention(settings);
    const writer = new Writer(settings, target, lock, found, retention);
    await writer.own('audit_opened', openingFacts(settings, found, await readLastCheckpoint(path)));
    await retention.start((action, detail) => writer.own(action, detail));
    keepWatch(writer, settings);
    return writer;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** What is done every so often: checkpoints, a look at the file, old segments. */
function keepWatch(writer: Writer, { path, log, checkpoint, now }: Settings): void {
  let signed = -1;
  const look = setInterval(() => void writer.look().catch(() => undefined), 1_000);
  const sweep = setInterval(() => void writer.retention.sweep(), 60_000);
  const timers = [look, sweep];
  if (checkpoint) {
    const { sign, everyMs } = checkpoint;
    const note = async (): Promise<void> => {
      const head = await writer.sync();
      if (head.seq === signed || head.seq === 0) return;
      await writeCheckpoint({ path, log, sign }, head, now());
      signed = head.seq;
    };
    const tick = (): Promise<void> =>
      note().catch((error: unknown) => writer.noteProblem(`no checkpoint: ${reasonOf(error)}`));
    timers.push(setInterval(() => void tick(), everyMs));
    writer.atClose(tick);
  }
  for (const timer of timers) timer.unref();
  writer.atClose(() => {
    for (const timer of timers) clearInterval(timer);
    return Promise.resolve();
  });
}

/**
 * Opens the audit log for writing.
 *
 * @throws AuditError `audit_locked`, `audit_damaged`, `audit_unavailable`
 * @example
 * const log = await openAudit({ path: '/var/log/plan-lint/audit.log' });
 * await log.append({ action: 'validate_plan', plan_id: 'p1', policy_id: 'finance', user: 'agent', result });
 */
export async function openAudit(options: AuditOptions): Promise<AuditLog> {
  const settings = settingsOf(options);
  if (settings.path === '-') return openStdout(settings);
  return openAuditFiles(options);
}

/** The same for a log in files, with what its readers need. @throws as `openAudit` */
export async function openAuditFiles(options: AuditOptions): Promise<Writer> {
  try {
    return await openFiles(settingsOf(options));
  } catch (error) {
    if (error instanceof AuditError || error instanceof SyntaxError) throw error;
    throw new AuditError('audit_unavailable', `${reasonOf(error)} at \`${options.path}\``);
  }
}
