/** Loader state in a file. */
import { parseStrict } from './canonical.ts';
import { BundleError } from './errors.ts';
import { codeOf, takeTurn, type FileSystem } from './file-turn.ts';
import { builtin } from './host.ts';
import { finite, natural, object, sha256Hex } from './shape.ts';
import type { LoaderState, StateStore } from './state.ts';

/** How often an update is begun anew whose turn was taken away. */
const ATTEMPTS = 20;

// A list has entries, too, and would read as a loader that has seen nothing.
const readBundles = (value: unknown): object => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('bundles');
  return value;
};
const readHead = object({ trustVersion: natural, time: finite, bundles: readBundles });
const readSeen = object({ sequence: natural, digest: sha256Hex });

function parseState(text: string): LoaderState {
  const { trustVersion, time, bundles } = readHead(parseStrict(text), '');
  const seen = Object.entries(bundles).map(([name, value]) => [name, readSeen(value, name)] as const);
  return { trustVersion, time, bundles: Object.fromEntries(seen) };
}

/**
 * Loader state in a file: replaced in one step, on disk (file and directory) before it counts. A file that is there and
 * cannot be read stops the loader; one that is not there is a first start, unless `mustExist` says otherwise, because whoever
 * can delete it can roll back. Several processes may share the file: they take turns (`PATH.lock`), so that no sequence ever
 * goes back. The turn of one that was killed ends after ten seconds; one that slept for longer writes nothing.
 *
 * @param path - one file for each loader, in a directory only the loader's user can write
 * @example
 * const state = rollbackGuard(fileStore('/var/lib/agent/plan-lint.json'));
 */
export function fileStore(path: string, options: { readonly mustExist?: boolean } = {}): StateStore {
  const fs = builtin('node:fs/promises') as FileSystem;
  let queue: Promise<unknown> = Promise.resolve();

  async function read(): Promise<LoaderState | undefined> {
    try {
      return parseState(await fs.readFile(path, 'utf8'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT' && options.mustExist !== true) return undefined;
      throw new BundleError('state_unreadable', path);
    }
  }

  async function replace(change: Parameters<StateStore['update']>[0]): Promise<void> {
    for (let left = ATTEMPTS; left > 0; left -= 1) {
      const turn = await takeTurn(path);
      try {
        if (await turn.commit(`${JSON.stringify(change(await read()), null, 2)}\n`)) return;
      } finally {
        await turn.end();
      }
    }
    throw new BundleError('state_unreadable', path);
  }

  return {
    read,
    // One update after the other, within this process by the queue and across processes by turns: each is held
    // against the state that the one before it has left.
    update(change) {
      const done = queue.then(() => replace(change));
      queue = done.catch(() => undefined);
      return done;
    },
  };
}
