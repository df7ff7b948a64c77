/** `GET /results`: decisions that were made. `DELETE /results`: one subject's name is taken out of them. */
import { hash } from 'node:crypto';
import { eventWithoutPlan } from '../../audit/event.ts';
import type { AuditAction, AuditEvent } from '../../audit/event.ts';
import type { Database } from '../../database/database.ts';
import { ResultsError } from '../../results/errors.ts';
import { QUERY_PARAMETERS, queryResults, type ResultsQuery } from '../../results/query.ts';
import { HttpError, retryAfter } from '../error.ts';
import { askerOf, json, queryOf } from '../route.ts';
import type { Answer, CallerContext, GuardedRoute } from '../route.ts';
import { record } from '../../decide/record.ts';
import { sightOf } from '../../rbac/entries.ts';

const text = { type: 'string' } as const;

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  from: 'From this instant on (ISO 8601, UTC)',
  to: 'Before this instant',
  user: 'Who asked',
  team: 'Of which team',
  environment: 'Where',
  plan_id: 'Of which plan',
  policy: 'Decided by which policy',
  status: 'pass, warn, approval or deny',
  rule: 'In which this rule fired',
  limit: 'Decisions of a page, 1 to 1000; default 100',
  after: '`next` of the page before',
};

function databaseOf({ deps }: CallerContext): Database {
  if (deps.readers.results) return deps.readers.results;
  throw new HttpError('not_found', 'no results database is configured: set `results.url`');
}

const tell = (
  context: CallerContext,
  action: AuditAction,
  detail: NonNullable<AuditEvent['detail']>,
): Promise<unknown> =>
  record(eventWithoutPlan(action, askerOf(context), { detail }), context.deps, context.request);

/** @throws HttpError for what was asked wrongly, or when the database does not answer */
async function find(context: CallerContext): Promise<Answer> {
  const database = databaseOf(context);
  const query = Object.fromEntries(
    QUERY_PARAMETERS.flatMap((name) => {
      const value = queryOf(context, name);
      return value === null ? [] : [[name, value]];
    }),
  ) as ResultsQuery;
  const sight = sightOf(context.caller.identity.team, context.deps.config.teams);
  // An empty page would say that nothing was decided.
  if (sight.kind === 'none') throw new HttpError('forbidden');
  await tell(context, 'results_read', { parameters: Object.keys(query).join(',') });
  try {
    return json(await queryResults(database, sight.kind === 'all' ? query : { ...query, team: sight.team }));
  } catch (error) {
    if (error instanceof ResultsError) throw new HttpError('bad_request', error.message);
    context.deps.log.error({ err: error }, 'the results database does not answer');
    throw new HttpError('results_unavailable', undefined, retryAfter(5));
  }
}

/** The log says it; the reader does it when it comes by, and a rebuild does it again. */
async function erase(context: CallerContext): Promise<Answer> {
  databaseOf(context);
  const user = queryOf(context, 'user');
  if (user === null || user === '') throw new HttpError('bad_request', 'name the subject: ?user=…');
  await tell(context, 'subject_erased', { subject_sha256: hash('sha256', user, 'hex') });
  return json({ erased: 'with the next lines of the log' }, 202);
}

const shared = { url: '/results', body: 'none', isShed: true, isAdmin: false, tag: 'results' } as const;

export const results: GuardedRoute = {
  ...shared,
  method: 'GET',
  permission: ['read_policy'],
  operationId: 'results',
  summary: 'Decisions that were made, newest first',
  query: Object.fromEntries(
    QUERY_PARAMETERS.map((name) => [name, { description: DESCRIPTIONS[name] ?? '', schema: text }]),
  ),
  responses: {
    200: {
      description: 'A page of them',
      schema: {
        type: 'object',
        required: ['results', 'next'],
        properties: {
          results: { type: 'array', items: { type: 'object' } },
          next: { type: ['string', 'null'] },
        },
      },
    },
  },
  errors: ['not_found', 'results_unavailable'],
  handle: find,
};

export const eraseSubject: GuardedRoute = {
  ...shared,
  method: 'DELETE',
  permission: ['apply_policy'],
  operationId: 'eraseSubject',
  summary: 'Take the name of a subject out of the decisions that were made',
  query: { user: { description: 'The subject', schema: text } },
  responses: {
    202: { description: 'It is in the audit log, and done when the log is read', schema: { type: 'object' } },
  },
  errors: ['not_found'],
  handle: erase,
};
