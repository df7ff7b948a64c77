/**
 * Requests that wait to be told who asks. There are fewer places than the gate has, so that those whose token is known are always served;
 * and when all are taken, the address that has most of them gives one up. Strangers who stall an identity service wait for themselves.
 */
import { unavailableFor } from './identity.ts';
import type { AuthOutcome } from './identity.ts';

/** The way out of a wait, before it is over. */
type GiveUp = () => void;

export class Waiting {
  readonly #most: number;
  /** By source, those that wait, the one that has waited longest first. */
  readonly #bySource = new Map<string, Set<GiveUp>>();
  #size = 0;

  /** @param most - requests that may wait at a time */
  constructor(most: number) {
    this.#most = most;
  }

  /** What `ask` says, or `unavailable` where others have more right to the place. `ask` is not begun without one. */
  during(source: string, ask: () => Promise<AuthOutcome>): Promise<AuthOutcome> {
    if (this.#size >= this.#most && !this.#makeRoomFor(source)) return Promise.resolve(crowded());
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#remove(source, giveUp);
        resolve(crowded());
      };
      this.#add(source, giveUp);
      ask()
        .then(resolve, reject)
        .finally(() => this.#remove(source, giveUp));
    });
  }

  /** Whoever has most gives up the one that has waited longest, unless that only passes the want on. */
  #makeRoomFor(source: string): boolean {
    let greediest: Set<GiveUp> = new Set();
    for (const waiting of this.#bySource.values()) if (waiting.size > greediest.size) greediest = waiting;
    const own = this.#bySource.get(source)?.size ?? 0;
    const [longest] = greediest;
    if (!longest || greediest.size <= own + 1) return false;
    longest();
    return true;
  }

  #add(source: string, giveUp: GiveUp): void {
    const waiting = this.#bySource.get(source) ?? new Set();
    waiting.add(giveUp);
    this.#bySource.set(source, waiting);
    this.#size += 1;
  }

  #remove(source: string, giveUp: GiveUp): void {
    const waiting = this.#bySource.get(source);
    if (!waiting?.delete(giveUp)) return;
    this.#size -= 1;
    if (waiting.size === 0) this.#bySource.delete(source);
  }
}

const crowded = (): AuthOutcome => unavailableFor('too many from there wait to be told who they are', 1);
