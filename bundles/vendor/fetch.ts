/** Policies of somebody else, out of a bundle that was pulled, into a policy directory. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { archivedBundle, readArchive } from '../archive.ts';
import { UsageError } from '../failure.ts';
import type { Pulled } from '../registry/pull.ts';
import { sha256Hex } from '../../compiler/6-sign/index.ts';
import type { LockedFile } from './lock.ts';

/** What speaks for a whole policy directory, and cannot speak for another one. */
const SETTINGS = 'plan-lint.yaml';

export interface Policies {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Files of the bundle that stay behind. */
  readonly left: readonly string[];
}

/** @throws UsageError for a bundle that does not hold its sources */
export function policiesOf({ content, bundle, head }: Pulled): Policies {
  if (content[0] !== 0x1f)
    throw new UsageError(
      `the bundle \`${head.bundle}\` is published as a module alone, without its policies`,
      'have it published as an archive: plan-lint bundle --output acme.tar.gz',
    );
  const { sources } = archivedBundle(readArchive(content));
  const { sources: signed, catalog } = bundle.statement.predicate;
  const isLeft = (name: string): boolean => name === SETTINGS || name === catalog?.name;
  const files = new Map<string, Uint8Array>();
  for (const { name, sha256 } of signed) {
    const source = sources.get(name);
    // The archive's reader has held it against the signature; here it has to be there, too.
    if (!source || sha256Hex(source) !== sha256)
      throw new UsageError(
        `the bundle \`${head.bundle}\` does not hold its policy \`${name}\``,
        'have it published again',
      );
    if (!isLeft(name)) files.set(name, source);
  }
  return { files, left: [...sources.keys()].filter(isLeft) };
}

export const lockedFiles = ({ files }: Policies): readonly LockedFile[] =>
  [...files].map(([name, content]) => ({ name, sha256: sha256Hex(content) }));

/** Puts files in the place of a directory, all of them or none. */
export async function replaceDirectory(
  directory: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const parent = dirname(directory);
  const own = `.${basename(directory)}.${randomBytes(6).toString('hex')}`;
  const [next, old] = [join(parent, `${own}.next`), join(parent, `${own}.old`)];
  try {
    for (const [name, content] of files) {
      await mkdir(dirname(join(next, name)), { recursive: true });
      await writeFile(join(next, name), content, { flush: true });
    }
    await rename(directory, old).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
    try {
      await rename(next, directory);
    } catch (error) {
      // What was there is there again, before anything is cleared away.
      await rename(old, directory).catch(() => undefined);
      throw error;
    }
  } finally {
    await rm(next, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}
