/**
 * Sessions and runs of this replica. What is asked of one is asked in order; each change is kept and written down before it is answered
 * for, and taken back where it cannot be.
 */
import { randomUUID } from 'node:crypto';
import { openRun, openSession } from '@plan-lint/runtime/session';
import type { Decision } from '@plan-lint/runtime';
import type { Run, Session } from '@plan-lint/runtime/session';
import { HttpError } from '../http/error.ts';
import type { Chosen, Registry } from '../policy/registry.ts';
import type { Slot } from '../policy/slot.ts';
import { SessionStore } from './store.ts';
import type { SessionRow } from './store.ts';
import { Places } from './places.ts';
import type { Place, PlaceLimits } from './places.ts';

export interface SessionsOptions {
  readonly registry: Registry;
  readonly stateDir: string | null;
  /** Names this replica: part of the ids that it gives. */
  readonly instance: string;
  readonly limits: PlaceLimits;
  /** Milliseconds after which a session that nobody asks for is closed. */
  readonly idle: number;
  /** Writes down that one was; it stays open where that cannot be. */
  readonly tellExpired: (live: Live, decision: Decision) => Promise<unknown>;
  /** Of a session that could not be closed, and is tried again. */
  readonly onProblem: (error: unknown) => void;
  readonly now: () => number;
}

/** A session as requests work with it. */
export interface Live {
  row: SessionRow;
  session: Session | Run;
  /** Held as long as the session: another bundle may decide all else meanwhile. */
  readonly slot: Slot;
  readonly place: Place;
  /** Of the plan of a run. */
  readonly planBytes: number;
  queue: Promise<unknown>;
}

/** Nobody but this service writes where sessions are kept; and it is here that they end when nobody asks: a restart counts as no asking. */
const TRUSTED = { sealing: { store: 'trusted' }, limits: { idle: Infinity } } as const;

/** Of the state directory, this process’s alone. */
const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Bytes that a session keeps, about. */
const sizeOf = ({ row, planBytes }: Pick<Live, 'row' | 'planBytes'>): number =>
  row.snapshot.length + planBytes;

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
  readonly #loading = new Map<string, Promise<Live>>();
  readonly #places: Places;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#places = new Places(options.limits);
    this.#store = new SessionStore(options.stateDir);
    options.registry.alsoHeld(() => Array.from(this.#live.values(), ({ slot }) => slot));
  }

  /** @throws BundleError `capability_missing`, HttpError `overloaded`, `too_many`, and what `tell` throws */
  async open(opening: Opening, tell: (live: Live) => Promise<unknown>): Promise<Live> {
    const { chosen, subject, context, plan } = opening;
    const { now, instance } = this.#options;
    const swept = this.#sweep();
    if (this.#places.isFull(subject)) await swept;
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
    // Before anything is waited for: of many that come at once, no more are let in than there are places.
    const live = this.#placed(row, session, slot);
    try {
      await this.#store.write(row);
      await tell(live);
    } catch (error) {
      live.place.free();
      await this.#store.remove(id);
      throw error;
    }
    this.#live.set(id, live);
    return live;
  }

  /** @throws HttpError `overloaded`, `too_many` */
  #placed(row: SessionRow, session: Session | Run, slot: Slot): Live {
    const planBytes = row.plan === null ? 0 : JSON.stringify(row.plan).length;
    const place = this.#places.take(row.subject, sizeOf({ row, planBytes }));
    return { row, session, slot, place, planBytes, queue: Promise.resolve() };
  }

  #openAs(
    { id, kind, context, plan }: Pick<SessionRow, 'id' | 'kind' | 'context' | 'plan'>,
    { policy }: Pick<Chosen, 'policy'>,
    resume: Uint8Array | undefined,
  ): Session | Run {
    const options = { id, context, now: this.#options.now(), ...TRUSTED, ...(resume && { resume }) };
    return kind === 'run' ? openRun(policy, plan, options) : openSession(policy, options);
  }

  /** @throws HttpError `unknown_session`, `session_elsewhere`, `session_bundle_gone`, `overloaded`, `too_many` */
  async find(id: string): Promise<Live> {
    const live = this.#live.get(id) ?? (await this.#loaded(id));
    if (this.#isIdle(live)) await this.#queued(live, () => this.#expire(live));
    this.#mustLive(live);
    return live;
  }

  /** Two requests that look at once are given the same. */
  #loaded(id: string): Promise<Live> {
    const loading = this.#loading.get(id) ?? this.#load(id).finally(() => this.#loading.delete(id));
    this.#loading.set(id, loading);
    return loading;
  }

  async #load(id: string): Promise<Live> {
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
    const live = this.#placed(row, session, slot);
    this.#live.set(id, live);
    return live;
  }

  #queued<T>(live: Live, work: () => Promise<T>): Promise<T> {
    const done = live.queue.then(work);
    live.queue = done.catch(() => undefined);
    return done;
  }

  /** What was asked for meanwhile may have ended it. @throws HttpError `unknown_session` */
  #mustLive(live: Live): void {
    if (this.#live.get(live.row.id) !== live) throw new HttpError('unknown_session');
  }

  #isIdle({ row }: Live): boolean {
    return this.#options.now() - row.askedAt > this.#options.idle;
  }

  /** One after the other: `change` works on the session, `tell` writes it down; without both, nothing has happened. */
  async change<T>(
    live: Live,
    change: (session: Session | Run) => T,
    tell: (told: T) => Promise<unknown>,
  ): Promise<T> {
    return this.#queued(live, async () => {
      await this.#expire(live);
      this.#mustLive(live);
      return this.#change(live, change, tell);
    });
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
      live.place.resize(sizeOf(live));
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
    live.place.restore(sizeOf(live));
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
    return this.#queued(live, async () => {
      await this.#expire(live);
      this.#mustLive(live);
      return this.#end(live, end, tell);
    });
  }

  async #end<T>(
    live: Live,
    end: (session: Session | Run) => T,
    tell: (told: T) => Promise<unknown>,
  ): Promise<T> {
    const { id } = live.row;
    const told = end(live.session);
    try {
      // Until both are done it is found where it was, and nobody reads it from the disk again.
      await this.#store.remove(id);
      await tell(told);
    } catch (error) {
      await this.#takeBack(live, live.row);
      throw error;
    }
    this.#live.delete(id);
    live.place.free();
    return told;
  }

  /** In the queue of the session: it ends, where nobody has asked for it as long as it lives. */
  async #expire(live: Live): Promise<void> {
    if (this.#live.get(live.row.id) !== live || !this.#isIdle(live)) return;
    const { now, tellExpired } = this.#options;
    await this.#end(
      live,
      (session) => session.close(now()),
      (decision) => tellExpired(live, decision),
    );
  }

  /** Those that nobody asks any more. */
  async #sweep(): Promise<void> {
    const idle = [...this.#live.values()].filter((live) => this.#isIdle(live));
    await Promise.all(
      idle.map((live) => this.#queued(live, () => this.#expire(live)).catch(this.#options.onProblem)),
    );
  }

  get size(): number {
    return this.#live.size;
  }
}
