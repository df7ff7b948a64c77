/** A route as data: how it is asked, what it takes, who may, and what it answers. The server and the OpenAPI document both read it. */
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { Asker } from '../audit/event.ts';
import type { JsonSchema } from '../config/field.ts';
import type { Caller } from '../decide/caller.ts';
import type { Permission } from '../rbac/permissions.ts';
import type { HttpErrorCode } from './error.ts';
import type { Deps } from '../deps.ts';

/** Media types that a body may have; `none` takes no body. */
export const BODIES = {
  none: [],
  json: ['application/json'],
  form: ['application/x-www-form-urlencoded'],
  ndjson: ['application/x-ndjson', 'application/jsonl'],
  bundle: ['application/gzip', 'application/octet-stream', 'text/javascript', 'application/javascript'],
} as const;
export type BodyKind = keyof typeof BODIES;

export interface RouteContext {
  readonly deps: Deps;
  readonly request: FastifyRequest;
  /** The body as it came; `null` where the route takes none. */
  readonly bytes: Uint8Array;
  /** Of a route that takes lines. */
  readonly stream: Readable | null;
  readonly requestId: string;
  readonly sourceIp: string;
}

/** Of a route that asks who is there. */
export interface CallerContext extends RouteContext {
  readonly caller: Caller;
}

export interface Answer {
  readonly status: number;
  readonly body: string | Readable;
  /** Default `application/json`. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the OpenAPI document says of a route. */
export interface Description {
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  readonly query?: Readonly<Record<string, { readonly description: string; readonly schema: JsonSchema }>>;
  readonly requestSchema?: JsonSchema;
  readonly responses: Readonly<
    Record<number, { readonly description: string; readonly schema?: JsonSchema; readonly type?: string }>
  >;
  /** What it refuses itself; `refusalsOf` has the rest. */
  readonly errors: readonly HttpErrorCode[];
  /** What a body of another type is refused with; default `media_type`. */
  readonly mediaError?: HttpErrorCode;
}

interface Shape extends Description {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As Fastify writes it: `/policies/:name`. */
  readonly url: string;
  readonly body: BodyKind;
  /** Turned away when there is too much to do. Health and metrics are not. */
  readonly isShed: boolean;
  /** Answered on `admin.listen`, where there is one. */
  readonly isAdmin: boolean;
}

/** A route that anybody may ask. */
export interface OpenRoute extends Shape {
  readonly permission: null;
  readonly handle: (context: RouteContext) => Answer | Promise<Answer>;
}

/** What the steps in front of a handler refuse: said once, for every route that has the step. */
const BY_STEP = {
  shed: ['overloaded'],
  caller: [
    'bad_request',
    'unauthorized',
    'forbidden',
    'too_many',
    'internal',
    'iam_unavailable',
    'audit_unavailable',
    'timeout',
  ],
  body: ['too_large', 'timeout'],
} as const satisfies Readonly<Record<string, readonly HttpErrorCode[]>>;

/** All that a route may be refused with: what its steps refuse, and what it refuses itself. */
export function refusalsOf({
  isShed,
  permission,
  body,
  errors,
  mediaError = 'media_type',
}: Route): readonly HttpErrorCode[] {
  return [
    ...new Set([
      ...errors,
      ...(permission === null ? [] : BY_STEP.caller),
      ...(body === 'none' ? [] : [...BY_STEP.body, mediaError]),
      ...(isShed ? BY_STEP.shed : []),
    ]),
  ];
}

/** A route for those who have all of these permissions. */
export interface GuardedRoute extends Shape {
  readonly permission: readonly Permission[];
  readonly handle: (context: CallerContext) => Answer | Promise<Answer>;
}

export type Route = OpenRoute | GuardedRoute;

export const json = (value: unknown, status = 200): Answer => ({ status, body: JSON.stringify(value) });

/** A member of the query: a text, once. */
export function queryOf({ request }: RouteContext, name: string): string | null {
  const query = request.query as Readonly<Record<string, unknown>>;
  const value = Object.hasOwn(query, name) ? query[name] : undefined;
  return typeof value === 'string' ? value : null;
}

/** Who asks, for the audit log. */
export const askerOf = ({ caller, requestId, sourceIp }: CallerContext): Asker => ({
  user: caller.identity.username,
  requestId,
  sourceIp,
});

/** A part of the path. */
export const pathOf = ({ request }: RouteContext, name: string): string =>
  (request.params as Readonly<Record<string, string>>)[name] ?? '';
