/** Sessions as they outlive a restart: a file each, replaced whole; only the process that holds the directory writes there. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@plan-lint/runtime/json';
import { writeWhole } from '../write-whole.ts';

/** A session as it is kept. */
export interface SessionRow {
  readonly id: string;
  readonly kind: 'session' | 'run';
  /** Whose it is. */
  readonly subject: string;
  readonly entry: string | null;
  /** Of the bundle that decides it, to its end. */
  readonly digest: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** Of a run. */
  readonly plan: unknown;
  /** base64 */
  readonly snapshot: string;
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
}

const ID = /^[\w-]{1,128}$/;

export class SessionStore {
  readonly #folder: string | null;

  /** @param stateDir - `null` where sessions end with the process */
  constructor(stateDir: string | null) {
    this.#folder = stateDir === null ? null : join(stateDir, 'sessions');
  }

  #pathOf(id: string): string | null {
    return this.#folder === null || !ID.test(id) ? null : join(this.#folder, `${id}.json`);
  }

  async write(row: SessionRow): Promise<void> {
    const path = this.#pathOf(row.id);
    if (path === null || this.#folder === null) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeWhole(path, JSON.stringify(row));
  }

  async read(id: string): Promise<SessionRow | null> {
    const path = this.#pathOf(id);
    if (path === null) return null;
    const text = await readFile(path, 'utf8').catch(() => null);
    // Plans nest deeper than other files of ours.
    return text === null ? null : (parseJson(text, 220) as unknown as SessionRow);
  }

  async remove(id: string): Promise<void> {
    const path = this.#pathOf(id);
    if (path !== null) await rm(path, { force: true });
  }

  async count(): Promise<number> {
    return this.#folder === null ? 0 : (await readdir(this.#folder).catch(() => [])).length;
  }
}
