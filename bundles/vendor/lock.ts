/** The lock of a policy directory: which files of it came out of which bundle of somebody else, byte for byte. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { isChannelName } from '@plan-lint/runtime/tools';
import { UsageError } from '../failure.ts';
import { isPlainPath } from '../plain-path.ts';

/** In the policy directory. */
export const LOCK_FILE = 'plan-lint.lock.json';
const FORMAT = 'plan-lint-lock/1';

export interface LockedFile {
  /** Below `into`. */
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** One bundle that was fetched, and where its policies lie. */
export interface LockedPackage {
  /** Directory below the policy directory. */
  readonly into: string;
  readonly registry: string;
  readonly channel: string;
  /** Of the head of the channel. */
  readonly sequence: number;
  readonly bundle: string;
  readonly version: string;
  /** Of the bundle's module, sha256. */
  readonly digest: string;
  readonly files: readonly LockedFile[];
}

export interface Lock {
  readonly format: typeof FORMAT;
  readonly packages: readonly LockedPackage[];
}

const refuse = (why: string): never => {
  throw new UsageError(
    `${LOCK_FILE} is not as plan-lint writes it: ${why}`,
    'take it from version control again; `plan-lint vendor` writes it',
  );
};

type Members = Readonly<Record<string, unknown>>;

function members(value: unknown, what: string, names: readonly string[]): Members {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.keys(value).sort().join() !== [...names].sort().join())
    return refuse(`${what} has the members ${names.join(', ')}`);
  return value as Members;
}

const text = (value: unknown, what: string): string =>
  typeof value === 'string' ? value : refuse(`${what} is a text`);

const digest = (value: unknown): string => {
  const written = text(value, 'a digest');
  return /^[0-9a-f]{64}$/.test(written) ? written : refuse('a digest is 64 hex digits');
};

/** A path that stays where it is taken from. */
const plain = (value: unknown, what: string): string => {
  const path = text(value, what);
  return isPlainPath(path) ? path : refuse(`${what} is a path below the policy directory`);
};

function list<T>(value: unknown, what: string, read: (each: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) return refuse(`${what} is a list`);
  const items: readonly unknown[] = value;
  return items.map(read);
}

function readPackage(value: unknown): LockedPackage {
  const names = ['into', 'registry', 'channel', 'sequence', 'bundle', 'version', 'digest', 'files'];
  const given = members(value, 'a package', names);
  const channel = text(given['channel'], 'channel');
  if (!isChannelName(channel)) refuse('a channel has a name');
  const sequence = given['sequence'];
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0)
    return refuse('a sequence is a whole number');
  return {
    into: plain(given['into'], 'into'),
    registry: text(given['registry'], 'registry'),
    channel,
    sequence,
    bundle: text(given['bundle'], 'bundle'),
    version: text(given['version'], 'version'),
    digest: digest(given['digest']),
    files: list(given['files'], 'files', (each) => {
      const file = members(each, 'a file', ['name', 'sha256']);
      return { name: plain(file['name'], 'name'), sha256: digest(file['sha256']) };
    }),
  };
}

/** @throws UsageError where it cannot be read; a policy directory without one has an empty one */
export async function readLock(directory: string): Promise<Lock> {
  let written: string;
  try {
    written = await readFile(join(directory, LOCK_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { format: FORMAT, packages: [] };
    throw error;
  }
  try {
    const given = members(parseJson(written), 'the lock', ['format', 'packages']);
    if (given['format'] !== FORMAT) refuse(`its format is ${FORMAT}`);
    return { format: FORMAT, packages: list(given['packages'], 'packages', readPackage) };
  } catch (error) {
    if (error instanceof JsonError) return refuse(error.message);
    throw error;
  }
}

/** The lock with one package in the place of what was there. */
export const withPackage = ({ packages }: Lock, next: LockedPackage): Lock => ({
  format: FORMAT,
  packages: [...packages.filter(({ into }) => into !== next.into), next].sort((a, b) =>
    a.into < b.into ? -1 : 1,
  ),
});

export const lockText = (lock: Lock): string => `${JSON.stringify(lock, null, 2)}\n`;
