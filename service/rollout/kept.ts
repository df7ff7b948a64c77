/** Lanes in the directory of the service, so that a restart ends none: verified again before they are asked. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@plan-lint/runtime/json';
import { candidateFrom, fileOf, keptOf } from '../policy/last-good.ts';
import type { Kept } from '../policy/last-good.ts';
import type { Candidate } from '../policy/candidate.ts';
import { writeWhole } from '../write-whole.ts';
import type { Lane, LaneSettings } from './lane.ts';

const FOLDER = 'rollout';

interface KeptLane extends Kept {
  readonly name: string;
  readonly settings: LaneSettings;
  readonly by: string;
}

export interface RecalledLane {
  readonly name: string;
  readonly settings: LaneSettings;
  readonly by: string;
  readonly candidate: Candidate;
}

export class KeptLanes {
  readonly #folder: string | null;
  readonly #demands: Candidate['load'];

  /** @param stateDir - `null` where nothing outlives a restart */
  constructor(stateDir: string | null, demands: Candidate['load']) {
    this.#folder = stateDir === null ? null : join(stateDir, FOLDER);
    this.#demands = demands;
  }

  async keep(name: string, { slot, settings, by }: Lane): Promise<void> {
    if (this.#folder === null) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const kept: KeptLane = { ...keptOf(slot.candidate), name, settings, by };
    await writeWhole(join(this.#folder, fileOf(name)), JSON.stringify(kept));
  }

  async forget(name: string): Promise<void> {
    if (this.#folder !== null) await rm(join(this.#folder, fileOf(name)), { force: true });
  }

  async recall(onProblem: (error: unknown) => void): Promise<readonly RecalledLane[]> {
    if (this.#folder === null) return [];
    const names = await readdir(this.#folder).catch(() => [] as readonly string[]);
    const lanes: RecalledLane[] = [];
    for (const file of names.filter((each) => each.endsWith('.json'))) {
      try {
        const kept = parseJson(await readFile(join(this.#folder, file), 'utf8')) as unknown as KeptLane;
        const { name, settings, by } = kept;
        const demands = { trust: new Uint8Array(), load: this.#demands };
        lanes.push({ name, settings, by, candidate: candidateFrom(kept, demands) });
      } catch (error) {
        onProblem(error);
      }
    }
    return lanes;
  }
}
