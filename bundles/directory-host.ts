/** Policies on disk, as the compiler asks for them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeUtf8 } from '../compiler/inspect.ts';
import type { Host, HostFile } from '../compiler/index.ts';
import { filesBelow, rootOf, whereItEnds } from './walk.ts';

/**
 * Reads policies from a directory. Symbolic links are followed where they end inside it: Kubernetes mounts files so, and
 * releases are switched so.
 *
 * @throws the file system's error when the directory cannot be read
 */
export function directoryHost(directory: string): Host {
  return {
    async readPolicyFiles() {
      const root = await rootOf(directory);
      const read: HostFile[] = [];
      for await (const { name, path, kind } of filesBelow(root)) {
        // A link that leads nowhere may be a folder of policies, if its name has no ending.
        const policy = kind === 'file' ? /\.ya?ml$/i : /^(.*\/)?[^./]+$|\.ya?ml$/i;
        if (!policy.test(name)) continue;
        // A file system may tell `.YAML` from `.yaml` or not; the configuration has one name.
        const odd = !/\.ya?ml$/.test(name) || /^plan-lint\.yml$/i.test(name);
        if (kind === 'link') read.push({ path: name, text: null, unread: 'link' });
        else if (odd) read.push({ path: name, text: null, unread: 'name' });
        else read.push({ path: name, text: decodeUtf8(await readFile(path)) });
      }
      return read.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    async readFile(path) {
      const root = await rootOf(directory);
      const end = await whereItEnds(root, join(root, path));
      if (end.kind === 'file') return { path, text: decodeUtf8(await readFile(end.path)) };
      return end.kind === 'outside' ? { path, text: null, unread: 'link' } : null;
    },
  };
}
