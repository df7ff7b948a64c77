/** What a yes leads to: a receipt for a plan, the next step of a session for a ticket. */
import type { Decision } from '@plan-lint/runtime';
import type { CallDecision } from '@plan-lint/runtime/session';
import type { Deps } from '../deps.ts';
import { HttpError } from '../http/error.ts';
import type { ApprovalReceipt, ApprovalRow, Ruling } from './row.ts';

/**
 * Asks the policy once more: what was approved has to be what it still asks for.
 *
 * @returns `null` where no decision key is configured
 * @throws HttpError `approval_outdated`
 */
export async function receiptFor(
  row: ApprovalRow,
  { by, at }: Ruling,
  { registry, receipts, rollouts }: Pick<Deps, 'registry' | 'receipts' | 'rollouts'>,
): Promise<ApprovalReceipt | null> {
  const slot = registry.deciding(row.bundleDigest) ?? rollouts.answering(row.bundleDigest);
  if (!slot) throw new HttpError('approval_outdated', 'the bundle that asked decides no longer: ask again');
  const policy = slot.bundle.policy(row.entry ?? undefined);
  const { asked: plan, context, values } = row;
  const { status } = policy.evaluate(plan, { context, values, now: at });
  if (status !== 'approval')
    throw new HttpError('approval_outdated', `the plan is ${status} by now: ask again`);
  if (!receipts) return null;
  const approval = {
    by,
    method: 'plan-lint approvals',
    digest: row.digest,
    at: new Date(at).toISOString(),
  };
  return receipts.sign({ slot, policy }, { plan, context, now: at, values }, [approval]);
}

/** What a session says when it is asked again. */
export type Answered = CallDecision | Decision;

/**
 * Settles a ticket, by whichever road it is decided.
 *
 * @param tell - writes the session’s own line
 * @throws HttpError `unknown_session` and the others of sessions; SessionError
 */
export async function settleTicket(
  { session, digest }: Pick<ApprovalRow, 'session' | 'digest'>,
  { by, at }: Pick<Ruling, 'by' | 'at'>,
  { sessions }: Pick<Deps, 'sessions'>,
  tell: (live: Awaited<ReturnType<Deps['sessions']['find']>>, decision: Answered) => Promise<unknown>,
): Promise<Answered> {
  const live = await sessions.find(session ?? '');
  return sessions.change(
    live,
    (open): Answered => open.approve(digest, { by, at }),
    (decision: Answered) => tell(live, decision),
  );
}
