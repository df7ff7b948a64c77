/**
 * Approvals that wait for somebody’s word. Each is about exactly one plan, by its digest, or one call, by its ticket; it is asked for once,
 * decided once, by somebody else than whoever asked, and it ends by itself.
 */
import { randomUUID } from 'node:crypto';
import { digestOf } from '@plan-lint/runtime/digest';
import { SERVICE } from '../audit/event.ts';
import type { Asker, AuditEvent } from '../audit/event.ts';
import { HttpError } from '../http/error.ts';
import { approvalEvent } from './event.ts';
import type { ApprovalReceipt, ApprovalRow, ApprovalStore, Ruling } from './row.ts';

/** Between two looks for what has expired, milliseconds. */
const SWEEP = 10_000;

export interface ApprovalsOptions {
  readonly store: ApprovalStore;
  /** Milliseconds until one ends by itself. */
  readonly life: number;
  /** How long those that were settled are kept. */
  readonly keep: number;
  readonly limits: { readonly all: number; readonly ofOne: number };
  readonly audit: (event: AuditEvent) => Promise<unknown>;
  readonly onProblem: (error: unknown) => void;
  readonly now: () => number;
}

/** What is asked for, before it has a place and a time. */
export type Request = Omit<
  ApprovalRow,
  'id' | 'version' | 'state' | 'key' | 'createdAt' | 'expiresAt' | 'ruling' | 'receipt'
>;

/** What somebody says. */
export interface Word extends Pick<Ruling, 'by' | 'reason'> {
  readonly isApproved: boolean;
  /** What they have seen: that of another plan or call counts for nothing. */
  readonly digest: string;
}

/** What makes two requests the same one. @throws CanonicalError */
function keyOf({ subject, kind, digest, entry, bundleDigest, context, session, values }: Request): string {
  return session === null
    ? digestOf({ subject, kind, digest, entry, bundleDigest, context, values })
    : ticketKey(session, digest);
}

const ticketKey = (session: string, ticket: string): string => digestOf({ session, ticket });

export class Approvals {
  readonly #options: ApprovalsOptions;
  readonly #timer: NodeJS.Timeout;
  /** One after the other: what has been looked at is still so when it is changed. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ApprovalsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.sweep().catch(options.onProblem), SWEEP);
    this.#timer.unref();
  }

  get store(): ApprovalStore {
    return this.#options.store;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /**
   * Asks for an approval; the same, asked again while it waits, is one.
   *
   * @throws HttpError `too_many`, `overloaded`, `approvals_unavailable`; CanonicalError for what has no digest; AuditError
   */
  request(request: Request, asker: Asker): Promise<ApprovalRow> {
    const { subject } = request;
    const key = keyOf(request);
    return this.#inTurn(async () => {
      const { store, life, limits, audit, now } = this.#options;
      const earlier = await store.lastFor(key);
      if (earlier?.state === 'pending' && !this.#hasLapsed(earlier)) return earlier;
      const { all, ofOne } = await store.waiting(subject);
      if (ofOne >= limits.ofOne) throw new HttpError('too_many', 'too many approvals of this user wait');
      if (all >= limits.all) throw new HttpError('overloaded', 'too many approvals wait');
      const createdAt = now();
      const row: ApprovalRow = {
        ...request,
        id: randomUUID(),
        version: 1,
        state: 'pending',
        key,
        createdAt,
        expiresAt: createdAt + life,
        ruling: null,
        receipt: null,
      };
      await store.insert(row);
      try {
        await audit(approvalEvent('approval_requested', row, asker));
      } catch (error) {
        await store.remove(row.id);
        throw error;
      }
      return row;
    });
  }

  /** @throws HttpError `unknown_approval`, `approvals_unavailable` */
  async find(id: string): Promise<ApprovalRow> {
    const row = await this.#options.store.read(id);
    if (!row) throw new HttpError('unknown_approval');
    // Nobody may take for alive what nobody has looked at yet.
    return this.#hasLapsed(row) ? { ...row, state: 'expired' } : row;
  }

  /** The one of a ticket; `null` where none was asked for. @throws HttpError `approvals_unavailable` */
  ofTicket(session: string, ticket: string): Promise<ApprovalRow | null> {
    return this.#options.store.lastFor(ticketKey(session, ticket));
  }

  #hasLapsed({ state, expiresAt }: ApprovalRow): boolean {
    return state === 'pending' && expiresAt <= this.#options.now();
  }

  /**
   * Settles an approval.
   *
   * @param settle - does what a yes leads to, before the line is written; what it gives is kept
   * @throws HttpError `unknown_approval`, `approval_settled`, `other_digest`, `forbidden`; AuditError
   */
  decide(
    id: string,
    word: Word,
    asker: Asker,
    settle: (row: ApprovalRow, ruling: Ruling) => Promise<ApprovalReceipt | null>,
  ): Promise<ApprovalRow> {
    return this.#inTurn(async () => {
      const { store, audit, now } = this.#options;
      const row = await this.find(id);
      if (row.subject === word.by) throw new HttpError('forbidden');
      if (row.state !== 'pending') throw new HttpError('approval_settled', `it is ${row.state} already`);
      if (row.digest !== word.digest)
        throw new HttpError('other_digest', `what waits has the digest ${row.digest}`);
      const ruling: Ruling = { by: word.by, at: now(), reason: word.reason };
      const receipt = word.isApproved ? await settle(row, ruling) : null;
      const settled: ApprovalRow = {
        ...row,
        version: row.version + 1,
        state: word.isApproved ? 'approved' : 'denied',
        ruling,
        receipt,
      };
      // In force when it is written down, and not before: nobody is handed a receipt that no line stands for.
      await audit(approvalEvent('approval_decided', settled, asker));
      if (!(await store.swap(settled)))
        throw new HttpError('approval_settled', 'somebody else has decided it meanwhile');
      return settled;
    });
  }

  /** The ones that wait for nothing any more are ended, each with its line. */
  sweep(): Promise<void> {
    return this.#inTurn(async () => {
      const { store, audit, now, keep } = this.#options;
      for (const row of await store.lapsed(now())) {
        const ended: ApprovalRow = { ...row, version: row.version + 1, state: 'expired' };
        // Another replica may have been faster; its line is enough.
        if (!(await store.swap(ended))) continue;
        try {
          await audit(approvalEvent('approval_expired', ended, SERVICE));
        } catch (error) {
          await store.swap({ ...row, version: ended.version + 1 });
          throw error;
        }
      }
      await store.forget(now() - keep);
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#queue;
    await this.#options.store.close();
  }
}
