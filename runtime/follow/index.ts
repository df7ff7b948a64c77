/** A bundle that stays current while a service runs. */
import { BundleError, coded } from '../errors.ts';
import type { Bundle } from '../evaluate.ts';
import type { LoaderGuard } from '../options.ts';
import { clock } from '../platform.ts';
import { parseTrustRoot } from '../trust.ts';
import { unpack } from '../unpack.ts';
import { loadBundle } from '../vm.ts';
import { channelSource } from './channel.ts';
import { memoryOf } from './memory.ts';
import type { FollowedBundle, FollowOptions } from './options.ts';
import { rootWalk } from './roots.ts';
import { scheduleOf } from './schedule.ts';
import { sourceOf } from './source.ts';
import { processTimers } from './timers.ts';

export type { FollowCandidate, FollowedBundle, FollowHealth, FollowOptions } from './options.ts';
export type { Timers } from './timers.ts';

const SECOND = 1000;

/**
 * Loads a bundle and keeps it current: from a file (watched, and asked from time to time) or an address (asked with its
 * `ETag`). The bundle comes in one piece, as a single file or an archive, so that module and signature are of one release.
 * Each one is verified before it takes the place of another; what fails leaves the one in use where it is. With `state` the
 * last good one is verified again and used at a start at which the source is away.
 *
 * @param source - a path, or a URL with `file:`, `http:` or `https:`; with `channel`, those of a registry
 * @returns once a bundle is in use
 * @throws BundleError with the code of the first check that fails, where no bundle can be used; `source_unreachable`
 * @example
 * const followed = await followBundle('https://policies.example/acme.mjs', {
 *   trust, name: 'acme-payments', audience: 'production', state: '/var/lib/agent', onError: report,
 * });
 * const decision = followed.policy('finance').evaluate(plan);
 */
export async function followBundle(source: string, options: FollowOptions): Promise<FollowedBundle> {
  const { interval = 60 * SECOND, timeout = 10 * SECOND, onChange, onError } = options;
  const { clock: now = clock, timers = processTimers } = options;
  if (!(interval > 0) || !(timeout > 0)) throw new BundleError('input_invalid');
  const moduleBytes = options.limits?.moduleBytes ?? 0x800000;
  const bounds = { timeout, after: timers.after };
  const memory = memoryOf(options.state, options.rollback);
  const walk = rootWalk(options.roots, memory, bounds, now);
  let root = parseTrustRoot(options.trust);
  const whole = { ...bounds, size: moduleBytes + 0x80000 };
  const { channel } = options;
  const origin =
    channel === undefined
      ? sourceOf(source, whole)
      : channelSource(
          { registry: source, channel, bundle: options.name },
          { bounds: whole, heads: memory.heads, trust: () => root, now },
        );
  let current: Bundle | undefined;
  let heard = now();
  let failures = 0;
  let lastError: BundleError | null = null;
  let isStopped = false;

  let news: (() => void)[] = [];
  /** Tells the service what has happened, when all of it has: what its own code throws is the service's to see. */
  function tell(): void {
    const told = isStopped ? [] : news;
    news = [];
    for (const each of told) void Promise.resolve().then(each);
  }

  function fail(error: unknown): void {
    const problem = coded('source_unreachable', error);
    lastError = problem;
    if (onError) news.push(() => onError(problem));
  }

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
    if (isStopped) return;
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
      // Roots first: a bundle is held against the last one there is.
      await walk.onward(root, (next) => (root = next));
      const bytes = await origin.read();
      if (bytes === null) throw new BundleError('source_unreachable', `${origin.name}: there is nothing`);
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

  const schedule = scheduleOf(ask, () => failures, interval, timers);
  root = await walk.again(root);
  await schedule.refresh();
  if (!current) {
    const missing = lastError ?? new BundleError('source_unreachable');
    const bytes = await memory.recall('bundle');
    if (!bytes) throw missing;
    await use(bytes, false);
    tell();
  }
  schedule.start();
  const unwatch = origin.watch?.(schedule.changed);

  const inUse = (): Bundle => current as unknown as Bundle;
  return {
    get bundle() {
      return inUse();
    },
    get trust() {
      return root;
    },
    policy: (name) => inUse().policy(name),
    health() {
      const { sequence, digest } = inUse().identity;
      return { sequence, digest, trustVersion: root.version, age: now() - heard, failures, lastError };
    },
    refresh: schedule.refresh,
    stop() {
      isStopped = true;
      schedule.stop();
      unwatch?.();
    },
  };
}
