/** Policies on disk, as the compiler asks for them. */
import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeUtf8 } from '../compiler/inspect.ts';
import type { Host, HostFile } from '../compiler/index.ts';

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
        paths.map(async ({ path, unread }): Promise<HostFile> => {
          if (unread) return { path, text: null, unread };
          return { path, text: decodeUtf8(await readFile(join(directory, path))) };
        }),
      );
    },
    async readFile(path) {
      const parts = path.split('/');
      // Every folder on the way must be one, and the file a file: a link could lead outside, or elsewhere tomorrow.
      for (let depth = 1; depth <= parts.length; depth += 1) {
        const found = await lstat(join(directory, ...parts.slice(0, depth))).catch(() => null);
        if (!found) return null;
        if (found.isSymbolicLink()) return { path, text: null, unread: 'link' };
        if (depth < parts.length ? !found.isDirectory() : !found.isFile()) return null;
      }
      return { path, text: decodeUtf8(await readFile(join(directory, path))) };
    },
  };
}

type Listed = Pick<HostFile, 'path' | 'unread'>;

async function listFiles(root: string, below: string): Promise<readonly Listed[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async (entry): Promise<readonly Listed[]> => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.name.startsWith('.')) return [];
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : listFiles(root, path);
      // A link without an ending may be a folder of policies.
      if (entry.isSymbolicLink() && /^[^.]+$|\.ya?ml$/i.test(entry.name)) return [{ path, unread: 'link' }];
      if (!/\.ya?ml$/i.test(entry.name)) return [];
      // A file system may tell `.YAML` from `.yaml` or not; the configuration has one name.
      const odd = !/\.ya?ml$/.test(entry.name) || /^plan-lint\.yml$/i.test(path);
      return entry.isFile() ? [odd ? { path, unread: 'name' } : { path }] : [];
    }),
  );
  return nested.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
}
