/**
 * Turns at a file that several processes write. Whoever has the turn holds a directory beside the file (`PATH.lock`), with a
 * draft of the next content inside, and ends the turn by renaming the draft over the file. A turn is taken away from a process
 * that died by removing its draft. One that only slept then finds nothing to rename: it cannot put back what others have
 * replaced, however wrong the clocks were that called it dead.
 */
import { BundleError } from './errors.ts';
import { builtin } from './host.ts';

declare function setTimeout(done: (nothing: undefined) => void, ms: number): void;
declare const performance: { now(): number };
declare const process: { readonly platform: string };

/** A turn takes the milliseconds of a small write; one this far (ms) from now, on either side, is of a process that died. */
const STALE = 10_000;
/** How long to wait for a turn, milliseconds. */
const PATIENCE = 40_000;
/** What a process leaves that is killed before it has its turn; also of runtimes before 0.2. */
const LEFTOVER = /^\.(?:[0-9a-f-]{36}\.turn|\d+\.\d+\.tmp|lock\.\d[\d.]*)$/;

interface Handle {
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** As much of `node:fs/promises` as is used here. */
export interface FileSystem {
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  writeFile(path: string, content: string | Uint8Array, options: object): Promise<void>;
  mkdir(path: string): Promise<unknown>;
  readdir(path: string): Promise<readonly string[]>;
  stat(path: string): Promise<{ readonly mtimeMs: number }>;
  utimes(path: string, accessed: number, modified: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  rm(path: string, options: object): Promise<void>;
  open(path: string, flags: string): Promise<Handle>;
}

interface Paths {
  readonly dirname: (path: string) => string;
  readonly basename: (path: string) => string;
}

export const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

const pause = (ms: number): Promise<undefined> => new Promise((done) => setTimeout(done, ms));

/** Waits for what may fail because somebody else was first. @throws what fails for another reason than `codes` */
async function unless(codes: readonly string[], work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (codes.includes(String(codeOf(error)))) return false;
    throw error;
  }
}

/**
 * A directory is not renamed over one that holds something (POSIX), over any (Windows), or over a file; and what was prepared
 * may have been swept away.
 */
const TAKEN = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM', 'EACCES', 'ENOENT'];
const GONE = ['ENOENT', 'ENOTDIR'];
const NOT_MINE = ['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'];

/** The right to replace a file, until `end`. */
export interface Turn {
  /** Replaces the file, on disk when it returns. `false` where the turn has been taken away: nothing was written. */
  commit(content: string | Uint8Array): Promise<boolean>;
  /** Gives the turn back; to be called in any case. */
  end(): Promise<void>;
}

/** Waits for the turn at a file. @throws BundleError `state_unreadable` where there is none to be had */
export async function takeTurn(path: string): Promise<Turn> {
  const fs = builtin('node:fs/promises') as FileSystem;
  const { dirname, basename } = builtin('node:path') as Paths;
  const { randomUUID } = builtin('node:crypto') as { readonly randomUUID: () => string };
  const lock = `${path}.lock`;
  const directory = dirname(path);
  const id = randomUUID();
  // A lock and its draft come to be in one step, by the rename of a directory that holds it.
  const prepared = `${path}.${id}.turn`;
  const draft = `${lock}/${id}`;

  /** Renewed at each attempt, so that a turn is as old as its beginning. */
  async function begin(): Promise<void> {
    await fs.writeFile(`${prepared}/${id}`, '', { mode: 0o600 });
    const now = Date.now() / 1000;
    await fs.utimes(prepared, now, now);
    await fs.rename(prepared, lock);
  }

  /** Whether something was made long ago, or is from a time to come. */
  async function isStale(file: string): Promise<boolean> {
    const facts = await fs.stat(file).catch(() => undefined);
    return facts !== undefined && Math.abs(Date.now() - facts.mtimeMs) > STALE;
  }

  /** Ends the turn of a process that died. Drafts go first: from then on it cannot write. */
  async function takeAway(): Promise<void> {
    const drafts = await fs.readdir(lock).catch(() => undefined);
    // Runtimes before 0.2 lock with a file.
    if (!drafts) {
      await unless([...GONE, 'EISDIR', 'EPERM'], fs.unlink(lock));
      return;
    }
    for (const each of drafts) await unless(GONE, fs.unlink(`${lock}/${each}`));
    await unless(NOT_MINE, fs.rmdir(lock));
  }

  async function sweep(): Promise<void> {
    const start = basename(path);
    for (const name of await fs.readdir(directory)) {
      const isLeft = name.startsWith(start) && LEFTOVER.test(name.slice(start.length));
      const left = `${directory}/${name}`;
      if (isLeft && (await isStale(left))) await fs.rm(left, { recursive: true, force: true });
    }
  }

  const deadline = performance.now() + PATIENCE;
  try {
    for (;;) {
      await unless(['EEXIST'], fs.mkdir(prepared));
      if (await unless(TAKEN, begin())) break;
      if (performance.now() > deadline) throw new BundleError('state_unreadable', lock);
      if (await isStale(lock)) await takeAway();
      await pause(5 + Math.random() * 20);
    }
  } catch (error) {
    await fs.rm(prepared, { recursive: true, force: true });
    throw error;
  }
  await sweep();

  async function commit(content: string | Uint8Array): Promise<boolean> {
    // `r+`: a draft that was taken away is not made anew.
    if (!(await unless(GONE, fs.writeFile(draft, content, { flag: 'r+', flush: true })))) return false;
    if (!(await unless(GONE, fs.rename(draft, path)))) return false;
    // The file is on disk; its name is when the directory is. Windows has no such call, and needs none.
    if (process.platform !== 'win32') {
      const handle = await fs.open(directory, 'r');
      await handle.sync().finally(() => handle.close());
    }
    return true;
  }

  return {
    commit,
    async end() {
      await unless(GONE, fs.unlink(draft));
      await unless(NOT_MINE, fs.rmdir(lock));
    },
  };
}
