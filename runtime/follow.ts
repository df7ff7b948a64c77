/** A bundle that stays current while a service runs. */
import { BundleError, coded } from './errors.ts';
import type { Bundle, Policy } from './evaluate.ts';
import { fileStore } from './file-store.ts';
import { codeOf, takeTurn } from './file-turn.ts';
import { builtin } from './host.ts';
import type { LoadOptions } from './load.ts';
import type { LoaderGuard } from './options.ts';
import { clock } from './platform.ts';
import { updateTrustRoot } from './root.ts';
import { sourceOf, type Source } from './source.ts';
import { memoryStore, rollbackGuard, type RollbackLimits } from './state.ts';
import { parseTrustRoot, type TrustRoot } from './trust.ts';
import { unpack } from './unpack.ts';
import { loadBundle } from './vm.ts';

declare function setTimeout(done: () => void, ms: number): { unref?(): void };
declare function clearTimeout(timer: unknown): void;

const SECOND = 1000;
/** Of a signed trust root; see `updateTrustRoot`. */
const MAX_ROOT = 0x400000;
/** How many signers a trust root may have, and how many of its versions are walked at once. */
const MAX_STEPS = 16;

export interface FollowOptions extends Omit<LoadOptions, 'state' | 'now'> {
  /** The trust root that the service is shipped with. */
  readonly trust: TrustRoot | Uint8Array | string;
  /** The bundle must have this name. */
  readonly name: string;
  /**
   * A directory of this service's own: what it has seen (`state.json`), the last bundle that was good (`bundle`), the trust
   * roots it has walked. Without one, a restart begins anew.
   */
  readonly state?: string;
  /**
   * Where the next trust roots are: a path or an address with `{version}`. Their signatures lie beside them
   * (`trust.2.json.sigstore.json`, `trust.2.json.2.sigstore.json`).
   */
  readonly roots?: string;
  /** Milliseconds between two questions, give or take a quarter; default 60,000. After failures up to ten times as long. */
  readonly interval?: number;
  /** Milliseconds until a reply must be complete; default 10,000. */
  readonly timeout?: number;
  /**
   * Looks at a bundle before any of it is run or believed, in a thread with a deadline, say. What it throws is told as what a
   * loader throws: the bundle in use stays.
   */
  readonly admit?: (candidate: FollowCandidate) => Promise<void>;
  /** Called when another bundle is in use. */
  readonly onChange?: (bundle: Bundle, previous: Bundle | undefined) => void;
  /** Called for each failure; what is in use stays in use, unless the trust root refuses it: then it denies every plan. */
  readonly onError?: (error: BundleError) => void;
  /** Bounds of sequence and clock. */
  readonly rollback?: RollbackLimits;
  /** Milliseconds since the epoch; default: the clock. */
  readonly clock?: () => number;
}

/** A bundle that has been fetched: bytes that nobody has verified yet. */
export interface FollowCandidate {
  readonly module: Uint8Array;
  /** `undefined` for a single-file bundle. */
  readonly signatures: Uint8Array | readonly Uint8Array[] | undefined;
  /** The trust root in use. */
  readonly trust: TrustRoot;
}

/** How a followed bundle does. */
export interface FollowHealth {
  readonly sequence: number;
  readonly digest: string;
  readonly trustVersion: number;
  /** Milliseconds since the source was last heard and agreed with; grows while it fails. */
  readonly age: number;
  /** Failures since then. */
  readonly failures: number;
  readonly lastError: BundleError | null;
}

export interface FollowedBundle {
  /** The bundle in use. Ask for it anew for each plan. */
  readonly bundle: Bundle;
  /** `bundle.policy(name)` of the bundle in use. */
  readonly policy: (name?: string) => Policy;
  readonly health: () => FollowHealth;
  /** Asks now. Never throws: what fails is told to `onError`. */
  readonly refresh: () => Promise<void>;
  /** Asks no more. The bundle in use stays as it is. */
  readonly stop: () => void;
}

/** What outlives a restart. Nothing of it is believed before it has been verified again. */
interface Memory {
  readonly guard: LoaderGuard;
  keep(name: string, content: Uint8Array): Promise<void>;
  recall(name: string): Promise<Uint8Array | undefined>;
}

function memoryOf(directory: string | undefined, limits: RollbackLimits | undefined): Memory {
  if (directory === undefined)
    return {
      guard: rollbackGuard(memoryStore(), limits),
      keep: () => Promise.resolve(),
      recall: () => Promise.resolve(undefined),
    };
  const fs = builtin('node:fs/promises') as { readonly readFile: (path: string) => Promise<Uint8Array> };
  const at = (name: string): string => `${directory}/${name}`;
  return {
    guard: rollbackGuard(fileStore(at('state.json')), limits),
    async keep(name, content) {
      const turn = await takeTurn(at(name));
      try {
        if (!(await turn.commit(content))) throw new BundleError('state_unreadable', at(name));
      } finally {
        await turn.end();
      }
    },
    async recall(name) {
      try {
        return new Uint8Array(await fs.readFile(at(name)));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw new BundleError('state_unreadable', at(name));
      }
    },
  };
}

const sidecarName = (version: number, index: number): string =>
  `trust.${version}.json${index === 0 ? '' : `.${index + 1}`}.sigstore.json`;

/** The signatures of one root, by convention: the first signer's, then one for each further one. */
async function signaturesOf(
  read: (index: number) => Promise<Uint8Array | null | undefined>,
): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  while (found.length < MAX_STEPS) {
    const next = await read(found.length);
    if (!next) break;
    found.push(next);
  }
  return found;
}

/**
 * Loads a bundle and keeps it current: from a file (watched, and asked from time to time) or an address (asked with its
 * `ETag`). The bundle comes in one piece, as a single file or an archive, so that module and signature are of one release.
 * Each one is verified before it takes the place of another; what fails leaves the one in use where it is. With `state` the
 * last good one is verified again and used at a start at which the source is away.
 *
 * @param source - a path, or a URL with `file:`, `http:` or `https:`
 * @returns once a bundle is in use
 * @throws BundleError with the code of the first check that fails, where no bundle can be used; `source_unreachable`
 * @example
 * const followed = await followBundle('https://policies.example/acme.mjs', {
 *   trust, name: 'acme-payments', audience: 'production', state: '/var/lib/agent', onError: report,
 * });
 * const decision = followed.policy('finance').evaluate(plan);
 */
export async function followBundle(source: string, options: FollowOptions): Promise<FollowedBundle> {
  const { interval = 60 * SECOND, timeout = 10 * SECOND, onChange, onError, roots } = options;
  const now = options.clock ?? clock;
  if (!(interval > 0) || !(timeout > 0)) throw new BundleError('input_invalid');
  const moduleBytes = options.limits?.moduleBytes ?? 0x800000;
  const origin: Source = sourceOf(source, { timeout, size: moduleBytes + 0x80000 });
  const memory = memoryOf(options.state, options.rollback);
  let root = parseTrustRoot(options.trust);
  let current: Bundle | undefined;
  let heard = now();
  let failures = 0;
  let lastError: BundleError | null = null;

  let news: (() => void)[] = [];
  /** Tells the service what has happened, when all of it has: what its own code throws is the service's to see. */
  function tell(): void {
    for (const each of news) void Promise.resolve().then(each);
    news = [];
  }

  function fail(error: unknown): void {
    const problem = coded('source_unreachable', error);
    lastError = problem;
    if (onError) news.push(() => onError(problem));
  }

  /** Walks from the root in use to the last one there is, by signature. */
  async function walkRoots(
    read: (version: number, index: number) => Promise<Uint8Array | null | undefined>,
    isNew: boolean,
  ): Promise<void> {
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const version = root.version + 1;
      const signatures = await signaturesOf((index) => read(version, index));
      if (signatures.length === 0) return;
      const next = await updateTrustRoot(root, signatures, now());
      if (isNew)
        for (const [index, each] of signatures.entries())
          await memory.keep(sidecarName(version, index), each);
      root = next;
    }
  }

  const kept = (version: number, index: number): Promise<Uint8Array | undefined> =>
    memory.recall(sidecarName(version, index));
  const published = (version: number, index: number): Promise<Uint8Array | null | undefined> => {
    const whole = (roots ?? '').replaceAll('{version}', String(version));
    const suffix = `${index === 0 ? '' : `.${index + 1}`}.sigstore.json`;
    return sourceOf(whole + suffix, { timeout, size: MAX_ROOT }).read();
  };

  /** Verifies and loads; the one in use is replaced when all of it has gone well. */
  async function use(bytes: Uint8Array, isNew: boolean): Promise<void> {
    const { module, signatures } = unpack(bytes);
    await options.admit?.({ module, signatures, trust: root });
    const state: LoaderGuard = {
      check: (facts) => memory.guard.check(facts),
      // Before the sequence is remembered: what is kept may be newer than that, never older.
      async commit(facts) {
        if (isNew) await memory.keep('bundle', bytes);
        await memory.guard.commit(facts);
      },
    };
    const next = await loadBundle(module, signatures, root, { ...options, now: now(), state });
    const previous = current;
    current = next;
    if (onChange && previous?.identity.digest !== next.identity.digest)
      news.push(() => onChange(next, previous));
  }

  async function ask(): Promise<void> {
    let isWell = true;
    const note = (error: unknown): void => {
      isWell = false;
      fail(error);
    };
    try {
      if (roots !== undefined) await walkRoots(published, true);
      const bytes = await origin.read();
      if (bytes === null) throw new BundleError('source_unreachable', 'there is nothing of that name');
      if (bytes) await use(bytes, true);
      origin.accept();
    } catch (error) {
      note(error);
    }
    // Whatever became of the source: a key of what is in use may have been revoked, or have expired.
    await current?.check(root, now()).catch(note);
    failures = isWell ? 0 : failures + 1;
    if (isWell) {
      heard = now();
      lastError = null;
    }
    tell();
  }

  let running: Promise<void> | undefined;
  let isStopped = false;

  /** One question after the other. */
  function refresh(): Promise<void> {
    running ??= ask().finally(() => (running = undefined));
    return running;
  }

  await walkRoots(kept, false);
  await refresh();
  if (!current) {
    const missing = lastError ?? new BundleError('source_unreachable');
    const bytes = await memory.recall('bundle');
    if (!bytes) throw missing;
    await use(bytes, false);
    tell();
  }

  let timer: unknown;
  function schedule(): void {
    if (isStopped) return;
    const slower = Math.min(2 ** failures, 10);
    // Apart from each other, so that a fleet does not ask at once.
    const delay = interval * slower * (0.75 + Math.random() / 2);
    const next = setTimeout(() => void refresh().finally(schedule), delay);
    next.unref?.();
    timer = next;
  }
  schedule();

  let settling: unknown;
  const unwatch = origin.watch?.(() => {
    // A swap is several events, and a file may be half written at the first.
    clearTimeout(settling);
    if (!isStopped) settling = setTimeout(() => void refresh(), 100);
  });

  const inUse = (): Bundle => current as unknown as Bundle;
  return {
    get bundle() {
      return inUse();
    },
    policy: (name) => inUse().policy(name),
    health() {
      const { sequence, digest } = inUse().identity;
      return { sequence, digest, trustVersion: root.version, age: now() - heard, failures, lastError };
    },
    refresh,
    stop() {
      isStopped = true;
      clearTimeout(timer);
      clearTimeout(settling);
      unwatch?.();
    },
  };
}
