/** Files written whole or not at all. */
import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Content for a path, with the file mode where it matters (0600 for private keys). */
export interface NewFile {
  readonly path: string;
  readonly content: Uint8Array | string;
  readonly mode?: number;
}

async function temporary({ path, content, mode = 0o644 }: NewFile): Promise<string> {
  const temp = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(temp, 'wx', mode);
  try {
    await file.writeFile(content);
    // Before the name appears: after a crash a file is there with its content or not there.
    await file.sync();
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return temp;
}

/**
 * Creates files that must not exist yet, all or none: a hard link, unlike a rename, never replaces.
 *
 * @throws Error with `code` EEXIST if one of them is there
 */
export async function createFiles(files: readonly NewFile[]): Promise<void> {
  const temps: string[] = [];
  const created: string[] = [];
  try {
    for (const file of files) temps.push(await temporary(file));
    for (const [i, { path }] of files.entries()) {
      await link(temps[i] ?? '', path);
      created.push(path);
    }
  } catch (error) {
    await Promise.all(created.map((path) => rm(path, { force: true })));
    throw error;
  } finally {
    await Promise.all(temps.map((temp) => rm(temp, { force: true })));
  }
}

/** Writes a file, replacing what is there in one step. */
export async function replaceFile(file: NewFile): Promise<void> {
  const temp = await temporary(file);
  try {
    await rename(temp, file.path);
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
}
