/** A bundle at an address: followed by the runtime, which asks with its `ETag`, walks trust roots and keeps the last good one. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleError } from '@plan-lint/runtime';
import type { Bundle, TrustRoot } from '@plan-lint/runtime';
import { followBundle } from '@plan-lint/runtime/node';
import type { FollowCandidate, FollowedBundle } from '@plan-lint/runtime/node';
import { ServiceError } from '../../failure.ts';
import type { Candidate } from '../candidate.ts';
import { tryBundle } from '../trial.ts';
import type { Source, SourceOptions } from './source.ts';

type Fetched = Candidate & { readonly trust: TrustRoot };

/** How long until a start that failed is tried again, milliseconds. */
const AGAIN = 2_000;

/** @throws ServiceError without the name that the bundle must have */
export function followedSource(options: SourceOptions): Source {
  const { where, channel, trust, load, roots, poll, loadTimeout, stateDir, now, registry, activation } =
    options;
  const { name } = load;
  if (name === undefined)
    throw new ServiceError(
      '`policies.name` is missing',
      'a bundle at an address is followed by its name: policies.name: acme',
    );
  let followed: FollowedBundle | null = null;
  let fetched: Fetched | null = null;
  let asked: TrustRoot | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  /** Tried in a thread first, as every bundle is. */
  async function admit({ module, signatures = [], trust: root }: FollowCandidate): Promise<void> {
    const sidecars = signatures instanceof Uint8Array ? [signatures] : signatures;
    fetched = {
      module,
      sidecars: sidecars.length > 0 ? sidecars : undefined,
      trust: root,
      load,
      isSigned: true,
      origin: where,
    };
    await tryBundle(fetched, loadTimeout);
  }

  /** The answer waits for nobody: where the audit log cannot be written, the bundle is adopted when it can. */
  async function adopt(bundle: Bundle, candidate: Fetched): Promise<void> {
    try {
      await activation.follow(bundle, candidate);
    } catch (error) {
      // For what it is: that does not change.
      if (error instanceof BundleError) return;
      setTimeout(() => {
        // Another one may have come meanwhile.
        if (!isStopped && followed?.bundle === bundle) void adopt(bundle, candidate);
      }, AGAIN).unref();
    }
  }

  async function noteHealth(): Promise<void> {
    if (!followed) return;
    const { trust: root } = followed;
    if (root !== asked) {
      asked = root;
      await activation.check(root, where);
    }
    const { age, lastError } = followed.health();
    const status = registry.statusOf(name ?? '');
    if (!lastError) status.heard(now() - age);
  }

  async function start(): Promise<void> {
    try {
      const state = stateDir === null ? null : join(stateDir, 'followed');
      if (state !== null) await mkdir(state, { recursive: true, mode: 0o700 });
      followed = await followBundle(where, {
        ...load,
        name: name ?? '',
        trust: await readFile(trust ?? ''),
        ...(state !== null && { state }),
        ...(channel !== null && { channel }),
        ...(roots !== null && { roots }),
        interval: poll,
        admit,
        onChange: (bundle) => void (fetched && adopt(bundle, fetched)),
        onError: (error) => void activation.refuse(error, where),
      });
      if (isStopped) followed.stop();
    } catch (error) {
      if (!(error instanceof BundleError)) await activation.refuse(error, where);
      if (!isStopped) timer = setTimeout(() => void start(), AGAIN);
    }
  }

  const watch = setInterval(() => void noteHealth(), 1_000);
  watch.unref();
  return {
    async refresh() {
      await (followed ? followed.refresh() : start());
      await noteHealth();
    },
    trust: () => Promise.resolve(followed?.trust ?? null),
    stop() {
      isStopped = true;
      clearTimeout(timer);
      clearInterval(watch);
      followed?.stop();
    },
  };
}
