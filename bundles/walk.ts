/** Files below a directory, through symbolic links that end inside it. */
import { readdir, realpath, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join, sep } from 'node:path';

/** A file that was found, or a link that leads nowhere inside the directory. */
export interface FoundFile {
  /** Path below the directory, `/`-separated, as it was reached. */
  readonly name: string;
  /** Absolute path, links resolved; of a link that leads nowhere, its own. */
  readonly path: string;
  readonly kind: 'file' | 'link';
}

export interface WalkOptions {
  /** Whether to look into a directory, by its name; default: none that begin with a dot, and not `node_modules`. */
  readonly enter?: (name: string) => boolean;
  /** Whether to tell of a file, by its name; default: none that begin with a dot. */
  readonly take?: (name: string) => boolean;
  /** Hears of what is left out for its name: files, and directories with a slash at their end. */
  readonly passed?: (name: string) => void;
}

/** The directory itself, which may be a link: whoever names it means what it leads to. @throws the file system's error */
export async function rootOf(directory: string): Promise<string> {
  const root = await realpath(directory);
  if ((await stat(root)).isDirectory()) return root;
  throw Object.assign(new Error('not a directory'), {
    code: 'ENOTDIR',
    syscall: 'scandir',
    path: directory,
  });
}

type End =
  { readonly kind: 'file' | 'directory'; readonly path: string } | { readonly kind: 'outside' | 'nothing' };

/** Where a path below a directory leads, links followed; `root` is a real path. */
export async function whereItEnds(root: string, path: string): Promise<End> {
  try {
    const end = await realpath(path);
    if (end !== root && !end.startsWith(root.endsWith(sep) ? root : root + sep)) return { kind: 'outside' };
    const found = await stat(end);
    if (found.isFile()) return { kind: 'file', path: end };
    return found.isDirectory() ? { kind: 'directory', path: end } : { kind: 'nothing' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return { kind: 'nothing' };
    throw error;
  }
}

const usualDirectory = (name: string): boolean => !name.startsWith('.') && name !== 'node_modules';
const usualFile = (name: string): boolean => !name.startsWith('.');

/**
 * Files below a directory, sorted by path; the names of one directory are held at a time. A file that is reached by a link
 * and by its own name is told of once, by its own name.
 *
 * @param root - a real path, as of `rootOf`
 * @throws the file system's error
 */
export async function* filesBelow(root: string, options: WalkOptions = {}): AsyncGenerator<FoundFile> {
  const { enter = usualDirectory, take = usualFile, passed } = options;
  const visible = (path: string): boolean => {
    const parts = path.slice(root.length + 1).split(sep);
    return parts.slice(0, -1).every(enter) && take(parts.at(-1) ?? '');
  };
  const linked = new Set<string>();
  yield* walk('', root, [root]);

  async function* walk(below: string, at: string, within: readonly string[]): AsyncGenerator<FoundFile> {
    const entries = await Promise.all(
      (await readdir(at, { withFileTypes: true })).map((entry) => lookAt(at, entry)),
    );
    for (const { name: own, end, isLink } of entries.sort((a, b) => (a.key < b.key ? -1 : 1))) {
      const name = below === '' ? own : `${below}/${own}`;
      if (end.kind === 'directory') {
        // A link that leads back to where it came from has no end.
        const again = within.includes(end.path) || (isLink && visible(join(end.path, 'x')));
        if (!enter(own)) passed?.(`${name}/`);
        else if (!again) yield* walk(name, end.path, [...within, end.path]);
      } else if (!take(own)) passed?.(name);
      else if (end.kind === 'file') {
        const through = isLink || end.path !== join(root, ...name.split('/'));
        if (through && (visible(end.path) || linked.has(end.path))) continue;
        if (through) linked.add(end.path);
        yield { name, path: end.path, kind: 'file' };
      } else if (isLink) yield { name, path: join(at, own), kind: 'link' };
    }
  }

  async function lookAt(at: string, entry: Dirent): Promise<Found> {
    const path = join(at, entry.name);
    const isLink = entry.isSymbolicLink();
    const end = isLink ? await whereItEnds(root, path) : endOf(entry, path);
    // With its slash a directory sorts as the paths below it do.
    return { name: entry.name, key: end.kind === 'directory' ? `${entry.name}/` : entry.name, isLink, end };
  }
}

/** What a name stands for that is no link. */
function endOf(entry: Dirent, path: string): End {
  if (entry.isDirectory()) return { kind: 'directory', path };
  return entry.isFile() ? { kind: 'file', path } : { kind: 'nothing' };
}

interface Found {
  readonly name: string;
  readonly key: string;
  readonly isLink: boolean;
  readonly end: End;
}
