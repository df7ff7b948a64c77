import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from './ir/source.ts';

/** The compiler's only door to the world outside: policy files. Clock and git come as arguments. */
export interface Host {
  /** Every policy file below the policy directory, by path; symbolic links are neither listed nor followed. */
  readPolicyFiles(): Promise<readonly HostFile[]>;
}

/** A file as read; `text` is `null` where the bytes are not UTF-8. */
export interface HostFile {
  readonly path: string;
  readonly text: string | null;
}

/** Name of the configuration at the root of a policy directory; not a policy. */
export const CONFIGURATION_FILE = 'plan-lint.yaml';

// A byte order mark stays in the text: encoding it again must give the file's own bytes, for its digest.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Reads policies from a directory.
 *
 * @throws the file system's error when the directory cannot be read; `ENOTDIR` also for a symbolic link.
 */
export function directoryHost(directory: string): Host {
  return {
    async readPolicyFiles() {
      const top = await lstat(directory);
      if (!top.isDirectory()) {
        throw Object.assign(new Error('not a directory'), {
          code: 'ENOTDIR',
          syscall: 'scandir',
          path: directory,
        });
      }
      const paths = await listFiles(directory, '');
      return Promise.all(
        paths.map(async (path) => ({ path, text: decodeUtf8(await readFile(join(directory, path))) })),
      );
    },
  };
}

async function listFiles(root: string, below: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.name.startsWith('.')) return [];
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : listFiles(root, path);
      return entry.isFile() && /\.ya?ml$/.test(entry.name) ? [path] : [];
    }),
  );
  return nested.flat().sort();
}

/** Policies held in memory: path to text. For tests and tools. */
export function memoryHost(files: Readonly<Record<string, string>>): Host {
  const found = Object.entries(files).map(([path, text]) => ({ path, text }));
  return { readPolicyFiles: () => Promise.resolve(found.sort((a, b) => (a.path < b.path ? -1 : 1))) };
}

export function sourceOf(file: HostFile): SourceFile {
  return { path: file.path, text: file.text ?? '' };
}
