/** A session as it is between two hooks: a file, changed by one process at a time, whole or not at all. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { textDigest } from '@plan-lint/runtime/digest';
import { takeTurn } from '@plan-lint/runtime/node';
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { HookError } from './dialects.ts';

/** A call that was decided and has not ended. */
export interface OpenCall {
  /** How the agent names it, or sha256 of tool and arguments where it does not. */
  readonly key: string;
  /** sha256 of tool and arguments. */
  readonly digest: string;
  /** Of the session. */
  readonly id: string;
  readonly verdict: 'allow' | 'deny' | 'ask';
  readonly reason: string;
  readonly ticket: string | null;
}

export interface Kept {
  /** base64; `null` before the first call. */
  readonly snapshot: string | null;
  readonly open: readonly OpenCall[];
}

const NOTHING: Kept = { snapshot: null, open: [] };
/** How often an update is begun anew whose turn was taken away. */
const ATTEMPTS = 20;

export const sessionPath = (folder: string, agent: string, session: string): string =>
  join(folder, `${agent}-${textDigest(session).slice(0, 32)}.json`);

async function read(path: string): Promise<Kept> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NOTHING;
    throw error;
  }
  try {
    return parseJson(text) as unknown as Kept;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new HookError('what is kept of the session cannot be read, so nothing in it counts any more');
  }
}

/** Changes what is kept; no other process sees or changes it meanwhile. @throws HookError, BundleError, the file system's error */
export async function change<T>(
  path: string,
  work: (kept: Kept) => { readonly kept: Kept; readonly told: T },
): Promise<T> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const turn = await takeTurn(path);
    try {
      const { kept, told } = work(await read(path));
      if (await turn.commit(JSON.stringify(kept))) return told;
    } finally {
      await turn.end();
    }
  }
  throw new HookError('other hooks did not let this one come to its turn');
}
