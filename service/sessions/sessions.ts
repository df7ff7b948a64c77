/**
 * Sessions and runs of this replica. What is asked of one is asked in order; each change is kept and written down before it is answered
 * for, and taken back where it cannot be.
 */
import { randomUUID } from 'node:crypto';
import { openRun, openSession } from '@plan-lint/runtime/session';
import type { Run, Session } from '@plan-lint/runtime/session';
import { HttpError } from '../http/error.ts';
import type { Chosen, Registry } from '../policy/registry.ts';
import type { Slot } from '../policy/slot.ts';
import { SessionStore } from './store.ts';
import type { SessionRow } from './store.ts';

export interface SessionsOptions {
  readonly registry: Registry;
  readonly stateDir: string | null;
  /** Names this replica: part of the ids that it gives. */
  readonly instance: string;
  readonly most: number;
  /** Milliseconds. */
  readonly idle: number;
  readonly now: () => number;
}

/** A session as requests work with it. */
export interface Live {
  row: SessionRow;
  session: Session | Run;
  /** Held as long as the session: another bundle may decide all else meanwhile. */
  readonly slot: Slot;
  queue: Promise<unknown>;
}

/** Nobody but this service writes where sessions are kept. */
const TRUSTED = { sealing: { store: 'trusted' } } as const;

/** Of the state directory, this process’s alone. */
const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export interface Opening {
  readonly chosen: Chosen;
  readonly subject: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** A run is of a plan. */
  readonly plan?: unknown;
}

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #store: SessionStore;
  readonly #live = new Map<string, Live>();

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#store = new SessionStore(options.stateDir);
    options.registry.alsoHeld(() => Array.from(this.#live.values(), ({ slot }) => slot));
  }

  /** @throws BundleError `capability_missing`, HttpError `overloaded`, and what `tell` throws */
  async open(opening: Opening, tell: (live: Live) => Promise<unknown>): Promise<Live> {
    const { chosen, subject, context, plan } = opening;
    const { now, most, instance } = this.#options;
    this.#sweep();
    if (this.#live.size >= most) throw new HttpError('overloaded', 'as many sessions are open as may be');
    const id = `${instance}-${randomUUID()}`;
    const kind = 'plan' in opening ? 'run' : 'session';
    const session = this.#openAs({ id, kind, context, plan }, chosen, undefined);
    const { slot, policy } = chosen;
    const row: SessionRow = {
      id,
      kind,
      subject,
      entry: policy.entry,
      digest: slot.bundle.identity.digest,
      context,
      plan: plan ?? null,
      snapshot: encode(session.snapshot()),
      askedAt: now(),
    };
    const live: Live = { row, session, slot, queue: Promise.resolve() };
    await this.#store.write(row);
    await tell(live);
    this.#live.set(id, live);
    return live;
  }

  #openAs(
    { id, kind, context, plan }: Pick<SessionRow, 'id' | 'kind' | 'context' | 'plan'>,
    { policy }: Pick<Chosen, 'policy'>,
    resume: Uint8Array | undefined,
  ): Session | Run {
    const { now, idle } = this.#options;
    const options = { id, context, now: now(), limits: { idle }, ...TRUSTED, ...(resume && { resume }) };
    return kind === 'run' ? openRun(policy, plan, options) : openSession(policy, options);
  }

  /** @throws HttpError `unknown_session`, `session_elsewhere`, `session_bundle_gone` */
  async find(id: string): Promise<Live> {
    const found = this.#live.get(id);
    if (found) return found;
    const row = await this.#store.read(id);
    if (!row) {
      // The id says which replica gave it.
      const isOurs = id.startsWith(`${this.#options.instance}-`);
      const isAnId = /^[0-9a-f]{8}-[0-9a-f-]{36}$/.test(id);
      throw new HttpError(isAnId && !isOurs ? 'session_elsewhere' : 'unknown_session');
    }
    const slot = this.#options.registry.slots.find(({ bundle }) => bundle.identity.digest === row.digest);
    if (!slot) throw new HttpError('session_bundle_gone');
    const policy = slot.bundle.policy(row.entry ?? undefined);
    const session = this.#openAs(row, { policy }, Buffer.from(row.snapshot, 'base64'));
    const live: Live = { row, session, slot, queue: Promise.resolve() };
    // Two requests may have looked at once.
    const winner = this.#live.get(id) ?? live;
    this.#live.set(id, winner);
    return winner;
  }

  /** One after the other: `change` works on the session, `tell` writes it down; without both, nothing has happened. */
  async change<T>(
    live: Live,
    change: (session: Session | Run) => T,
    tell: (told: T) => Promise<unknown>,
  ): Promise<T> {
    const work = live.queue.then(() => this.#change(live, change, tell));
    live.queue = work.catch(() => undefined);
    return work;
  }

  async #change<T>(
    live: Live,
    change: (session: Session | Run) => T,
    tell: (told: T) => Promise<unknown>,
  ): Promise<T> {
    const before = live.row;
    try {
      const told = change(live.session);
      live.row = { ...before, snapshot: encode(live.session.snapshot()), askedAt: this.#options.now() };
      // Kept first: what has been answered for is never forgotten, and what is unknown counts as happened.
      await this.#store.write(live.row);
      await tell(told);
      return told;
    } catch (error) {
      await this.#takeBack(live, before);
      throw error;
    }
  }

  async #takeBack(live: Live, before: SessionRow): Promise<void> {
    live.row = before;
    const policy = live.slot.bundle.policy(before.entry ?? undefined);
    live.session = this.#openAs(before, { policy }, Buffer.from(before.snapshot, 'base64'));
    await this.#store.write(before);
  }

  /** Ends a session. */
  async close<T>(
    live: Live,
    end: (session: Session | Run) => T,
    tell: (told: T) => Promise<unknown>,
  ): Promise<T> {
    const work = live.queue.then(async () => {
      if (!this.#live.has(live.row.id)) throw new HttpError('unknown_session');
      const told = end(live.session);
      try {
        await tell(told);
      } catch (error) {
        await this.#takeBack(live, live.row);
        throw error;
      }
      this.#live.delete(live.row.id);
      await this.#store.remove(live.row.id);
      return told;
    });
    live.queue = work.catch(() => undefined);
    return work;
  }

  /** Those that nobody asks any more. */
  #sweep(): void {
    const { now, idle } = this.#options;
    for (const [id, { row }] of this.#live) {
      if (now() - row.askedAt <= idle) continue;
      this.#live.delete(id);
      void this.#store.remove(id);
    }
  }

  get size(): number {
    return this.#live.size;
  }
}
