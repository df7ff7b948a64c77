/** Whether what was fetched is still what was fetched: offline, before anything is compiled from it. */
import { join } from 'node:path';
import { sha256Hex } from '../../compiler/6-sign/index.ts';
import { UsageError } from '../failure.ts';
import { readSource } from '../files.ts';
import { filesBelow, rootOf } from '../walk.ts';
import { LOCK_FILE, readLock, type LockedPackage } from './lock.ts';

/** A file that is not as it was locked. */
export interface Departure {
  /** Below the policy directory. */
  readonly path: string;
  readonly kind: 'changed' | 'missing' | 'added';
}

async function namesBelow(directory: string): Promise<readonly string[]> {
  try {
    const names: string[] = [];
    for await (const { name } of filesBelow(await rootOf(directory))) names.push(name);
    return names;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** What differs in one package. */
export async function departuresOf(
  directory: string,
  { into, files }: Pick<LockedPackage, 'into' | 'files'>,
): Promise<readonly Departure[]> {
  const locked = new Set(files.map(({ name }) => name));
  const found: Departure[] = [];
  for (const { name, sha256 } of files) {
    const content = await readSource(join(directory, into), name);
    if (!content) found.push({ path: `${into}/${name}`, kind: 'missing' });
    else if (sha256Hex(content) !== sha256) found.push({ path: `${into}/${name}`, kind: 'changed' });
  }
  for (const name of await namesBelow(join(directory, into)))
    if (!locked.has(name)) found.push({ path: `${into}/${name}`, kind: 'added' });
  return found;
}

/**
 * Refuses policies of which a fetched file is not as it was locked: what somebody else has signed must not be edited here.
 *
 * @throws UsageError
 */
export async function requireLocked(directory: string): Promise<void> {
  const { packages } = await readLock(directory);
  for (const each of packages) {
    const [first, ...more] = await departuresOf(directory, each);
    if (!first) continue;
    const others = more.length > 0 ? `, and ${more.length} more` : '';
    throw new UsageError(
      `\`${first.path}\` is ${first.kind === 'added' ? 'not in' : `${first.kind}, against`} ${LOCK_FILE}${others}`,
      `these files are those of the bundle \`${each.bundle}\`: fetch them again with \`plan-lint vendor --force\`, and change in a child what you would change in them`,
    );
  }
}
