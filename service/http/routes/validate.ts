/** `POST /validate`: one plan, as in the source document. */
import { askForPlan } from '../../approvals/ask.ts';
import type { Waiting } from '../../approvals/ask.ts';
import { contextOf } from '../../decide/caller.ts';
import { choose } from '../../decide/choose.ts';
import { digestOfBytes, NO_BUNDLE, outcomeOf, planIdOf, refusal } from '../../decide/decision.ts';
import type { Asked, Outcome } from '../../decide/decision.ts';
import { readAsked } from '../../decide/block.ts';
import type { Receipt } from '../../decide/receipts.ts';
import { count, record } from '../../decide/record.ts';
import { inSpan } from '../../observe/tracing.ts';
import type { Chosen } from '../../policy/registry.ts';
import { HttpError } from '../error.ts';
import { queryOf } from '../route.ts';
import type { Answer, CallerContext, GuardedRoute } from '../route.ts';
import { DECISION, PLAN, QUERY } from '../../openapi/schemas.ts';

/** A larger body is read and decided in a thread: nobody else waits for it. */
const IN_THREAD = 200 * 1024;
const TOO_LARGE_HERE = `more than ${IN_THREAD} bytes are taken by \`POST /validate\` alone, without a receipt`;

/** Where nothing is decided in a thread, others would wait. @throws HttpError `too_large` */
export function checkInPlace({ length }: Uint8Array): void {
  if (length > IN_THREAD) throw new HttpError('too_large', TOO_LARGE_HERE);
}

/** What the query says of how a plan is asked about. */
export interface Manner {
  readonly values: 'now' | 'later';
  readonly isRecord: boolean;
  readonly wantsReceipt: boolean;
}

/** @throws HttpError for words that the query does not have */
export function mannerOf(context: CallerContext): Manner {
  const values = queryOf(context, 'values') ?? 'now';
  const form = queryOf(context, 'form') ?? 'plan';
  if (values !== 'now' && values !== 'later') throw new HttpError('bad_request', '`values` is now or later');
  if (form !== 'plan' && form !== 'record') throw new HttpError('bad_request', '`form` is plan or record');
  if (form === 'record' && !context.deps.config.auth.trust_context)
    throw new HttpError(
      'context_not_trusted',
      'set `auth.trust_context` where callers vouch for the circumstances',
    );
  const wantsReceipt = queryOf(context, 'receipt') === 'true';
  if (wantsReceipt && !context.deps.receipts) throw new HttpError('no_receipts');
  if (wantsReceipt && values === 'later' && !context.deps.config.policies.allow_pending)
    throw new HttpError(
      'bad_request',
      'a receipt for values that are not there yet needs `policies.allow_pending`',
    );
  if (wantsReceipt) checkInPlace(context.bytes);
  return { values, isRecord: form === 'record', wantsReceipt };
}

export const askedOf = (
  { caller, requestId, sourceIp, deps }: CallerContext,
  via: string,
  values: Manner['values'] = 'now',
): Asked => ({
  caller,
  requestId,
  sourceIp,
  environment: deps.config.environment,
  via,
  values,
  allowsPending: deps.config.policies.allow_pending,
  includesArgs: deps.config.audit.include.includes('args'),
});

async function handle(context: CallerContext): Promise<Answer> {
  const start = performance.now();
  const { deps, caller } = context;
  const manner = mannerOf(context);
  const asked = askedOf(context, 'validate', manner.values);
  const chosen = choose(queryOf(context, 'policy'), caller, deps);
  const { outcome, receipt, waiting } = await inSpan(context.request, 'plan_lint.decide', () =>
    decided(chosen, manner, asked, context),
  );
  const isRecorded = await record(outcome.event, deps, context.request);
  count(outcome, caller.identity.team, start, deps);
  // Whoever acts on a receipt may never see the rest of the answer.
  const signed = isRecorded && receipt !== null ? `,"receipt":${JSON.stringify(receipt)}` : '';
  const approval = isRecorded && waiting ? await waiting() : null;
  const asks = approval === null ? '' : `,"approval":${JSON.stringify(approval)}`;
  return { status: 200, body: `{${outcome.members}${signed}${asks}}` };
}

/** A decision, and its receipt where one was asked for. */
interface Answered {
  readonly outcome: Outcome;
  readonly receipt: Receipt | null;
  /** Asks for somebody’s yes, where one is needed. */
  readonly waiting?: () => Promise<Waiting | null>;
}

async function decided(
  chosen: Chosen | null,
  manner: Manner,
  asked: Asked,
  exchange: CallerContext,
): Promise<Answered> {
  const { deps, bytes } = exchange;
  const sha256 = digestOfBytes(bytes);
  const now = deps.now();
  const context = contextOf(asked.caller, deps.config.environment);
  const { values, isRecord, wantsReceipt } = manner;
  if (chosen && bytes.length > IN_THREAD) {
    const question = {
      entry: chosen.policy.entry,
      kind: 'whole',
      line: 1,
      bytes,
      context,
      isRecord,
      includesArgs: asked.includesArgs,
      now,
      values,
    } as const;
    const [item] = await deps.pools.with(chosen.slot, (ask) => ask(question));
    if (item && 'data' in item) return largeAnswer(outcomeOf(chosen, item.data, item.facts, asked), deps);
    return unreadable(
      item?.problem ?? { code: 'plan.unreadable', message: 'no plan' },
      sha256,
      asked,
      exchange,
    );
  }
  const reading = readAsked(bytes, isRecord);
  if (!reading.ok) return unreadable(reading.problem, sha256, asked, exchange);
  const { plan } = reading;
  if (!chosen) {
    return {
      outcome: refusal({ ...NO_BUNDLE, planId: planIdOf(plan), sha256 }, asked),
      receipt: null,
    };
  }
  const question = { plan, sha256, context: { ...reading.context, ...context }, now, values };
  const answered = deps.rollouts.decide(chosen, question, asked);
  const { outcome } = answered;
  const { receipts } = deps;
  return {
    outcome,
    receipt: wantsReceipt && receipts ? await receipts.sign(answered.chosen, question) : null,
    waiting: () => askForPlan(exchange, answered.chosen, question, outcome),
  };
}

/** What was decided in a thread is not here to be shown to anybody. */
function largeAnswer(outcome: Outcome, { approvals }: CallerContext['deps']): Answered {
  const problem = `approvals are asked for plans of up to ${IN_THREAD} bytes`;
  const isAsked = approvals !== null && outcome.status === 'approval';
  return { outcome, receipt: null, ...(isAsked && { waiting: () => Promise.resolve({ problem }) }) };
}

/** What is no plan is written down, and then refused. @throws HttpError */
async function unreadable(
  { code, message }: { readonly code: string; readonly message: string },
  sha256: string,
  asked: Asked,
  { deps, request }: CallerContext,
): Promise<never> {
  deps.metrics.failed('unreadable');
  await record(refusal({ rule: code, message, planId: 'unknown', sha256 }, asked).event, deps, request);
  throw new HttpError('unreadable', `${code}: ${message}`);
}

export const validate: GuardedRoute = {
  method: 'POST',
  url: '/validate',
  operationId: 'validate',
  summary: 'Decide a plan before anything of it runs',
  tag: 'decisions',
  body: 'json',
  isShed: true,
  isAdmin: false,
  permission: ['validate_plan'],
  query: QUERY,
  requestSchema: PLAN,
  responses: { 200: { description: 'The decision', schema: DECISION } },
  errors: ['no_receipts', 'context_not_trusted', 'unreadable', 'unknown_policy'],
  handle,
};
