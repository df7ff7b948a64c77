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

/** Size of a file in bytes. @throws the file system's error */
export async function sizeOf({ path }: PlanFile): Promise<number> {
  return (await stat(path)).size;
}
