/**
 * Sessions and runs. What is asked of one is asked in order; each change is kept and written down before it is answered for, and taken back
 * where it cannot be. Replicas that share a database compare and swap: of two changes at once, the second is asked again.
 */
import { randomUUID } from 'node:crypto';
import { openRun, openSession } from '@plan-lint/runtime/session';
import type { Run, Session } from '@plan-lint/runtime/session';
import { HttpError } from '../http/error.ts';
import type { Chosen } from '../policy/registry.ts';
import type { Slot } from '../policy/slot.ts';
import type { Live, Opening, SessionsOptions } from './live.ts';
import { bytesOf } from './row.ts';
import type { SessionRow } from './row.ts';
import { Places } from './places.ts';
import type { Place } from './places.ts';

/** Nobody but this service writes where sessions are kept; and it is here that they end when nobody asks: a restart counts as no asking. */
const TRUSTED = { sealing: { store: 'trusted' }, limits: { idle: Infinity } } as const;
/** How often a change is tried again that another replica was faster than. */
const MOST_TRIES = 8;
/** Between two looks for sessions that nobody asks for, milliseconds. */
const SWEEP = 60_000;

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #live = new Map<string, Live>();
  readonly #loading = new Map<string, Promise<Live>>();
  readonly #places: Places;
  /** Of sessions that are kept, and that nobody has asked for since this process began. */
  readonly #kept = new Map<string, Place>();
  #timer: NodeJS.Timeout | null = null;
  #hasBegun = false;
  #sweeping: Promise<void> | null = null;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#places = new Places(options.limits);
    options.registry.alsoHeld(() => Array.from(this.#live.values(), ({ slot }) => slot));
  }

  /** Takes up what is kept, and ends what nobody asks for, now and from time to time. Never throws. */
  async begin(): Promise<void> {
    this.#timer = setInterval(() => void this.sweep(), SWEEP);
    this.#timer.unref();
    await this.sweep();
  }

  /** @throws BundleError `capability_missing`, HttpError `overloaded`, `too_many`, `sessions_unavailable`, and what `tell` throws */
  async open(opening: Opening, tell: (live: Live) => Promise<unknown>): Promise<Live> {
    const { chosen, subject, context, plan } = opening;
    const { now, instance, store } = this.#options;
    if (this.#places.isFull(subject)) await this.sweep();
    const id = `${instance}-${randomUUID()}`;
    const kind = 'plan' in opening ? 'run' : 'session';
    const session = this.#openAs({ id, kind, context, plan }, chosen, undefined);
    const { slot, policy } = chosen;
    const row: SessionRow = {
      id,
      version: 1,
      instance,
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
      await store.insert(row);
      await tell(live);
    } catch (error) {
      live.place.free();
      await store.remove(row).catch(this.#options.onProblem);
      throw error;
    }
    this.#live.set(id, live);
    return live;
  }

  /** @throws HttpError `overloaded`, `too_many` */
  #placed(row: SessionRow, session: Session | Run, slot: Slot): Live {
    const place = this.#kept.get(row.id) ?? this.#places.take(row.subject, bytesOf(row));
    this.#kept.delete(row.id);
    return { row, session, slot, place, queue: Promise.resolve(), isStale: false };
  }

  #openAs(
    { id, kind, context, plan }: Pick<SessionRow, 'id' | 'kind' | 'context' | 'plan'>,
    { policy }: Pick<Chosen, 'policy'>,
    resume: Uint8Array | undefined,
  ): Session | Run {
    const options = { id, context, now: this.#options.now(), ...TRUSTED, ...(resume && { resume }) };
    return kind === 'run' ? openRun(policy, plan, options) : openSession(policy, options);
  }

  #resumed(row: SessionRow, slot: Slot): Session | Run {
    const policy = slot.bundle.policy(row.entry ?? undefined);
    return this.#openAs(row, { policy }, Buffer.from(row.snapshot, 'base64'));
  }

  /** @throws HttpError `unknown_session`, `session_elsewhere`, `session_bundle_gone`, `overloaded`, `too_many`, `sessions_unavailable` */
  async find(id: string): Promise<Live> {
    const live = this.#live.get(id) ?? (await this.#loaded(id));
    if (this.#isIdle(live.row)) await this.#queued(live, () => this.#expire(live));
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
    const { store, instance } = this.#options;
    // The id says which replica gave it.
    const isOurs = store.isShared || id.startsWith(`${instance}-`);
    const isAnId = /^[0-9a-f]{8}-[0-9a-f-]{36}$/.test(id);
    const row = isAnId ? await store.read(id) : null;
    if (!row) throw new HttpError(isAnId && !isOurs ? 'session_elsewhere' : 'unknown_session');
    const slot = this.#slotOf(row);
    if (!slot) throw new HttpError('session_bundle_gone');
    const live = this.#placed(row, this.#resumed(row, slot), slot);
    this.#live.set(id, live);
    return live;
  }

  #slotOf({ digest }: SessionRow): Slot | undefined {
    return this.#options.registry.slots.find(({ bundle }) => bundle.identity.digest === digest);
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

  #isIdle({ askedAt }: Pick<SessionRow, 'askedAt'>): boolean {
    return this.#options.now() - askedAt > this.#options.idle;
  }

  /** What another replica has made of it since; it may have ended. @throws HttpError `sessions_unavailable` */
  async #refresh(live: Live): Promise<void> {
    const { store } = this.#options;
    const { id, version } = live.row;
    if (this.#live.get(id) !== live) return;
    if (!live.isStale && (await store.versionOf(id)) === version) return;
    const row = await store.read(id);
    if (row) this.#restore(live, row);
    else this.#gone(live);
  }

  #restore(live: Live, row: SessionRow): void {
    live.row = row;
    live.place.restore(bytesOf(row));
    live.session = this.#resumed(row, live.slot);
    live.isStale = false;
  }

  #gone(live: Live): void {
    if (this.#live.get(live.row.id) !== live) return;
    this.#live.delete(live.row.id);
    live.place.free();
  }

  /**
   * One after the other: `change` works on the session, `tell` writes it down; without both, nothing has happened. Where another replica was
   * faster, `change` is asked again of what that one has left.
   */
  async change<T>(
    live: Live,
    change: (session: Session | Run) => T,
    tell: (told: T) => Promise<unknown>,
  ): Promise<T> {
    return this.#queued(live, async () => {
      await this.#expire(live);
      return this.#tried(live, () => this.#changed(live, change, tell));
    });
  }

  /** @throws HttpError `session_conflict`, `unknown_session` */
  async #tried<T>(live: Live, step: () => Promise<{ readonly told: T } | 'overtaken'>): Promise<T> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      this.#mustLive(live);
      const outcome = await step();
      if (outcome !== 'overtaken') return outcome.told;
      live.isStale = true;
      await this.#refresh(live);
    }
    throw new HttpError('session_conflict');
  }

  async #changed<T>(
    live: Live,
    change: (session: Session | Run) => T,
    tell: (told: T) => Promise<unknown>,
  ): Promise<{ readonly told: T } | 'overtaken'> {
    const before = live.row;
    const { told, row } = this.#asked(live, change);
    // Kept first: what has been answered for is never forgotten, and what is unknown counts as happened.
    if (!(await this.#certain(live, this.#options.store.swap(row)))) return 'overtaken';
    live.row = row;
    try {
      await tell(told);
    } catch (error) {
      await this.#takeBack(live, before);
      throw error;
    }
    return { told };
  }

  /** The session asked, and the row that it is kept as then. */
  #asked<T>(
    live: Live,
    change: (session: Session | Run) => T,
  ): { readonly told: T; readonly row: SessionRow } {
    const before = live.row;
    try {
      const told = change(live.session);
      const snapshot = encode(live.session.snapshot());
      const row = { ...before, version: before.version + 1, snapshot, askedAt: this.#options.now() };
      live.place.resize(bytesOf(row));
      return { told, row };
    } catch (error) {
      this.#restore(live, before);
      throw error;
    }
  }

  /** Where nobody says whether it was done, what is kept is read again before anything else. */
  async #certain<T>(live: Live, done: Promise<T>): Promise<T> {
    try {
      return await done;
    } catch (error) {
      live.isStale = true;
      throw error;
    }
  }

  async #takeBack(live: Live, before: SessionRow): Promise<void> {
    const row = { ...before, version: live.row.version + 1 };
    // Where that fails, it counts as happened: what is kept is what was answered for, and more.
    if (await this.#options.store.swap(row).catch(() => false)) this.#restore(live, row);
    else live.isStale = true;
  }

  /** Ends a session. */
  async close<T>(
    live: Live,
    end: (session: Session | Run) => T,
    tell: (told: T) => Promise<unknown>,
  ): Promise<T> {
    return this.#queued(live, async () => {
      await this.#expire(live);
      return this.#tried(live, () => this.#ended(live, end, tell));
    });
  }

  async #ended<T>(
    live: Live,
    end: (session: Session | Run) => T,
    tell: (told: T) => Promise<unknown>,
  ): Promise<{ readonly told: T } | 'overtaken'> {
    const { store } = this.#options;
    const { row } = live;
    const told = end(live.session);
    if (!(await this.#certain(live, store.remove(row)))) return 'overtaken';
    try {
      await tell(told);
    } catch (error) {
      // Until both are done it is found where it was.
      await this.#certain(live, store.insert(row));
      this.#restore(live, row);
      throw error;
    }
    this.#gone(live);
    return { told };
  }

  /** In the queue of the session: it ends, where nobody has asked for it as long as it lives. */
  async #expire(live: Live): Promise<void> {
    await this.#refresh(live);
    if (this.#live.get(live.row.id) !== live || !this.#isIdle(live.row)) return;
    const { now, tellExpired } = this.#options;
    await this.#tried(live, () =>
      this.#ended(
        live,
        (session) => session.close(now()),
        (decision) => tellExpired(live, decision),
      ),
    );
  }

  /** Ends those that nobody asks any more, of whatever process. Never throws. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep()
      .catch(this.#options.onProblem)
      .finally(() => (this.#sweeping = null));
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { store, instance, now, idle, onProblem } = this.#options;
    const begun = await store.begunBy(instance);
    if (!this.#hasBegun)
      for (const { id, subject, bytes } of begun) this.#kept.set(id, this.#places.hold(subject, bytes));
    this.#hasBegun = true;
    for (const id of await store.idleSince(now() - idle)) await this.#sweepOne(id).catch(onProblem);
    await this.#forgetEnded(new Set(begun.map(({ id }) => id)));
  }

  async #sweepOne(id: string): Promise<void> {
    try {
      await this.find(id);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (error.code === 'session_bundle_gone') await this.#endUndecided(id);
      else if (error.code !== 'unknown_session') throw error;
    }
  }

  /** One whose bundle is no longer here: it ends without a last decision, and its line says so. */
  async #endUndecided(id: string): Promise<void> {
    const { store, tellExpired } = this.#options;
    const row = await store.read(id);
    if (!row || !this.#isIdle(row) || !(await store.remove(row))) return;
    try {
      await tellExpired({ row, slot: null }, null);
    } catch (error) {
      await store.insert(row);
      throw error;
    }
    this.#free(id);
  }

  /** Places of sessions that another replica has ended. */
  async #forgetEnded(kept: ReadonlySet<string>): Promise<void> {
    const { store, instance } = this.#options;
    for (const id of this.#kept.keys()) if (!kept.has(id)) this.#free(id);
    if (!store.isShared) return;
    const isOurs = (id: string): boolean => id.startsWith(`${instance}-`);
    for (const live of this.#live.values())
      if (!(isOurs(live.row.id) && kept.has(live.row.id)))
        await this.#queued(live, () => this.#refresh(live));
  }

  #free(id: string): void {
    this.#kept.get(id)?.free();
    this.#kept.delete(id);
  }

  get size(): number {
    return this.#live.size;
  }

  /** Looks for nothing any more, and lets go of what is kept. */
  async end(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#sweeping;
    await this.#options.store.close();
  }
}
