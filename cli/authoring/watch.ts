/** Tells when files below a directory have changed, however an editor goes about it. */
import { lstatSync, readdirSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';

/** Editors write a file in several events; one save should be one run. */
const QUIET_MS = 60;

/**
 * Calls `changed` after files whose name matches have changed, until the signal aborts. Directories are watched, not
 * files: one that is replaced by renaming another over it is a change like any. The directory, and those below it,
 * may come and go meanwhile.
 */
export async function watchDirectory(
  directory: string,
  name: RegExp,
  signal: AbortSignal | undefined,
  changed: () => Promise<void>,
): Promise<void> {
  const watchers = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      follow();
      running = running.then(changed);
    }, QUIET_MS);
  };
  const heard = (at: string, file: string | null): void => {
    // Our own temporary files begin with a dot, as those of most editors do.
    if (file === null || file.startsWith('.')) return;
    // Outside of the directory only its own coming and going counts; inside, files and directories.
    const matters = isWithin(directory, at) ? name.test(file) || follow() : follow();
    if (matters) soon();
  };

  /** Watches what there is to watch now, and says whether that is something else than before. */
  function follow(): boolean {
    const wanted = new Map(directoriesBelow(directory).map((path) => [path, inodeOf(path)]));
    let news = false;
    for (const [path, { watcher, inode }] of watchers) {
      // Another directory may have taken the place of the one that is watched.
      if (wanted.get(path) === inode) continue;
      watcher.close();
      watchers.delete(path);
      news = true;
    }
    for (const [path, inode] of wanted) {
      if (watchers.has(path) || inode === null) continue;
      try {
        const watcher = watch(path, (_, file) => heard(path, file));
        // A directory that goes away ends its watcher; the one above it tells.
        watcher.on('error', soon);
        watchers.set(path, { watcher, inode });
        news = true;
      } catch {
        // Gone between being listed and being watched.
      }
    }
    return news;
  }

  follow();
  await new Promise<void>((done) => {
    if (!signal) return;
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done(), { once: true });
  });
  clearTimeout(timer);
  for (const { watcher } of watchers.values()) watcher.close();
  await running;
}

interface Watched {
  readonly watcher: FSWatcher;
  readonly inode: number;
}

const isWithin = (directory: string, path: string): boolean =>
  path === directory || path.startsWith(join(directory, '/'));

/**
 * A directory and all below it that may hold policies, and the one it stands in, from where it can be replaced;
 * where it is not there, the nearest above it that is.
 */
function directoriesBelow(directory: string): readonly string[] {
  if (isDirectory(directory)) return [dirname(directory), ...walk(directory)];
  const above = dirname(directory);
  return above === directory || isDirectory(above) ? [above] : directoriesBelow(above).slice(0, 1);
}

function walk(directory: string): readonly string[] {
  try {
    const inner = readdirSync(directory, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules',
    );
    return [directory, ...inner.flatMap(({ name }) => walk(join(directory, name)))];
  } catch {
    return [];
  }
}

const isDirectory = (path: string): boolean => inodeOf(path) !== null;

/** `null` where there is no directory. */
function inodeOf(path: string): number | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() ? found.ino : null;
}
