/** `/approvals`: what waits for somebody’s yes, and the word of those who may say it. */
import { eventWithoutPlan } from '../../audit/event.ts';
import { APPROVAL_STATES } from '../../approvals/row.ts';
import type { ApprovalQuery, ApprovalRow, ApprovalState } from '../../approvals/row.ts';
import type { Approvals, Word } from '../../approvals/approvals.ts';
import { receiptFor, settleTicket } from '../../approvals/settle.ts';
import { record } from '../../decide/record.ts';
import { APPROVAL, APPROVAL_PAGE } from '../../openapi/schemas.ts';
import { sightOf } from '../../rbac/entries.ts';
import { readBody, textIn } from '../../sessions/body.ts';
import { HttpError } from '../error.ts';
import { askerOf, json, pathOf, queryOf } from '../route.ts';
import type { Answer, CallerContext, GuardedRoute } from '../route.ts';
import { inSession, tellApproval } from './sessions.ts';

const MOST = 1_000;
/** Of a reason, in characters: it stands in a line of the audit log. */
const REASON = 500;

function approvalsOf({ deps }: CallerContext): Approvals {
  if (deps.approvals) return deps.approvals;
  throw new HttpError('not_found', 'no approvals are configured: set `approvals`');
}

/** Without what was asked: a list is for looking through. */
const shortOf = ({ ruling, ...row }: ApprovalRow) => ({
  id: row.id,
  state: row.state,
  kind: row.kind,
  digest: row.digest,
  plan_id: row.planId,
  policy: row.policy,
  bundle: { name: row.bundleName, digest: row.bundleDigest },
  requested_by: row.subject,
  team: row.team,
  environment: row.environment,
  findings: row.findings,
  ...(row.session !== null && { session_id: row.session }),
  created: new Date(row.createdAt).toISOString(),
  expires: new Date(row.expiresAt).toISOString(),
  decided_by: ruling?.by ?? null,
  decided: ruling && new Date(ruling.at).toISOString(),
  reason: ruling?.reason ?? null,
});

const wholeOf = (row: ApprovalRow) => ({
  ...shortOf(row),
  asked: row.asked,
  ...(row.receipt && { receipt: row.receipt }),
});

/** Whose approvals somebody who may decide sees; `null`: of all teams. @throws HttpError `forbidden` */
function teamSeen({ caller, deps }: CallerContext): string | null {
  const sight = sightOf(caller.identity.team, deps.config.teams);
  // An empty page would say that nothing waits.
  if (sight.kind === 'none') throw new HttpError('forbidden');
  return sight.kind === 'team' ? sight.team : null;
}

function queryFrom(context: CallerContext): ApprovalQuery {
  const state = queryOf(context, 'state') ?? 'pending';
  if (state !== 'all' && !APPROVAL_STATES.includes(state as ApprovalState))
    throw new HttpError('bad_request', `\`state\` is ${APPROVAL_STATES.join(', ')} or all`);
  const limit = queryOf(context, 'limit') ?? '100';
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > MOST)
    throw new HttpError('bad_request', `\`limit\` is from 1 to ${MOST}`);
  return {
    state: state === 'all' ? null : (state as ApprovalState),
    team: teamSeen(context),
    limit: Number(limit) + 1,
    after: cursorFrom(queryOf(context, 'after')),
  };
}

const cursorOf = ({ createdAt, id }: ApprovalRow): string =>
  Buffer.from(`${createdAt}.${id}`).toString('base64url');

function cursorFrom(text: string | null): ApprovalQuery['after'] {
  if (text === null) return null;
  const [, at, id] = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined)
    throw new HttpError('bad_request', '`after` is no `next` of a page');
  return { createdAt: Number(at), id };
}

const tellRead = (context: CallerContext, detail: Readonly<Record<string, string>>): Promise<unknown> =>
  record(
    eventWithoutPlan('approvals_read', askerOf(context), { via: 'approvals', detail }),
    context.deps,
    context.request,
  );

async function list(context: CallerContext): Promise<Answer> {
  const approvals = approvalsOf(context);
  const query = queryFrom(context);
  await approvals.sweep();
  const rows = await approvals.store.list(query);
  const page = rows.slice(0, query.limit - 1);
  const last = page.at(-1);
  await tellRead(context, { state: query.state ?? 'all' });
  return json({
    approvals: page.map(shortOf),
    next: rows.length > page.length && last ? cursorOf(last) : null,
  });
}

/** Who asked sees what became of it; of the others, those who may decide. @throws HttpError `unknown_approval` */
async function visible(context: CallerContext, approvals: Approvals): Promise<ApprovalRow> {
  const row = await approvals.find(pathOf(context, 'id'));
  const { identity, permissions } = context.caller;
  if (row.subject === identity.username) return row;
  if (!permissions.has('approve_plan')) throw new HttpError('unknown_approval');
  const team = teamSeen(context);
  if (team !== null && row.team !== team) throw new HttpError('unknown_approval');
  return row;
}

async function show(context: CallerContext): Promise<Answer> {
  const row = await visible(context, approvalsOf(context));
  // Whoever asked asks often, until there is an answer.
  if (row.subject !== context.caller.identity.username) await tellRead(context, { approval: row.id });
  return json(wholeOf(row));
}

function wordFrom(context: CallerContext): Word {
  const body = readBody(context.bytes, { needs: ['decision', 'digest'], may: ['reason'] });
  const decision = textIn(body, 'decision');
  if (decision !== 'approve' && decision !== 'deny')
    throw new HttpError('bad_request', '`decision` is approve or deny');
  const reason = Object.hasOwn(body, 'reason') ? textIn(body, 'reason') : null;
  if (reason !== null && reason.length > REASON)
    throw new HttpError('bad_request', `\`reason\` is longer than ${REASON} characters`);
  return {
    by: context.caller.identity.username,
    isApproved: decision === 'approve',
    digest: textIn(body, 'digest'),
    reason,
  };
}

async function decide(context: CallerContext): Promise<Answer> {
  const { deps } = context;
  const approvals = approvalsOf(context);
  const word = wordFrom(context);
  const { id } = await visible(context, approvals);
  const settled = await inSession(() =>
    approvals.decide(id, word, askerOf(context), async (row, ruling) => {
      if (row.kind === 'plan') return receiptFor(row, ruling, deps);
      await settleTicket(row, ruling, deps, tellApproval(context, row.digest));
      return null;
    }),
  );
  return json(wholeOf(settled));
}

const shared = { isShed: true, isAdmin: false, tag: 'approvals' } as const;
const text = { type: 'string' } as const;

export const APPROVAL_ROUTES: readonly GuardedRoute[] = [
  {
    ...shared,
    method: 'GET',
    url: '/approvals',
    operationId: 'listApprovals',
    summary: 'What waits for somebody’s yes, oldest first',
    body: 'none',
    permission: ['approve_plan'],
    query: {
      state: {
        description: 'Default `pending`; `all` for every one.',
        schema: { enum: [...APPROVAL_STATES, 'all'] },
      },
      limit: { description: 'Of a page, 1 to 1000; default 100.', schema: text },
      after: { description: '`next` of the page before.', schema: text },
    },
    responses: { 200: { description: 'A page of them', schema: APPROVAL_PAGE } },
    errors: ['not_found', 'approvals_unavailable'],
    handle: list,
  },
  {
    ...shared,
    method: 'GET',
    url: '/approvals/:id',
    operationId: 'showApproval',
    summary: 'One approval, with what was asked; for whoever asked, and for those who may decide',
    body: 'none',
    permission: [],
    responses: {
      200: { description: 'The approval; with its receipt, once there is one', schema: APPROVAL },
    },
    errors: ['not_found', 'unknown_approval', 'approvals_unavailable'],
    handle: show,
  },
  {
    ...shared,
    method: 'POST',
    url: '/approvals/:id',
    operationId: 'decideApproval',
    summary: 'Approve or deny; never by whoever asked',
    body: 'json',
    permission: ['approve_plan'],
    requestSchema: {
      type: 'object',
      required: ['decision', 'digest'],
      properties: {
        decision: { enum: ['approve', 'deny'] },
        digest: { type: 'string', description: 'Of what was looked at.' },
        reason: { type: 'string', maxLength: REASON },
      },
    },
    responses: { 200: { description: 'It is settled', schema: APPROVAL } },
    errors: [
      'not_found',
      'unreadable',
      'unknown_approval',
      'unknown_session',
      'approval_settled',
      'approval_outdated',
      'other_digest',
      'session_conflict',
      'session_elsewhere',
      'session_bundle_gone',
      'session_refused',
      'approvals_unavailable',
      'sessions_unavailable',
    ],
    handle: decide,
  },
];
