/** A session: an agent without a plan, held call by call to what a plan would be held to. */
import type { Decision } from '../contract.ts';
import type { Policy } from '../evaluate.ts';
import { freeze } from '../platform.ts';
import {
  SessionCore,
  UNSETTLED,
  type Approval,
  type EndAnswer,
  type EndOptions,
  type Obligation,
  type SessionOptions,
} from './core.ts';
import type { CallDecision } from './decision.ts';
import { openSnapshot, sealSnapshot, type Sealing } from './snapshot.ts';

/** A call that is about to be made. Its arguments are values: nothing in them is a reference. */
export interface SessionCall {
  /** Names it in `end` and `reads`; made up when absent. */
  readonly id?: string;
  readonly tool: string;
  readonly args: unknown;
  /** Earlier calls whose results stand in the arguments, all of them, where the caller tracks that; else left out. */
  readonly reads?: readonly string[];
  /** Milliseconds since the epoch; the clock when absent. A time before the last one is the last one. */
  readonly now?: number;
}

export interface Session {
  readonly id: string;
  /** Decides a call as the next step of what was admitted before. Synchronous, never throws; what is valid counts from now on. */
  call(call: SessionCall): CallDecision;
  /**
   * Says how a call ended that was admitted, and tells what of its result may be handed on: that alone is for the agent, and the
   * session knows of no other.
   *
   * @throws SessionError
   */
  end(id: string, options: EndOptions): EndAnswer;
  /**
   * Settles what `require_approval` says of exactly the call that has this ticket, once, and asks it again.
   *
   * @throws SessionError `session.ticket_unknown`, `session.ticket_used`
   */
  approve(ticket: string, approval: Approval): CallDecision;
  /** What must still follow. */
  readonly owed: readonly Obligation[];
  /** Ends the session: what is still owed is a violation. */
  close(now?: number): Decision;
  /** Rules that only a plan can be asked. */
  readonly skipped: readonly string[];
  /**
   * The session as bytes, to be taken up elsewhere with `resume`.
   *
   * @throws SessionError `session.snapshot_too_large`, `session.closed`
   */
  snapshot(sealing?: Sealing): Uint8Array;
}

export interface OpenSessionOptions extends SessionOptions {
  /** What `snapshot` gave, with the key it was sealed with, or from a store that the host trusts. */
  readonly resume?: Uint8Array;
  readonly sealing?: Sealing;
}

/** Reads a call once, and asks. */
function askedOf(core: SessionCore, asked: SessionCall): CallDecision {
  try {
    const { id, tool, args, reads, now } = asked;
    return core.ask(
      {
        id: id ?? core.nextId(),
        tool,
        args,
        reads: reads ?? null,
        sources: null,
        settled: UNSETTLED,
        planned: null,
      },
      now,
    );
  } catch {
    return core.refuse('', 'session.call', 'a call is an object with `tool` and `args`');
  }
}

/**
 * Opens a session of a policy.
 *
 * @throws BundleError `capability_missing` for a bundle that was built without the capability `session`; SessionError
 * @example
 * const session = openSession(bundle.policy(), { id: 'run-17', context: { role: 'analyst' } });
 * const decision = session.call({ tool: 'payments.transfer', args: { amount: 12, to: 'DE89 3704' } });
 * if (decision.valid) {
 *   const { result } = session.end(decision.id, { outcome: 'succeeded', result: await pay() });
 *   tellTheAgent(result);
 * }
 */
export function openSession(policy: Policy, options: OpenSessionOptions): Session {
  const { resume, sealing } = options;
  const probe = { kind: 'session', policy, options } as const;
  const saved = resume === undefined ? null : openSnapshot(resume, sealing, probe);
  const core = new SessionCore(policy, options, saved?.core ?? null);
  return freeze({
    id: core.id,
    call: (asked: SessionCall) => askedOf(core, asked),
    end: (id: string, ending: EndOptions) => core.end(id, ending),
    approve: (ticket: string, approval: Approval) => core.approve(ticket, approval),
    get owed() {
      return core.owed;
    },
    close: (now?: number) => core.close(now),
    skipped: core.module.skipped,
    snapshot: (own?: Sealing) =>
      sealSnapshot({ core: core.save(), run: null }, own ?? sealing, probe, core.limits.snapshot),
  });
}
