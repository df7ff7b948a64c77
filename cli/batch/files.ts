/** The files of a batch, in the order of its reports. */
import { stat } from 'node:fs/promises';
import picomatch from 'picomatch';
import { filesBelow, rootOf } from '../../bundles/walk.ts';

export interface PlanFile {
  /** Path in reports. */
  readonly name: string;
  /** Absolute path, or `-` for the standard input. */
  readonly path: string;
  /** Why it cannot be read: it is a plan that is denied, not one that is left out. */
  readonly problem?: string;
}

export const DEFAULT_PATTERN = '**/*.{json,jsonl,ndjson}';

const LEADS_OUT = 'it is a symbolic link that leads out of the directory, or nowhere';

/**
 * Files below a directory that the pattern matches, sorted by path. Symbolic links are followed where they end inside it: a
 * repository must not make us read what lies outside.
 *
 * @param pattern - default: every .json, .jsonl and .ndjson file
 * @param passed - hears of what is there and not taken; with a pattern, of nothing, for then it was asked for
 */
export async function* planFiles(
  directory: string,
  pattern?: string,
  passed?: (name: string) => void,
): AsyncGenerator<PlanFile> {
  const matches = picomatch((pattern ?? DEFAULT_PATTERN).replace(/^\.\//, ''), { dot: false });
  const told = pattern === undefined ? passed : undefined;
  const root = await rootOf(directory);
  for await (const { name, path, kind } of filesBelow(root, told && { passed: told })) {
    if (!matches(name)) told?.(name);
    else yield kind === 'file' ? { name, path } : { name, path, problem: LEADS_OUT };
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
  for await (const { path, problem } of files) {
    any = true;
    if (problem === undefined) bytes += (await stat(path)).size;
    if (bytes >= limit) break;
  }
  return { bytes, any };
}
