/**
 * The ordered steps by which a bundle comes to decide: tried in a thread ▸ verified and loaded ▸ told to the audit log ▸ swapped in ▸
 * kept as the last good one. Whatever fails leaves the one in use where it is, and is told.
 */
import { BundleError } from '@plan-lint/runtime';
import type { Bundle, LoaderGuard } from '@plan-lint/runtime';
import { loadBundle } from '@plan-lint/runtime/node';
import type { AuditEvent } from '../audit/event.ts';
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

/** Who wants it, for the audit log. */
export interface Asker {
  readonly user: string;
  readonly requestId?: string;
  readonly sourceIp?: string;
}

export const SERVICE: Asker = { user: 'plan-lint' };

export class Activation {
  readonly #options: ActivationOptions;
  /** One after the other: two looks at a source must not overtake each other. */
  #queue: Promise<unknown> = Promise.resolve();
  /** By origin, the last refusal. */
  readonly #refused = new Map<string, string>();

  constructor(options: ActivationOptions) {
    this.#options = options;
  }

  /** @throws BundleError with the code of the first step that fails, AuditError */
  activate(candidate: Candidate, asker: Asker = SERVICE): Promise<Slot> {
    const work = this.#queue.then(() => this.#activate(candidate, asker));
    this.#queue = work.catch(() => undefined);
    return work;
  }

  async #activate(candidate: Candidate, asker: Asker): Promise<Slot> {
    const { guard, loadTimeout } = this.#options;
    try {
      await tryBundle(candidate, loadTimeout);
      const { module, sidecars, trust, load, isSigned } = candidate;
      const options = { ...load, now: this.#options.now(), ...(isSigned && { state: guard }) };
      const bundle = await loadBundle(module, sidecars, trust, options);
      return await this.adopt(bundle, candidate, asker);
    } catch (error) {
      await this.refuse(error, candidate.origin, asker);
      throw error;
    }
  }

  /** The last steps, for a bundle that has been loaded. @throws AuditError */
  async adopt(bundle: Bundle, candidate: Candidate, asker: Asker = SERVICE): Promise<Slot> {
    const { registry, now, audit, keep, onActivated } = this.#options;
    const { name, version, sequence, digest } = bundle.identity;
    const previous = registry.slot(name);
    const slot = slotOf(bundle, candidate, now());
    await audit({
      ...eventOf('policy_activated', asker, name),
      bundle: `sha256:${digest}`,
      detail: {
        version,
        sequence,
        signed: candidate.isSigned,
        previous: previous && `sha256:${previous.bundle.identity.digest}`,
      },
    });
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
    const event = { ...eventOf('policy_refused', asker, 'unknown'), detail: { code, message, origin } };
    // Nothing changes by a refusal: one that cannot be written down is a refusal all the same.
    await this.#options.audit(event).catch(() => undefined);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'internal';

/** The event of something done to policies. */
export const eventOf = (action: AuditEvent['action'], asker: Asker, policy: string): AuditEvent => ({
  action,
  plan_id: 'unknown',
  policy_id: policy,
  user: asker.user,
  ...(asker.requestId !== undefined && { request_id: asker.requestId }),
  ...(asker.sourceIp !== undefined && { source_ip: asker.sourceIp }),
});
