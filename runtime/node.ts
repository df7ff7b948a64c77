/**
 * Helpers for services that run on Node: loader state that survives a restart, hardening, trust root updates.
 * What decides about bundles and plans does not need this file.
 */
import { parseStrict } from './canonical.ts';
import { BundleError } from './errors.ts';
import { finite, natural, object, sha256Hex } from './shape.ts';
import type { LoaderState, StateStore } from './state.ts';

export { freezeIntrinsics } from './harden.ts';
export { updateTrustRoot } from './root.ts';
export * from './state.ts';

// Taken from the process instead of by `import`: the runtime compiles without Node's types, and bundlers for
// other hosts do not stumble over it.
declare const process: { readonly pid: number; getBuiltinModule(name: string): unknown };

interface Handle {
  writeFile(text: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

interface FileSystem {
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  open(path: string, flags: string, mode: number): Promise<Handle>;
  rename(from: string, to: string): Promise<void>;
}

const readHead = object({ trustVersion: natural, time: finite, bundles: (value) => value });
const readSeen = object({ sequence: natural, digest: sha256Hex });

function parseState(text: string): LoaderState {
  const { trustVersion, time, bundles } = readHead(parseStrict(text), '');
  const seen = Object.entries(bundles as object).map(
    ([name, value]) => [name, readSeen(value, name)] as const,
  );
  return { trustVersion, time, bundles: Object.fromEntries(seen) };
}

/**
 * Loader state in a file: replaced in one step, on disk before it counts. A file that is there and cannot be read
 * stops the loader; one that is not there is a first start, unless `mustExist` says otherwise, because whoever
 * can delete it can roll back.
 *
 * @param path - one file for each loader, in a directory only the loader's user can write
 */
export function fileStore(path: string, options: { readonly mustExist?: boolean } = {}): StateStore {
  const fs = process.getBuiltinModule('node:fs/promises') as FileSystem;
  let writes = 0;
  let queue: Promise<unknown> = Promise.resolve();

  async function read(): Promise<LoaderState | undefined> {
    try {
      return parseState(await fs.readFile(path, 'utf8'));
    } catch (error) {
      const absent = (error as { readonly code?: unknown }).code === 'ENOENT';
      if (absent && options.mustExist !== true) return undefined;
      throw new BundleError('state_unreadable', path);
    }
  }

  async function write(state: LoaderState): Promise<void> {
    const temporary = `${path}.${process.pid}.${(writes += 1)}.tmp`;
    const file = await fs.open(temporary, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(state, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(temporary, path);
  }

  return {
    read,
    // One update after the other within this process; across processes the last rename wins, which is why every
    // update reads the file again first.
    update(change) {
      const done = queue.then(async () => write(change(await read())));
      queue = done.catch(() => undefined);
      return done;
    },
  };
}
