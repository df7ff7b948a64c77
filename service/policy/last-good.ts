/** The last bundle of each name that was good, in the directory of the service: verified again before it is used. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@plan-lint/runtime/json';
import { writeWhole } from '../write-whole.ts';
import type { Candidate } from './candidate.ts';
import type { Slot } from './slot.ts';

const FOLDER = 'last-good';

/** A bundle as a file of ours. */
export interface Kept {
  readonly module: string;
  readonly sidecars: readonly string[] | null;
  readonly origin: string;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

export const keptOf = ({ module, sidecars, origin }: Candidate): Kept => ({
  module: base64(module),
  sidecars: sidecars?.map(base64) ?? null,
  origin,
});

/** Signed, as all that are kept are. */
export const candidateFrom = (
  { module, sidecars, origin }: Kept,
  demands: Pick<Candidate, 'trust' | 'load'>,
): Candidate => ({
  ...demands,
  module: bytesOf(module),
  sidecars: sidecars?.map(bytesOf),
  isSigned: true,
  origin,
});

/** A name of a bundle as the name of a file. */
export const fileOf = (name: string): string => `${encodeURIComponent(name).replaceAll('.', '%2E')}.json`;

export class LastGood {
  readonly #folder: string | null;

  /** @param stateDir - `null` where nothing outlives a restart */
  constructor(stateDir: string | null) {
    this.#folder = stateDir === null ? null : join(stateDir, FOLDER);
  }

  async keep({ bundle, candidate }: Slot): Promise<void> {
    if (this.#folder === null || !candidate.isSigned) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, fileOf(bundle.identity.name));
    await writeWhole(path, JSON.stringify(keptOf(candidate)));
  }

  async forget(name: string): Promise<void> {
    if (this.#folder !== null) await rm(join(this.#folder, fileOf(name)), { force: true });
  }

  /** Those that are kept; what cannot be read is told by `onProblem` and left where it is. */
  async recall(
    demands: Pick<Candidate, 'trust' | 'load'>,
    onProblem: (path: string) => void,
  ): Promise<readonly Candidate[]> {
    if (this.#folder === null) return [];
    const names = await readdir(this.#folder).catch(() => [] as readonly string[]);
    const candidates: Candidate[] = [];
    for (const name of names.filter((each) => each.endsWith('.json'))) {
      const path = join(this.#folder, name);
      try {
        const kept = parseJson(await readFile(path, 'utf8')) as unknown as Kept;
        candidates.push(candidateFrom({ ...kept, origin: `${kept.origin} (last good)` }, demands));
      } catch {
        onProblem(path);
      }
    }
    return candidates;
  }
}
