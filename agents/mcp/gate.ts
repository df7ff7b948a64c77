/** The session behind the proxy: each call is decided, written down, approved, ended. */
import type { Bundle, Policy } from '@plan-lint/runtime';
import { openSession } from '@plan-lint/runtime/session';
import type { CallDecision, EndAnswer, Session } from '@plan-lint/runtime/session';
import type { Outcome } from '@plan-lint/runtime/contract';
import { decisionMembers, digestOrNull } from '../audit.ts';
import type { AuditLog } from '../audit.ts';
import type { JsonRecord } from './wire/message.ts';

export interface GateOptions {
  readonly bundle: Bundle;
  readonly policy: Policy;
  /** Names the session in tickets and in the log. */
  readonly session: string;
  /** What the caller vouches for. */
  readonly context: unknown;
  readonly audit: AuditLog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A call as policies see it. */
export interface GateCall {
  readonly tool: string;
  readonly args: JsonRecord;
}

/** Rules that ask for the name of a tool alone. */
const NAME_RULES: readonly string[] = ['allow_tools', 'tools'];

export interface GateCounts {
  readonly calls: number;
  readonly denied: number;
  readonly running: number;
}

export class Gate {
  readonly #options: GateOptions;
  readonly #session: Session;
  /** When each call that runs was admitted. */
  readonly #running = new Map<string, number>();
  /** Ids of calls that nobody has admitted: given to the next ones, so that what waits for nobody is forgotten. */
  readonly #free: string[] = [];
  #made = 0;
  #denied = 0;

  /** @throws BundleError `capability_missing` */
  constructor(options: GateOptions) {
    const { policy, session, context, now } = options;
    this.#options = options;
    this.#session = openSession(policy, { id: session, context, now: now() });
  }

  /** Decides a call. What cannot be written down is not made. @throws the file system's error */
  decide(call: GateCall): CallDecision {
    const { now } = this.#options;
    const id = this.#free.pop() ?? `call-${(this.#made += 1)}`;
    return this.#tell('decided', call, this.#session.call({ id, ...call, now: now() }));
  }

  /** Asks again what somebody has approved. @throws SessionError, the file system's error */
  approve(call: GateCall, ticket: string, by: string): CallDecision {
    const { now } = this.#options;
    return this.#tell('approved', call, this.#session.approve(ticket, { by, at: now() }), { by });
  }

  /** Nobody approved it. */
  refuse({ tool }: GateCall, id: string, reason: string): void {
    this.#denied += 1;
    this.#free.push(id);
    this.#write({ event: 'refused', call: id, tool, reason });
  }

  /** A call that no policy was asked about. */
  refuseUnasked(tool: string, reason: string): void {
    this.#denied += 1;
    this.#write({ event: 'refused', tool, reason });
  }

  #tell(event: string, { tool, args }: GateCall, decision: CallDecision, more: object = {}): CallDecision {
    const { id, status } = decision;
    try {
      const digest = digestOrNull(args);
      this.#write({ event, call: id, tool, args_sha256: digest, ...more, ...decisionMembers(decision) });
    } catch (error) {
      if (decision.admitted) this.#session.end(id, { outcome: 'not_started' });
      throw error;
    }
    if (decision.admitted) this.#running.set(id, this.#options.now());
    if (status === 'deny') {
      this.#denied += 1;
      this.#free.push(id);
    }
    return decision;
  }

  /** Says how a call ended; what has ended before stays as it was. @returns what of the result may be passed on; `null` where nothing is said of it */
  end(id: string, outcome: Outcome, result?: JsonRecord): EndAnswer | null {
    const began = this.#running.get(id);
    if (began === undefined) return null;
    this.#running.delete(id);
    const answer = this.#session.end(id, { outcome, ...(result !== undefined && { result }) });
    const duration_ms = Math.max(0, this.#options.now() - began);
    const { findings, blocked } = answer;
    this.#write({
      event: 'ended',
      call: id,
      outcome,
      result_sha256: digestOrNull(result),
      ...(findings.length > 0 && {
        kept_back: blocked ? 'blocked' : 'redacted',
        rules: [...new Set(findings.map(({ rule }) => rule))],
      }),
      duration_ms,
    });
    return answer;
  }

  /** Whether no call of this tool is admitted, whatever its arguments. */
  hides(tool: string): boolean {
    const { policy, context, now } = this.#options;
    const plan = { steps: [{ id: 'call', tool, args: {} }] };
    const { violations } = policy.evaluate(plan, { context, now: now() });
    return violations.some(
      ({ rule, enforcement, waiver }) =>
        enforcement === 'deny' && waiver === null && NAME_RULES.includes(rule),
    );
  }

  /** Why nothing would be admitted now; `null` where something may be. */
  get problem(): string | null {
    return this.#options.policy.parts.problem(this.#options.now())?.message ?? null;
  }

  get counts(): GateCounts {
    return { calls: this.#made, denied: this.#denied, running: this.#running.size };
  }

  /** What must still follow, in words. */
  get owed(): readonly string[] {
    return this.#session.owed.map(({ rule, message }) => `${message} (rule ${rule})`);
  }

  /** Ends the session. @returns what was still owed */
  close(): readonly string[] {
    const { owed } = this;
    for (const id of [...this.#running.keys()]) this.end(id, 'unknown');
    const { status, violations } = this.#session.close(this.#options.now());
    this.#write({ event: 'closed', status, rules: violations.map(({ rule }) => rule), ...this.counts });
    return owed;
  }

  #write(record: Readonly<Record<string, unknown>>): void {
    const { audit, now, session } = this.#options;
    audit.write({ time: new Date(now()).toISOString(), session, ...record });
  }
}
