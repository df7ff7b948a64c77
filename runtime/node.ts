/**
 * Helpers for services that run on Node: loader state that survives a restart, hardening, trust root updates.
 * What decides about bundles and plans does not need this file.
 */
import { parseStrict } from './canonical.ts';
import { BundleError } from './errors.ts';
import { builtin } from './host.ts';
import { finite, natural, object, sha256Hex } from './shape.ts';
import type { LoaderState, StateStore } from './state.ts';

export { freezeIntrinsics } from './harden.ts';
export { updateTrustRoot } from './root.ts';
export { loadBundle } from './vm.ts';
export * from './state.ts';

declare function setTimeout(done: (nothing: undefined) => void, ms: number): void;
declare const process: { readonly pid: number };

/** When a file was made; of two locks in one place it tells which is which. */
interface Facts {
  readonly mtimeMs: number;
}

interface Handle {
  writeFile(text: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

interface FileSystem {
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  open(path: string, flags: string, mode: number): Promise<Handle>;
  stat(path: string): Promise<Facts>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

/** A lock is held for the milliseconds of a small write; one this old (ms) belongs to a process that died. */
const STALE = 10_000;

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

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
 * can delete it can roll back. Several processes may share the file: a lock beside it (`PATH.lock`) makes their
 * updates follow each other, so that no sequence ever goes back.
 *
 * @param path - one file for each loader, in a directory only the loader's user can write
 */
export function fileStore(path: string, options: { readonly mustExist?: boolean } = {}): StateStore {
  const fs = builtin('node:fs/promises') as FileSystem;
  const lock = `${path}.lock`;
  let writes = 0;
  let queue: Promise<unknown> = Promise.resolve();

  async function read(): Promise<LoaderState | undefined> {
    try {
      return parseState(await fs.readFile(path, 'utf8'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT' && options.mustExist !== true) return undefined;
      throw new BundleError('state_unreadable', path);
    }
  }

  const factsOf = (file: string): Promise<Facts | undefined> => fs.stat(file).catch(() => undefined);

  /** Takes the lock; of all processes one has it. */
  async function acquire(): Promise<Facts> {
    for (let left = 2000; left > 0; left -= 1) {
      try {
        return await create(lock);
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const held = await factsOf(lock);
      if (held && Date.now() - held.mtimeMs > STALE) await removeStale(held).catch(() => undefined);
      await new Promise<undefined>((done) => setTimeout(done, 5 + Math.random() * 20));
    }
    throw new BundleError('state_unreadable', lock);
  }

  async function create(file: string): Promise<Facts> {
    await (await fs.open(file, 'wx', 0o600)).close();
    return fs.stat(file);
  }

  /** Of those that find a lock stale one may remove it: never a new lock that has taken its place meanwhile. */
  async function removeStale(held: Facts): Promise<void> {
    const claim = `${lock}.${held.mtimeMs}`;
    await create(claim);
    await release(held);
    await fs.unlink(claim);
  }

  const has = async (held: Facts): Promise<boolean> => (await factsOf(lock))?.mtimeMs === held.mtimeMs;
  const release = async (held: Facts): Promise<void> => {
    if (await has(held)) await fs.unlink(lock);
  };

  async function write(state: LoaderState, mine: Facts): Promise<void> {
    const temporary = `${path}.${process.pid}.${(writes += 1)}.tmp`;
    const file = await fs.open(temporary, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(state, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    // Whoever has slept through its own lock's time has read a state that others may have replaced.
    if (!(await has(mine))) throw new BundleError('state_unreadable', lock);
    await fs.rename(temporary, path);
  }

  return {
    read,
    // One update after the other, within this process by the queue and across processes by the lock: each is held
    // against the state that the one before it has left.
    update(change) {
      const done = queue.then(async () => {
        const mine = await acquire();
        try {
          await write(change(await read()), mine);
        } finally {
          await release(mine);
        }
      });
      queue = done.catch(() => undefined);
      return done;
    },
  };
}
