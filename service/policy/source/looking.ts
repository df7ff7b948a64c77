/** Looking at a path again: when the directory says that something changed, and from time to time all the same. */
import { statSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import type { Source } from './source.ts';

/** A swap is several events, and a file may be half written at the first. Milliseconds. */
const SETTLE = 100;

/**
 * The directory is watched, not the file: what replaces a file is another one, and Kubernetes swaps the link `..data` beside it.
 *
 * @param look - never throws
 */
export function lookingAt(path: string, poll: number, look: () => Promise<void>): Omit<Source, 'trust'> {
  let underway: Promise<void> | null = null;
  let isStale = false;
  let isStopped = false;

  /** One look at a time; a change that comes meanwhile is one more look. */
  async function refresh(): Promise<void> {
    if (underway) {
      isStale = true;
      return underway;
    }
    underway = look();
    await underway;
    underway = null;
    if (!isStale || isStopped) return;
    isStale = false;
    await refresh();
  }

  let settling: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(settling);
    if (!isStopped) settling = setTimeout(() => void refresh(), SETTLE);
  };
  const watcher = watcherOf(path, changed);
  const timer = setInterval(() => void refresh(), poll);
  timer.unref();
  return {
    refresh,
    stop() {
      isStopped = true;
      clearTimeout(settling);
      clearInterval(timer);
      watcher?.close();
    },
  };
}

function watcherOf(path: string, changed: () => void): FSWatcher | null {
  try {
    const folder = statSync(path).isDirectory() ? path : dirname(path);
    const watcher = watch(folder, { persistent: false }, changed);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    // No watches are left, or there is nothing yet: it is looked at from time to time all the same.
    return null;
  }
}
