/**
 * One process writes a log. It holds `audit.log.lock`, which names it, and renews the lock's time. The lock of a process that is gone is
 * taken; one of another machine, whose processes nobody here can see, when it was not renewed for a while. Whoever held it and slept
 * finds out before it writes again.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { parseJson } from '@plan-lint/runtime/json';
import { AuditError, isSystemCode } from './errors.ts';

/** How often the lock is renewed, milliseconds. */
const RENEW = 1_000;
/** Without having renewed for this long nothing is written before the lock has been looked at. */
const LEASE = 5_000;
/** A lock of another machine counts as left after this long. */
const ABANDONED = 15_000;

interface Owner {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the kernel counts: a number is given to another process one day. */
  readonly started: string;
}

/** Field 22 of /proc/PID/stat with the boot it counts from; empty where there is no such file system. */
function startOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19] ?? ''}`;
  } catch {
    return '';
  }
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isSystemCode(error, 'ESRCH')) return false;
  }
  const now = startOf(pid);
  return started === '' || now === '' || now === started;
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    const { id, pid, host, started } = parseJson(await readFile(path, 'utf8')) as Partial<Owner>;
    if (typeof id !== 'string' || typeof pid !== 'number' || typeof host !== 'string') return null;
    return { id, pid, host, started: typeof started === 'string' ? started : '' };
  } catch {
    return null;
  }
}

/** A lock that is there: whose it is, and why it is not to be taken; `null` where it is. */
interface Standing {
  readonly id: string | null;
  readonly heldBy: string | null;
}

async function standing(path: string): Promise<Standing> {
  const owner = await readOwner(path);
  const facts = await stat(path).catch(() => null);
  const id = owner?.id ?? null;
  if (facts === null) return { id, heldBy: null };
  const isAbandoned = Math.abs(Date.now() - facts.mtimeMs) > ABANDONED;
  if (owner === null) return { id, heldBy: isAbandoned ? null : `\`${path}\` names no owner` };
  if (owner.host !== hostname())
    return { id, heldBy: isAbandoned ? null : `process ${owner.pid} of host ${owner.host} (\`${path}\`)` };
  return { id, heldBy: isAlive(owner) ? `process ${owner.pid} (\`${path}\`)` : null };
}

/** The right to write a log. */
export interface Lock {
  /** Whether it is still held. Cheap, unless this process has slept. */
  isHeld(): Promise<boolean> | true;
  release(): Promise<void>;
}

/**
 * Takes the lock of a log.
 *
 * @throws AuditError `audit_locked` with the owner's pid
 */
export async function takeLock(audited: string): Promise<Lock> {
  const path = `${audited}.lock`;
  const owner: Owner = {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
  };
  const prepared = `${path}.${owner.id}`;
  await writeFile(prepared, `${JSON.stringify(owner)}\n`, { flag: 'wx', mode: 0o600 });
  try {
    for (;;) {
      try {
        // A link never replaces: of two who take it, one does.
        await link(prepared, path);
        break;
      } catch (error) {
        if (!isSystemCode(error, 'EEXIST')) throw error;
      }
      const { id, heldBy } = await standing(path);
      if (heldBy !== null) throw new AuditError('audit_locked', heldBy);
      await takeAway(path, id);
    }
  } finally {
    await rm(prepared, { force: true });
  }

  let renewed = performance.now();
  let isLost = false;
  const look = async (): Promise<boolean> => {
    isLost = (await readOwner(path))?.id !== owner.id;
    if (isLost) return false;
    const now = Date.now() / 1000;
    await utimes(path, now, now).catch(() => undefined);
    renewed = performance.now();
    return true;
  };
  const timer = setInterval(() => void look(), RENEW);
  timer.unref();
  return {
    isHeld: () => (!isLost && performance.now() - renewed < LEASE ? true : look()),
    async release() {
      clearInterval(timer);
      if ((await readOwner(path))?.id === owner.id) await rm(path, { force: true });
    },
  };
}

/** Moves the lock that `left` has left out of the way. Another may have done so, and hold a lock by now: that one is put back. */
async function takeAway(path: string, left: string | null): Promise<void> {
  const aside = `${path}.${randomUUID()}.left`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isSystemCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved = await readOwner(aside);
  if ((moved?.id ?? null) !== left) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}
