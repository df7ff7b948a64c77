/**
 * The ordered steps by which a bundle comes to decide: tried in a thread ▸ verified and loaded ▸ told to the audit log ▸ swapped in ▸
 * kept as the last good one. Whatever fails leaves the one in use where it is, and is told.
 */
import { BundleError, parseTrustRoot } from '@plan-lint/runtime';
import type { Bundle, LoaderGuard, TrustRoot } from '@plan-lint/runtime';
import { loadBundle } from '@plan-lint/runtime/node';
import { eventWithoutPlan, SERVICE } from '../audit/event.ts';
import type { Asker, AuditEvent } from '../audit/event.ts';
import type { Candidate } from './candidate.ts';
import type { Registry } from './registry.ts';
import { slotOf } from './slot.ts';
import type { Slot } from './slot.ts';
import { tryBundle } from './trial.ts';

export interface ActivationOptions {
  readonly registry: Registry;
  /** Against rollback; signed bundles alone have a sequence. */
  readonly guard: LoaderGuard;
  /** Milliseconds. */
  readonly loadTimeout: number;
  readonly now: () => number;
  /** Resolves when it is written. */
  readonly audit: (event: AuditEvent) => Promise<unknown>;
  /** Keeps the last good one. */
  readonly keep: (slot: Slot) => Promise<void>;
  readonly onActivated: (slot: Slot, previous: Slot | null) => void;
  readonly onRefused: (code: string, message: string, origin: string) => void;
}

export class Activation {
  readonly #options: ActivationOptions;
  /** One after the other: two looks at a source must not overtake each other. */
  #queue: Promise<unknown> = Promise.resolve();
  /** By origin, the last refusal. */
  readonly #refused = new Map<string, string>();

  constructor(options: ActivationOptions) {
    this.#options = options;
  }

  /**
   * Runs between two activations: whoever looks at what decides, and changes it by what was seen, is not overtaken.
   *
   * @throws what `step` throws
   */
  inTurn<T>(step: () => Promise<T>): Promise<T> {
    const work = this.#queue.then(step);
    this.#queue = work.catch(() => undefined);
    return work;
  }

  /**
   * @param candidate - or what makes it when its turn has come, so that it is held against the trust root of then
   * @throws BundleError with the code of the first step that fails, AuditError
   */
  activate(candidate: Candidate | (() => Promise<Candidate>), asker: Asker = SERVICE): Promise<Slot> {
    return this.inTurn(async () => {
      if (typeof candidate !== 'function') return this.#activate(candidate, asker);
      const made = await candidate().catch(async (error: unknown) => {
        await this.refuse(error, 'activate', asker);
        throw error;
      });
      return this.#activate(made, asker);
    });
  }

  /**
   * A bundle that does not decide yet, and may come to: tried, verified and loaded like any other, and not older than what has decided
   * here. The memory of sequences is not moved by it, for what decides goes on.
   *
   * @throws BundleError with the code of the first step that fails
   */
  prepare(candidate: () => Promise<Candidate>, asker: Asker): Promise<Slot> {
    return this.inTurn(async () => {
      const { guard, loadTimeout, now } = this.#options;
      let origin = 'rollout';
      try {
        const made = await candidate();
        origin = made.origin;
        await tryBundle(made, loadTimeout);
        const { module, sidecars, trust, load } = made;
        const bundle = await loadBundle(module, sidecars, trust, { ...load, now: now() });
        const { name, sequence, digest } = bundle.identity;
        await guard.check({
          name,
          sequence,
          digest,
          now: now(),
          trustVersion: parseTrustRoot(trust).version,
        });
        return slotOf(bundle, made, now());
      } catch (error) {
        await this.refuse(error, origin, asker);
        throw error;
      }
    });
  }

  /**
   * A bundle that somebody else has loaded: held against the same memory as all others.
   *
   * @throws BundleError `sequence_rollback` and the others of the guard, AuditError
   */
  follow(bundle: Bundle, candidate: Candidate & { readonly trust: TrustRoot }): Promise<Slot> {
    return this.inTurn(async () => {
      const { guard, now } = this.#options;
      const { name, sequence, digest } = bundle.identity;
      const facts = { name, sequence, digest, now: now(), trustVersion: candidate.trust.version };
      try {
        await guard.check(facts);
        await guard.commit(facts);
        return await this.#adopt(bundle, candidate, SERVICE);
      } catch (error) {
        if (error instanceof BundleError) await this.refuse(error, candidate.origin);
        throw error;
      }
    });
  }

  /**
   * Asks a trust root about every bundle that decides somewhere, sessions included: a key may have been revoked, or a bundle
   * withdrawn. What it refuses denies from then on.
   */
  check(root: Uint8Array | TrustRoot, origin: string): Promise<void> {
    return this.inTurn(async () => {
      const { registry, now } = this.#options;
      for (const { bundle } of registry.inUse)
        await bundle.check(root, now()).catch((error: unknown) => this.refuse(error, origin));
    });
  }

  async #activate(candidate: Candidate, asker: Asker): Promise<Slot> {
    const { guard, loadTimeout } = this.#options;
    try {
      await tryBundle(candidate, loadTimeout);
      const { module, sidecars, trust, load, isSigned } = candidate;
      const options = { ...load, now: this.#options.now(), ...(isSigned && { state: guard }) };
      const bundle = await loadBundle(module, sidecars, trust, options);
      return await this.#adopt(bundle, candidate, asker);
    } catch (error) {
      await this.refuse(error, candidate.origin, asker);
      throw error;
    }
  }

  /** The last steps, for a bundle that has been loaded. @throws AuditError */
  async #adopt(bundle: Bundle, candidate: Candidate, asker: Asker): Promise<Slot> {
    const { registry, now, audit, keep, onActivated } = this.#options;
    const { name, version, sequence, digest } = bundle.identity;
    const previous = registry.slot(name);
    const slot = slotOf(bundle, candidate, now());
    const detail = {
      version,
      sequence,
      signed: candidate.isSigned,
      previous: previous && `sha256:${previous.bundle.identity.digest}`,
    };
    const bundleId = `sha256:${digest}`;
    await audit(eventWithoutPlan('policy_activated', asker, { policy: name, bundle: bundleId, detail }));
    registry.put(slot);
    this.#refused.delete(candidate.origin);
    registry.statusOf(name).heard(now());
    onActivated(slot, previous);
    await keep(slot);
    return slot;
  }

  /** Tells that a bundle was refused; what decides stays. */
  async refuse(error: unknown, origin: string, asker: Asker = SERVICE): Promise<void> {
    const code = error instanceof BundleError ? error.code : codeOf(error);
    const message = error instanceof Error ? error.message : String(error);
    this.#options.onRefused(code, message, origin);
    // A source that fails at every look is written down once, until it has gone well again.
    const told = `${code} ${message}`;
    if (asker === SERVICE && this.#refused.get(origin) === told) return;
    this.#refused.set(origin, told);
    const event = eventWithoutPlan('policy_refused', asker, { detail: { code, message, origin } });
    // Nothing changes by a refusal: one that cannot be written down is a refusal all the same.
    await this.#options.audit(event).catch(() => undefined);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
