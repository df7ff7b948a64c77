/** `/sessions` and `/runs`: an agent held call by call, or to the plan that was decided. */
import { randomUUID } from 'node:crypto';
import { BundleError } from '@plan-lint/runtime';
import type { Decision } from '@plan-lint/runtime';
import { SessionError } from '@plan-lint/runtime/session';
import type { CallDecision, Run, Session } from '@plan-lint/runtime/session';
import { askForTicket } from '../../approvals/ask.ts';
import { settleTicket } from '../../approvals/settle.ts';
import type { Answered } from '../../approvals/settle.ts';
import type { AuditAction, AuditEvent } from '../../audit/event.ts';
import { contextOf } from '../../decide/caller.ts';
import { choose } from '../../decide/choose.ts';
import { digestOfBytes } from '../../decide/decision.ts';
import { record } from '../../decide/record.ts';
import type { Live, Opening } from '../../sessions/live.ts';
import { sessionParts } from '../../sessions/event.ts';
import { readBody, textIn } from '../../sessions/body.ts';
import type { Members } from '../../sessions/body.ts';
import { POLICY_QUERY, SESSION_DECISION, SESSION_RESULT } from '../../openapi/schemas.ts';
import { HttpError } from '../error.ts';
import type { HttpErrorCode } from '../error.ts';
import { askerOf, json, pathOf, queryOf } from '../route.ts';
import type { Answer, CallerContext, GuardedRoute } from '../route.ts';
import { checkInPlace } from './validate.ts';

type AnyDecision = CallDecision | Decision;

/** What the session refuses is told in its words. */
export async function inSession<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SessionError || error instanceof BundleError)
      throw new HttpError('session_refused', `${error.code}: ${error.message}`);
    throw error;
  }
}

interface Told {
  readonly action: AuditAction;
  readonly decisionId: string;
  readonly decision?: AnyDecision;
  readonly detail: NonNullable<AuditEvent['detail']>;
}

/** The line of one step of a session. */
function eventFor(
  context: CallerContext,
  live: Live,
  { action, decisionId, decision, detail }: Told,
): AuditEvent {
  const { caller, requestId, sourceIp, bytes, deps } = context;
  const { username, team } = caller.identity;
  return {
    action,
    user: username,
    ...sessionParts(live, decision),
    decision_id: decisionId,
    request_id: requestId,
    source_ip: sourceIp,
    ...(team !== null && { team }),
    environment: deps.config.environment,
    plan_sha256: digestOfBytes(bytes),
    detail: { session: live.row.id, ...detail },
  };
}

const tell = (context: CallerContext, live: Live, told: Told): Promise<unknown> =>
  record(eventFor(context, live, told), context.deps, context.request);

/** Texts of callers, as long as a line has room for: a longer one is there by its digest. */
const brief = (text: string): string =>
  text.length <= 256 ? text : `sha256:${digestOfBytes(Buffer.from(text))}`;

const skippedIn = ({ skipped }: Session | Run): object => (skipped.length > 0 ? { skipped } : {});

/** What the caller vouches for; refused where nobody is trusted to. */
function toldContext(body: Members, { deps }: CallerContext): Members | undefined {
  if (!Object.hasOwn(body, 'context')) return undefined;
  if (!deps.config.auth.trust_context) throw new HttpError('context_not_trusted');
  const told = body['context'];
  if (typeof told !== 'object' || told === null || Array.isArray(told))
    throw new HttpError('bad_request', '`context` is no object');
  return told as Members;
}

async function opened(
  context: CallerContext,
  body: Members,
  plan: object,
): Promise<{ live: Live; decisionId: string }> {
  const { deps, caller } = context;
  const chosen = choose(queryOf(context, 'policy'), caller, deps);
  if (!chosen) throw new HttpError('not_ready', 'no policies are loaded');
  const told = toldContext(body, context);
  const opening: Opening = {
    chosen,
    subject: caller.identity.username,
    context: contextOf(caller, deps.config.environment, told),
    ...plan,
  };
  const decisionId = randomUUID();
  const live = await inSession(() =>
    deps.sessions.open(opening, (made) => {
      const decision = 'decision' in made.session ? made.session.decision : undefined;
      const event = {
        action: 'session_opened',
        decisionId,
        detail: { kind: made.row.kind },
        ...(decision && { decision }),
      } as const;
      return tell(context, made, event);
    }),
  );
  return { live, decisionId };
}

async function openSessionRoute(context: CallerContext): Promise<Answer> {
  const body = readBody(context.bytes, { needs: [], may: ['context'] });
  const { live } = await opened(context, body, {});
  return json({ session_id: live.row.id, ...skippedIn(live.session) }, 201);
}

async function openRunRoute(context: CallerContext): Promise<Answer> {
  checkInPlace(context.bytes);
  const body = readBody(context.bytes, { needs: ['plan'], may: ['context'] });
  const { live, decisionId } = await opened(context, body, { plan: body['plan'] });
  const run = live.session as Run;
  const { ticket } = run;
  const data = run.decision.toJSON();
  const approval = await askForTicket(context, live, {
    kind: 'run',
    ticket,
    violations: data.violations,
    asked: body['plan'],
  });
  const answer = { session_id: live.row.id, decision_id: decisionId, ...data };
  return json(
    { ...answer, ...(ticket !== null && { ticket }), ...(approval && { approval }), ...skippedIn(run) },
    201,
  );
}

/** Whose it is not is not told that it is there. @throws HttpError `unknown_session` */
async function ownSession(context: CallerContext): Promise<Live> {
  const live = await context.deps.sessions.find(pathOf(context, 'id'));
  if (live.row.subject !== context.caller.identity.username) throw new HttpError('unknown_session');
  return live;
}

async function call(context: CallerContext): Promise<Answer> {
  const { deps } = context;
  const body = readBody(context.bytes, { needs: ['tool', 'args'], may: ['id', 'step', 'reads'] });
  const live = await ownSession(context);
  const decisionId = randomUUID();
  const decision = await inSession(() =>
    deps.sessions.change(
      live,
      (session) => session.call({ ...body, now: deps.now() } as never),
      (made: CallDecision) => {
        const detail = { call: brief(made.id), tool: brief(String(body['tool'])), admitted: made.admitted };
        return tell(context, live, { action: 'session_call', decisionId, decision: made, detail });
      },
    ),
  );
  const data = decision.toJSON();
  const approval = await askForTicket(context, live, {
    kind: 'call',
    ticket: decision.ticket,
    violations: data.violations,
    asked: body,
  });
  return json({ decision_id: decisionId, ...data, ...(approval && { approval }) });
}

async function result(context: CallerContext): Promise<Answer> {
  const { deps } = context;
  const body = readBody(context.bytes, { needs: ['id', 'outcome'], may: ['result'] });
  const live = await ownSession(context);
  const id = textIn(body, 'id');
  const outcome = textIn(body, 'outcome');
  const { owed, ended } = await inSession(() =>
    deps.sessions.change(
      live,
      (session) => {
        const ending = { outcome, ...(Object.hasOwn(body, 'result') && { result: body['result'] }) };
        const answer = session.end(id, ending as never);
        return { owed: session.owed, ended: answer.findings.length > 0 ? answer.toJSON() : null };
      },
      ({ ended: kept }) =>
        tell(context, live, {
          action: 'session_result',
          decisionId: randomUUID(),
          detail: {
            call: brief(id),
            outcome: brief(outcome),
            ...(kept && {
              kept_back: kept.blocked ? 'blocked' : 'redacted',
              rules: brief(kept.findings.map(({ rule }) => rule).join(', ')),
            }),
          },
        }),
    ),
  );
  return json({ id, owed, ...ended });
}

/** The session’s own line of an approval, whichever road it came by. */
export const tellApproval =
  (context: CallerContext, ticket: string, decisionId: string = randomUUID()) =>
  (live: Live, decision: Answered): Promise<unknown> =>
    tell(context, live, {
      action: 'session_approval',
      decisionId,
      decision,
      detail: { ticket: brief(ticket), by: context.caller.identity.username },
    });

/** Whoever asked does not approve: it takes another. */
async function approve(context: CallerContext): Promise<Answer> {
  const { deps, caller } = context;
  const body = readBody(context.bytes, { needs: ['ticket'], may: [] });
  const live = await deps.sessions.find(pathOf(context, 'id'));
  const by = caller.identity.username;
  if (live.row.subject === by) throw new HttpError('forbidden');
  const ticket = textIn(body, 'ticket');
  const decisionId = randomUUID();
  const ticketed = { session: live.row.id, digest: ticket };
  const settle = (at: number): Promise<Answered> =>
    settleTicket(ticketed, { by, at }, deps, tellApproval(context, ticket, decisionId));
  const waiting = (await deps.approvals?.ofTicket(live.row.id, ticket)) ?? null;
  const decision = await inSession(async () => {
    if (!deps.approvals || !waiting) return settle(deps.now());
    // One that waits is decided once, whichever road the word comes by.
    const answers: Answered[] = [];
    const word = { by, isApproved: true, digest: ticket, reason: null };
    await deps.approvals.decide(waiting.id, word, askerOf(context), async (_, { at }) => {
      answers.push(await settle(at));
      return null;
    });
    return answers[0];
  });
  return json({ decision_id: decisionId, ...decision?.toJSON() });
}

async function close(context: CallerContext): Promise<Answer> {
  const { deps } = context;
  const live = await ownSession(context);
  const decisionId = randomUUID();
  const decision = await inSession(() =>
    deps.sessions.close(
      live,
      (session) => session.close(deps.now()),
      (made) => tell(context, live, { action: 'session_closed', decisionId, decision: made, detail: {} }),
    ),
  );
  return json({ decision_id: decisionId, ...decision.toJSON() });
}

const COMMON: readonly HttpErrorCode[] = ['unreadable', 'session_refused', 'sessions_unavailable'];
const OF_ONE: readonly HttpErrorCode[] = [
  ...COMMON,
  'session_conflict',
  'unknown_session',
  'session_elsewhere',
  'session_bundle_gone',
];
const shared = { method: 'POST', body: 'json', isShed: true, isAdmin: false, tag: 'sessions' } as const;
const answer = (description: string) => ({ description, schema: SESSION_DECISION });
const object = { type: 'object' } as const;

export const SESSION_ROUTES: readonly GuardedRoute[] = [
  {
    ...shared,
    url: '/sessions',
    operationId: 'openSession',
    summary: 'Begin a session: calls are decided one by one',
    permission: ['run_session'],
    query: POLICY_QUERY,
    requestSchema: object,
    responses: { 201: { description: 'It is open', schema: object } },
    errors: [...COMMON, 'context_not_trusted', 'unknown_policy', 'not_ready'],
    handle: openSessionRoute,
  },
  {
    ...shared,
    url: '/runs',
    operationId: 'openRun',
    summary: 'Decide a plan, and hold its calls to it',
    permission: ['run_session'],
    query: POLICY_QUERY,
    requestSchema: { type: 'object', required: ['plan'], properties: { plan: object, context: object } },
    responses: { 201: answer('The plan is decided') },
    errors: [...COMMON, 'context_not_trusted', 'unknown_policy', 'not_ready'],
    handle: openRunRoute,
  },
  {
    ...shared,
    url: '/sessions/:id/calls',
    operationId: 'call',
    summary: 'May this call be made',
    permission: ['run_session'],
    requestSchema: {
      type: 'object',
      required: ['tool', 'args'],
      properties: {
        tool: { type: 'string' },
        args: {},
        id: { type: 'string' },
        step: { type: 'string' },
        reads: { type: 'array', items: { type: 'string' } },
      },
    },
    responses: { 200: answer('The decision') },
    errors: OF_ONE,
    handle: call,
  },
  {
    ...shared,
    url: '/sessions/:id/results',
    operationId: 'result',
    summary: 'How a call ended',
    permission: ['run_session'],
    requestSchema: {
      type: 'object',
      required: ['id', 'outcome'],
      properties: {
        id: { type: 'string' },
        outcome: { enum: ['succeeded', 'failed', 'unknown', 'not_started'] },
        result: {},
      },
    },
    responses: {
      200: {
        description: 'What is still owed, and what of the result may be handed on',
        schema: SESSION_RESULT,
      },
    },
    errors: OF_ONE,
    handle: result,
  },
  {
    ...shared,
    url: '/sessions/:id/approvals',
    operationId: 'approve',
    summary: 'Another person approves a call, or the plan',
    permission: ['approve_plan'],
    requestSchema: { type: 'object', required: ['ticket'], properties: { ticket: { type: 'string' } } },
    responses: { 200: answer('The decision, asked again') },
    errors: [...OF_ONE, 'unknown_approval', 'approval_settled', 'approvals_unavailable'],
    handle: approve,
  },
  {
    ...shared,
    url: '/sessions/:id/close',
    operationId: 'closeSession',
    summary: 'End a session; what is still owed is a violation',
    body: 'none',
    permission: ['run_session'],
    responses: { 200: answer('How it ended') },
    errors: OF_ONE,
    handle: close,
  },
];
