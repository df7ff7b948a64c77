/** From a request to a caller who may ask: shed ▸ authenticate ▸ permit. Each refusal is written down. */
import type { FastifyRequest } from 'fastify';
import { eventWithoutPlan } from '../audit/event.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Caller } from '../decide/caller.ts';
import type { Deps } from '../deps.ts';
import { inSpan } from '../observe/tracing.ts';
import { entriesFor } from '../rbac/entries.ts';
import type { Permission } from '../rbac/permissions.ts';
import { HttpError, retryAfter } from './error.ts';
import type { HttpErrorCode } from './error.ts';

const CHALLENGE = { 'www-authenticate': 'Bearer' } as const;

/** @throws HttpError `unauthorized`, `forbidden`, `iam_unavailable`, `too_many` */
export async function admit(
  request: FastifyRequest,
  needed: readonly Permission[],
  deps: Deps,
): Promise<Caller> {
  const { outcome } = await inSpan(request, 'plan_lint.authenticate', () =>
    deps.auth.authenticate(request.raw),
  );
  if (outcome.kind === 'unavailable') {
    deps.metrics.failed('iam');
    await deny(request, 'unknown', { code: 'iam_unavailable', reason: outcome.reason }, deps);
    throw new HttpError('iam_unavailable', undefined, retryAfter(outcome.retryAfter));
  }
  if (outcome.kind === 'refused') {
    deps.metrics.failed('unauthorized');
    await deny(request, 'unknown', { code: 'unauthorized', reason: outcome.reason }, deps);
    throw new HttpError('unauthorized', undefined, CHALLENGE);
  }
  const { identity } = outcome;
  const { teams } = deps.config;
  const permissions = deps.permissionsOf(identity);
  const missing = needed.find((permission) => !permissions.has(permission));
  if (missing !== undefined) {
    deps.metrics.failed('forbidden');
    await deps.denials.write(deniedEvent(request, identity.username, { code: 'forbidden', missing }));
    throw new HttpError('forbidden');
  }
  const wait = deps.subjects.take(identity.username);
  if (wait !== null) {
    deps.metrics.shed('per_subject');
    await deny(request, identity.username, { code: 'too_many' }, deps);
    throw new HttpError('too_many', undefined, retryAfter(wait));
  }
  return { identity, permissions, entries: entriesFor(identity.team, teams) };
}

/** Refusals behind admission that say something of whoever asks. */
const NOTED: ReadonlySet<HttpErrorCode> = new Set([
  'forbidden',
  'context_not_trusted',
  'unknown_session',
  'unknown_approval',
]);

/** A refusal by a route, of somebody who is known. */
export async function noteRefusal(
  code: HttpErrorCode,
  request: FastifyRequest,
  { identity }: Caller,
  { denials }: Deps,
): Promise<void> {
  if (NOTED.has(code)) await denials.write(deniedEvent(request, identity.username, { code }));
}

/** One of a kind that anybody, or anybody at any rate, may cause: written down as long as there are few. */
const deny = (
  request: FastifyRequest,
  user: string,
  detail: NonNullable<AuditEvent['detail']>,
  { denials }: Deps,
): Promise<void> =>
  denials.writeFew(user === 'unknown' ? request.ip : `user ${user}`, deniedEvent(request, user, detail));

const deniedEvent = (
  request: FastifyRequest,
  user: string,
  detail: NonNullable<AuditEvent['detail']>,
): AuditEvent =>
  eventWithoutPlan(
    'auth_denied',
    { user, requestId: request.id, sourceIp: request.ip },
    { detail: { ...detail, route: request.routeOptions.url ?? 'unknown' } },
  );
