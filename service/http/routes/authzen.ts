/** `/access/v1/evaluation`, `/access/v1/evaluations` and `/.well-known/authzen-configuration` (OpenID AuthZEN 1.0). */
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
import { decide, digestOfBytes, planIdOf, refusal } from '../../decide/decision.ts';
import type { Outcome } from '../../decide/decision.ts';
import { count, record } from '../../decide/record.ts';
import { AUTHZEN_ANSWER, AUTHZEN_ANSWERS, AUTHZEN_REQUEST } from '../../openapi/schemas.ts';
import { HttpError } from '../error.ts';
import { json, queryOf } from '../route.ts';
import type { Answer, CallerContext, GuardedRoute, OpenRoute, RouteContext } from '../route.ts';
import { askedOf } from './validate.ts';

interface Evaluation {
  readonly decision: boolean;
  readonly context?: object;
}

/** @throws HttpError `bad_request` for what is not as the specification has it */
function bodyOf({ bytes }: RouteContext): Readonly<Record<string, unknown>> {
  const reading = readPlan(bytes);
  if (!reading.ok) throw new HttpError('bad_request', reading.problem.message);
  return asked(() => membersOf(reading.plan, 'the body'));
}

function asked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TupleError) throw new HttpError('bad_request', error.message);
    throw error;
  }
}

/** Decides a tuple, and writes it down. @throws HttpError */
async function evaluated(tuple: Tuple, context: CallerContext): Promise<Evaluation> {
  const start = performance.now();
  const { deps, caller } = context;
  const outcome = outcomeFor(tuple, context);
  await record(outcome.event, deps);
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

function outcomeFor(tuple: Tuple, context: CallerContext): Outcome {
  const { deps, caller, bytes } = context;
  const own = askedOf(context, 'authzen');
  const plan = planOf(tuple);
  const sha256 = digestOfBytes(bytes);
  const chosen = choose(queryOf(context, 'policy'), caller, deps);
  if (!chosen)
    return refusal(
      {
        rule: 'bundle.missing',
        message: 'no policies are loaded, so every plan is denied',
        planId: planIdOf(plan),
        sha256,
      },
      own,
    );
  const { environment, auth } = deps.config;
  const told = contextOfTuple(tuple, auth.trust_context);
  return decide(
    chosen,
    { plan, sha256, context: contextOf(caller, environment, told), now: deps.now(), values: 'now' },
    own,
  );
}

async function one(context: CallerContext): Promise<Answer> {
  return json(
    await evaluated(
      asked(() => tupleOf(bodyOf(context))),
      context,
    ),
  );
}

async function several(context: CallerContext): Promise<Answer> {
  const body = bodyOf(context);
  const { evaluations: items = [] } = body;
  if (!Array.isArray(items)) throw new HttpError('bad_request', '`evaluations` is no list');
  if (items.length === 0)
    return json(
      await evaluated(
        asked(() => tupleOf(body)),
        context,
      ),
    );
  const semantic = asked(() => semanticOf(body));
  const evaluations: Evaluation[] = [];
  for (const item of items as readonly unknown[]) {
    const evaluation = await evaluatedItem(item, body, context);
    evaluations.push(evaluation);
    if (isDecided(semantic, evaluation.decision)) break;
  }
  return json({ evaluations });
}

/** A bad item is a denial in its place, and the others are asked all the same. */
async function evaluatedItem(
  item: unknown,
  body: Readonly<Record<string, unknown>>,
  context: CallerContext,
): Promise<Evaluation> {
  try {
    return await evaluated(tupleOf(withDefaults(item, body)), context);
  } catch (error) {
    if (error instanceof TupleError) return { decision: false, context: { error: error.message } };
    throw error;
  }
}

/** Where clients find this service: as they are told to, or as they have asked. */
function baseOf({ deps, request }: RouteContext): string {
  return (deps.config.public_url ?? `${request.protocol}://${request.host}`).replace(/\/$/, '');
}

const shared = {
  method: 'POST',
  tag: 'authzen',
  body: 'json',
  isShed: true,
  isAdmin: false,
  permission: ['validate_plan'],
  mediaError: 'bad_request',
  requestSchema: AUTHZEN_REQUEST,
  errors: [
    'bad_request',
    'unauthorized',
    'forbidden',
    'unknown_policy',
    'timeout',
    'too_large',
    'too_many',
    'internal',
    'iam_unavailable',
    'audit_unavailable',
    'overloaded',
  ],
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
  errors: [],
  handle: (context) => {
    const base = baseOf(context);
    return json({
      policy_decision_point: base,
      access_evaluation_endpoint: `${base}/access/v1/evaluation`,
      access_evaluations_endpoint: `${base}/access/v1/evaluations`,
    });
  },
};
