/**
 * The lines of refusals. A refusal is one whether it can be written down or not; and those that anybody may cause have a budget, for
 * whoever may fill the log may stop what waits for it.
 */
import { eventWithoutPlan, UNKNOWN_ASKER } from '../audit/event.ts';
import type { AuditEvent, AuditLog } from '../audit/event.ts';

/** Lines in a minute: of one address or user, and of all together. What comes beyond is summed in one line. */
const OF_ONE = 20;
const OF_ALL = 300;
const MINUTE = 60_000;

export interface DenialsOptions {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly onFailure: (error: unknown) => void;
}

export class Denials {
  readonly #options: DenialsOptions;
  readonly #timer: NodeJS.Timeout;
  /** Of this minute, by whom. */
  #written = new Map<string, number>();
  #total = 0;
  #omitted = 0;
  #omittedFrom = new Set<string>();

  constructor(options: DenialsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.flush(), MINUTE);
    this.#timer.unref();
  }

  /** Never throws. */
  async write(event: AuditEvent): Promise<void> {
    const { audit, onFailure } = this.#options;
    await audit.append(event).catch(onFailure);
  }

  /**
   * Writes the line while there are few of them. Never throws.
   *
   * @param source - an address, or a user
   */
  async writeFew(source: string, event: AuditEvent): Promise<void> {
    const before = this.#written.get(source) ?? 0;
    if (before < OF_ONE && this.#total < OF_ALL) {
      this.#written.set(source, before + 1);
      this.#total += 1;
      return this.write(event);
    }
    this.#omitted += 1;
    if (this.#omittedFrom.size < OF_ALL) this.#omittedFrom.add(source);
  }

  /** The end of a minute: what was not written is summed, and the budget is whole again. Never throws. */
  async flush(): Promise<void> {
    const [count, sources] = [this.#omitted, this.#omittedFrom.size];
    this.#written = new Map();
    this.#total = 0;
    this.#omitted = 0;
    this.#omittedFrom = new Set();
    if (count === 0) return;
    const detail = { code: 'more_refusals', count, sources };
    await this.write(eventWithoutPlan('auth_denied', UNKNOWN_ASKER, { detail }));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}
