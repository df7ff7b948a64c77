/** The files of a batch, in the order of its reports. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';

export interface PlanFile {
  /** Path in reports. */
  readonly name: string;
  /** Absolute path, or `-` for the standard input. */
  readonly path: string;
}

export const DEFAULT_PATTERN = '**/*.{json,jsonl,ndjson}';

/**
 * Files below a directory that the pattern matches, sorted by path; only one directory's names are held at a
 * time. Symbolic links are not followed: a repository must not make us read what lies outside.
 */
export async function* planFiles(directory: string, pattern = DEFAULT_PATTERN): AsyncGenerator<PlanFile> {
  const matches = picomatch(pattern.replace(/^\.\//, ''), { dot: false });
  yield* walk(directory, '', matches);
}

async function* walk(
  root: string,
  below: string,
  matches: (path: string) => boolean,
): AsyncGenerator<PlanFile> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const named = entries
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .map((entry) => ({ entry, key: entry.isDirectory() ? `${entry.name}/` : entry.name }))
    // With its slash a directory sorts as the paths below it do.
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { entry } of named) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, name, matches);
    else if (entry.isFile() && matches(name)) yield { name, path: join(root, name) };
  }
}

/** Below this much text, starting threads costs more than they save. */
export const ALONE_BYTES = 4 * 1024 * 1024;

/**
 * Bytes of all files, as far as they matter: the sum stops where it reaches the limit.
 *
 * @throws the file system's error
 */
export async function sizeUpTo(
  files: AsyncIterable<PlanFile>,
  limit: number,
): Promise<{ readonly bytes: number; readonly any: boolean }> {
  let bytes = 0;
  let any = false;
  for await (const { path } of files) {
    any = true;
    bytes += (await stat(path)).size;
    if (bytes >= limit) break;
  }
  return { bytes, any };
}
