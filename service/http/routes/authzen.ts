/** `/access/v1/evaluation`, `/access/v1/evaluations` and `/.well-known/authzen-configuration` (OpenID AuthZEN 1.0). */
import { isLoopback, listenOf } from '../../listen.ts';
import { readPlan } from 'plan-lint/plans';
import { contextOf } from '../../decide/caller.ts';
import { choose } from '../../decide/choose.ts';
import {
  contextOfTuple,
  isDecided,
  membersOf,
  planOf,
  semanticOf,
  tupleOf,
  TupleError,
  withDefaults,
} from '../../decide/authzen.ts';
import type { Tuple } from '../../decide/authzen.ts';
import { digestOfBytes, NO_BUNDLE, planIdOf, refusal } from '../../decide/decision.ts';
import type { Asked, Outcome } from '../../decide/decision.ts';
import { count, record } from '../../decide/record.ts';
import { AUTHZEN_ANSWER, AUTHZEN_ANSWERS, AUTHZEN_REQUEST, POLICY_QUERY } from '../../openapi/schemas.ts';
import { HttpError } from '../error.ts';
import { json, queryOf } from '../route.ts';
import type { Answer, CallerContext, GuardedRoute, OpenRoute, RouteContext } from '../route.ts';
import type { Chosen } from '../../policy/registry.ts';
import { askedOf, checkInPlace } from './validate.ts';

/** Of one request: each is decided in turn, and others wait. */
const MOST = 100;

interface Evaluation {
  readonly decision: boolean;
  readonly context?: object;
}

/** @throws TupleError */
function bodyOf({ bytes }: RouteContext): Readonly<Record<string, unknown>> {
  const body = readPlan(bytes);
  if (!body.ok) throw new TupleError(body.problem.message);
  return membersOf(body.plan, 'the body');
}

/** What is not as the specification has it is written down, and then refused. @throws HttpError `bad_request` */
async function reading<T>(context: CallerContext, read: () => T): Promise<T> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TupleError)) throw error;
    const { message } = error;
    const sha256 = digestOfBytes(context.bytes);
    const refused = { rule: 'plan.unreadable', message, planId: 'unknown', sha256 };
    await record(refusal(refused, askedOf(context, 'authzen')).event, context.deps, context.request);
    throw new HttpError('bad_request', message);
  }
}

/** What is asked, read and found to be as the specification has it. */
interface Question {
  readonly tuple: Tuple;
  readonly plan: unknown;
}

/** @throws TupleError */
function questionOf(value: unknown): Question {
  const tuple = tupleOf(value);
  return { tuple, plan: planOf(tuple) };
}

/** A request, with what is worked out once for all its evaluations. */
interface Exchange {
  readonly context: CallerContext;
  readonly chosen: Chosen | null;
  readonly asked: Asked;
  /** Of the body, hex. */
  readonly sha256: string;
}

const exchangeOf = (context: CallerContext): Exchange => ({
  context,
  chosen: choose(queryOf(context, 'policy'), context.caller, context.deps),
  asked: askedOf(context, 'authzen'),
  sha256: digestOfBytes(context.bytes),
});

/** An outcome is written down, and told. @throws HttpError `audit_unavailable` */
async function told(outcome: Outcome, start: number, { context }: Exchange): Promise<Evaluation> {
  const { deps, caller } = context;
  await record(outcome.event, deps, context.request);
  count(outcome, caller.identity.team, start, deps);
  const { decisionId, status, riskScore, violations, isValid, event } = outcome;
  return {
    decision: isValid,
    context: {
      decision_id: decisionId,
      status,
      risk_score: riskScore,
      violations,
      bundle: event.bundle ?? null,
    },
  };
}

/** Decides a tuple, and writes it down. @throws HttpError */
const evaluated = (question: Question, exchange: Exchange): Promise<Evaluation> =>
  told(outcomeFor(question, exchange), performance.now(), exchange);

function outcomeFor({ tuple, plan }: Question, { context, chosen, asked: own, sha256 }: Exchange): Outcome {
  const { deps, caller } = context;
  if (!chosen) return refusal({ ...NO_BUNDLE, planId: planIdOf(plan), sha256 }, own);
  const { environment, auth } = deps.config;
  const circumstances = contextOf(caller, environment, contextOfTuple(tuple, auth.trust_context));
  const asked = { plan, sha256, context: circumstances, now: deps.now(), values: 'now' } as const;
  return deps.rollouts.decide(chosen, asked, own).outcome;
}

async function one(context: CallerContext): Promise<Answer> {
  checkInPlace(context.bytes);
  const question = await reading(context, () => questionOf(bodyOf(context)));
  return json(await evaluated(question, exchangeOf(context)));
}

/** @throws TupleError */
function severalOf(body: Readonly<Record<string, unknown>>) {
  const { evaluations = [] } = body;
  if (!Array.isArray(evaluations)) throw new TupleError('`evaluations` is no list');
  const items: readonly unknown[] = evaluations;
  if (items.length > MOST)
    throw new TupleError(`\`evaluations\` has ${items.length} items; ${MOST} are taken`);
  return { body, items, semantic: semanticOf(body) };
}

async function several(context: CallerContext): Promise<Answer> {
  checkInPlace(context.bytes);
  const { body, items, semantic } = await reading(context, () => severalOf(bodyOf(context)));
  if (items.length === 0) return one(context);
  const exchange = exchangeOf(context);
  const evaluations: Evaluation[] = [];
  for (const item of items) {
    // Nobody is there to be answered.
    if (context.request.socket.destroyed) throw new HttpError('timeout', 'the request was given up');
    const evaluation = await evaluatedItem(item, body, exchange);
    evaluations.push(evaluation);
    if (isDecided(semantic, evaluation.decision)) break;
  }
  return json({ evaluations });
}

/** A bad item is a denial in its place, and the others are asked all the same. */
async function evaluatedItem(
  item: unknown,
  body: Readonly<Record<string, unknown>>,
  exchange: Exchange,
): Promise<Evaluation> {
  const start = performance.now();
  let question: Question;
  try {
    question = questionOf(withDefaults(item, body));
  } catch (error) {
    if (!(error instanceof TupleError)) throw error;
    const { message } = error;
    const { sha256, asked: own } = exchange;
    const outcome = refusal({ rule: 'plan.unreadable', message, planId: 'unknown', sha256 }, own);
    const { decision, context } = await told(outcome, start, exchange);
    return { decision, context: { error: message, ...context } };
  }
  return evaluated(question, exchange);
}

/**
 * Where clients find this service. On this machine alone, as they have asked; elsewhere `Host` is anybody's word, and caches would hand it on.
 *
 * @throws HttpError `not_found`
 */
function baseOf({ deps, request }: RouteContext): string {
  const { public_url: configured, listen } = deps.config;
  if (configured === null && !isLoopback(listenOf(listen, 'listen')))
    throw new HttpError('not_found', 'no address of this service is configured: set `public_url`');
  return (configured ?? `${request.protocol}://${request.host}`).replace(/\/$/, '');
}

const shared = {
  method: 'POST',
  tag: 'authzen',
  body: 'json',
  isShed: true,
  isAdmin: false,
  permission: ['validate_plan'],
  query: POLICY_QUERY,
  mediaError: 'bad_request',
  requestSchema: AUTHZEN_REQUEST,
  errors: ['unknown_policy'],
} as const;

export const evaluation: GuardedRoute = {
  ...shared,
  url: '/access/v1/evaluation',
  operationId: 'accessEvaluation',
  summary: 'May this subject do this with this resource (AuthZEN)',
  responses: { 200: { description: 'The decision', schema: AUTHZEN_ANSWER } },
  handle: one,
};

export const evaluations: GuardedRoute = {
  ...shared,
  url: '/access/v1/evaluations',
  operationId: 'accessEvaluations',
  summary: 'Several of them (AuthZEN)',
  responses: { 200: { description: 'The decisions, in order', schema: AUTHZEN_ANSWERS } },
  handle: several,
};

export const discovery: OpenRoute = {
  method: 'GET',
  url: '/.well-known/authzen-configuration',
  operationId: 'authzenConfiguration',
  summary: 'What of AuthZEN is here',
  tag: 'authzen',
  body: 'none',
  isShed: false,
  isAdmin: false,
  permission: null,
  responses: { 200: { description: 'The metadata', schema: { type: 'object' } } },
  errors: ['not_found'],
  handle: (context) => {
    const base = baseOf(context);
    return json({
      policy_decision_point: base,
      access_evaluation_endpoint: `${base}/access/v1/evaluation`,
      access_evaluations_endpoint: `${base}/access/v1/evaluations`,
    });
  },
};
