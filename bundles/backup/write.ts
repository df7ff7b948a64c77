/** A backup on disk: written beside, read back, and only then is an old one let go. */
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { takeTurn } from '@plan-lint/runtime/tools';
import { UsageError } from '../failure.ts';
import { packBackup, unpackBackup } from './layout.ts';
import type { Collected } from './collect.ts';

/** `date +%Y%m%d-%H%M%S`, UTC. */
export const stampOf = (now: number): string =>
  new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);

const NAME = /^policy-backup-\d{8}-\d{6}\.tar\.gz$/;
export const LATEST = 'latest-backup.json';

export interface WriteInput {
  readonly directory: string;
  readonly collected: Collected;
  /** How many stay. */
  readonly keep: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Written {
  readonly path: string;
  readonly size: number;
  readonly removed: readonly string[];
}

/** Whether a file is a backup that can be read. */
async function isGood(path: string): Promise<boolean> {
  try {
    unpackBackup(await readFile(path));
    return true;
  } catch {
    return false;
  }
}

/**
 * Lets the oldest go. What cannot be read does not count: ten broken ones are no backup, and the last good one stays whatever
 * has come after it.
 */
async function rotate(directory: string, keep: number): Promise<readonly string[]> {
  const names = (await readdir(directory))
    .filter((name) => NAME.test(name))
    .sort()
    .reverse();
  const removed: string[] = [];
  let good = 0;
  for (const name of names) {
    if (good < keep) {
      if (await isGood(join(directory, name))) good += 1;
      continue;
    }
    await rm(join(directory, name));
    removed.push(name);
  }
  return removed;
}

/** @throws the file system's error; what was there before stays */
async function place(path: string, content: Uint8Array): Promise<void> {
  const draft = `${path}.tmp`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    // Off the disk, as whoever restores it will read it.
    unpackBackup(await readFile(draft));
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * Writes a backup, and says in `latest-backup.json` which it is. One at a time: a second one waits.
 *
 * @throws UsageError where there is one of this second
 */
export async function writeBackup({ directory, collected, keep, now }: WriteInput): Promise<Written> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const timestamp = stampOf(now);
  const path = join(directory, `policy-backup-${timestamp}.tar.gz`);
  const turn = await takeTurn(join(directory, LATEST));
  try {
    if (
      await stat(path).then(
        () => true,
        () => false,
      )
    )
      throw new UsageError(`\`${path}\` is there already`, 'one a second is enough');
    const content = packBackup(collected.files, new Date(now).toISOString());
    await place(path, content);
    const size = content.length;
    const metadata = { timestamp, file: path, size };
    if (!(await turn.commit(`${JSON.stringify(metadata)}\n`)))
      throw new UsageError('another backup is being written', 'wait for it');
    return { path, size, removed: await rotate(directory, keep) };
  } finally {
    await turn.end();
  }
}
