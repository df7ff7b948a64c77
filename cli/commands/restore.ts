/** `plan-lint restore`: what a backup would change, and, when told to, changing it. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseTrustRoot } from '@plan-lint/runtime';
import { roomOf, unpackBackup, type Backup, type Room } from '../../bundles/backup/layout.ts';
import {
  bundlesIn,
  changesOf,
  claimedIn,
  rollbacks,
  type Change,
  type FoundBundle,
} from '../../bundles/backup/restore.ts';
import type { Entries } from '../../bundles/archive.ts';
import { readCapped } from '../../bundles/capped.ts';
import { UsageError } from '../../bundles/failure.ts';
import { filesBelow, rootOf } from '../../bundles/walk.ts';
import { replaceFile } from '../files.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { shown } from '../text/shown.ts';

export interface RestoreOptions {
  readonly file: string;
  readonly policyDir: string;
  readonly stateDir?: string;
  /** The trust root as it is now: that in the backup may be an old one. */
  readonly trust?: string;
  /** Policies that nobody has signed. */
  readonly unsigned?: boolean;
  readonly acceptRollback?: boolean;
  /** Do it; without, only say what it would do. */
  readonly apply?: boolean;
  readonly format?: 'text' | 'json';
}

interface Step {
  readonly room: Room;
  readonly directory: string;
  readonly files: Entries;
  readonly changes: ReadonlyMap<string, Change>;
}

async function stepOf(backup: Backup, room: Room, directory: string): Promise<Step> {
  const files = roomOf(backup, room);
  return { room, directory, files, changes: await changesOf(files, directory) };
}

/** What stands in a directory now. */
async function standing(directory: string): Promise<Entries> {
  const files = new Map<string, Uint8Array>();
  try {
    for await (const { name, path } of filesBelow(await rootOf(directory)))
      files.set(name, await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return files;
}

/** @throws UsageError where a bundle would be an older one, or nobody says whose signature counts */
async function requireForward(options: RestoreOptions, step: Step, io: Io): Promise<readonly FoundBundle[]> {
  const { trust, unsigned = false, acceptRollback = false } = options;
  if (trust === undefined) {
    if (unsigned) return [];
    throw new UsageError(
      'whose signature counts?',
      'name the trust root as it is now: --trust trust.json; --unsigned restores policies that nobody has signed',
    );
  }
  const root = parseTrustRoot(await readFile(resolve(io.cwd, trust)));
  const restored = await bundlesIn(step.files, root, io.now());
  if (restored.length === 0)
    throw new UsageError(
      'the backup holds no bundle that the trust root could speak for',
      '--unsigned restores policies that nobody has signed',
    );
  const [first] = rollbacks(restored, claimedIn(await standing(step.directory)));
  if (first && !acceptRollback)
    throw new UsageError(
      `the bundle \`${first.name}\` would go back from sequence ${first.from} to ${first.to}`,
      'a restore may be a rollback: --accept-rollback, and the state goes back with it',
    );
  return restored;
}

async function write({ directory, files, changes }: Step): Promise<void> {
  for (const [name, content] of files) {
    if (changes.get(name) === 'same') continue;
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await replaceFile({ path, content });
  }
}

export function restore(options: RestoreOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const at = (path: string): string => resolve(io.cwd, path);
    const backup = unpackBackup(await readCapped(at(options.file), 'module_too_large'));
    const { stateDir, apply = false, acceptRollback = false } = options;
    const policies = await stepOf(backup, 'policies', at(options.policyDir));
    const bundles = await requireForward(options, policies, io);
    // A loader's memory never goes back by itself: a bundle that went back would be refused, and rightly.
    if (stateDir !== undefined && !acceptRollback && (await standing(at(stateDir))).size > 0)
      throw new UsageError(
        `\`${stateDir}\` remembers what was loaded since`,
        'leave --state-dir out; with --accept-rollback it goes back, too',
      );
    const steps = [
      policies,
      ...(stateDir === undefined ? [] : [await stepOf(backup, 'state', at(stateDir))]),
    ];
    if (apply) for (const step of steps) await write(step);
    const done = steps.flatMap(({ room, changes }) =>
      [...changes].map(([name, change]) => ({ path: `${room}/${name}`, change })),
    );
    const { created } = backup.manifest;
    io.stdout(
      options.format === 'json'
        ? `${JSON.stringify({ created, applied: apply, bundles, files: done }, null, 2)}\n`
        : shown`backup       of ${created}\n` +
            bundles
              .map(({ name, sequence }) => shown`verified     ${name}, sequence ${sequence}\n`)
              .join('') +
            done.map(({ path, change }) => shown`${change.padEnd(12)} ${path}\n`).join('') +
            (apply ? 'restored\n' : 'nothing was written: --apply does it\n'),
    );
    return EXIT.ok;
  });
}
