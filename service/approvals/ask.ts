/** From a decision that wants somebody’s yes to an approval that waits: what an answer says of it. */
import { CanonicalError, digestOf } from '@plan-lint/runtime/digest';
import { planIdOf, policyName } from '../decide/decision.ts';
import type { Outcome, Question } from '../decide/decision.ts';
import { HttpError } from '../http/error.ts';
import { askerOf } from '../http/route.ts';
import type { CallerContext } from '../http/route.ts';
import type { Chosen } from '../policy/registry.ts';
import type { Live } from '../sessions/live.ts';
import type { Request } from './approvals.ts';
import type { ApprovalFinding, ApprovalRow } from './row.ts';

/** In an answer: where to look for what became of it, or why nobody is asked. */
export type Waiting =
  { readonly id: string; readonly digest: string; readonly expires: string } | { readonly problem: string };

/** A rule as violations have it, of plans and of calls. */
interface Finding extends ApprovalFinding {
  readonly enforcement: string;
  readonly waiver: string | null;
}

const findingsOf = (violations: readonly Finding[]): readonly ApprovalFinding[] =>
  violations
    .filter(({ enforcement, waiver }) => enforcement === 'require_approval' && waiver === null)
    .map(({ rule, severity, message, step_id }) => ({ rule, severity, message, step_id }));

const waitingFor = ({ id, digest, expiresAt }: ApprovalRow): Waiting => ({
  id,
  digest,
  expires: new Date(expiresAt).toISOString(),
});

/** A decision stands, whether anybody can be asked or not. */
async function asked(context: CallerContext, make: () => Request): Promise<Waiting | null> {
  const { approvals, log } = context.deps;
  if (!approvals) return null;
  try {
    return waitingFor(await approvals.request(make(), askerOf(context)));
  } catch (error) {
    if (error instanceof CanonicalError) return { problem: `what is asked has no digest: ${error.message}` };
    log.error({ err: error }, 'an approval cannot be asked for');
    return { problem: error instanceof HttpError ? error.message : 'the approval cannot be written down' };
  }
}

const commonOf = ({ caller, deps }: CallerContext) => ({
  subject: caller.identity.username,
  team: caller.identity.team,
  environment: deps.config.environment,
});

/** @returns `null` where approvals are not configured, or none is needed */
export async function askForPlan(
  context: CallerContext,
  chosen: Chosen,
  { plan, context: vouched, values }: Question,
  { status, violations }: Outcome,
): Promise<Waiting | null> {
  if (status !== 'approval') return null;
  const { bundle } = chosen.slot;
  return asked(context, () => ({
    ...commonOf(context),
    kind: 'plan',
    digest: digestOf(plan),
    planId: planIdOf(plan),
    policy: policyName(chosen),
    bundleName: bundle.identity.name,
    bundleDigest: bundle.identity.digest,
    entry: chosen.policy.entry,
    findings: findingsOf(violations),
    asked: plan,
    values,
    context: vouched,
    session: null,
  }));
}

export interface TicketRequest {
  readonly kind: 'run' | 'call';
  readonly ticket: string | null;
  readonly violations: readonly Finding[];
  /** The plan of a run, or the call. */
  readonly asked: unknown;
}

/** @returns `null` where approvals are not configured, or none is needed */
export async function askForTicket(
  context: CallerContext,
  { row, slot }: Live,
  { kind, ticket, violations, asked: what }: TicketRequest,
): Promise<Waiting | null> {
  if (ticket === null) return null;
  return asked(context, () => ({
    ...commonOf(context),
    kind,
    digest: ticket,
    planId: row.kind === 'run' ? planIdOf(row.plan) : 'unknown',
    policy: row.entry ?? slot.bundle.identity.name,
    bundleName: slot.bundle.identity.name,
    bundleDigest: row.digest,
    entry: row.entry,
    findings: findingsOf(violations),
    asked: what,
    values: 'later',
    context: {},
    session: row.id,
  }));
}
