/**
 * The server: routes as they stand in the table, behind the same steps.
 *
 *     shed ▸ authenticate ▸ permit ▸ type of the body ▸ read it ▸ handle ▸ answer
 *
 * Nothing of a body is read before it is known who asks, and nothing of it by the framework's reader.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import fastify, { LogController } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../decide/caller.ts';
import type { Deps } from '../deps.ts';
import { isUnrecorded, unaudited, UNAUDITED } from '../decide/record.ts';
import { traceRequests } from '../observe/tracing.ts';
import { admit, noteRefusal } from './admission.ts';
import { HttpError, httpErrorOf, retryAfter } from './error.ts';
import { BODIES } from './route.ts';
import type { Answer, Route } from './route.ts';
import { Stay } from './stay.ts';
import type { TlsOptions } from './tls.ts';

/** Ids of requests that callers choose. */
const REQUEST_ID = /^[\w.:@/-]{1,128}$/;
/** Bodies that are not read because their request was refused: beyond, the connection is closed instead. */
const READ_ANYWAY = 64 * 1024;
/** How often connections that are too slow are looked for, milliseconds. */
const LOOK_FOR_SLOW = 500;

/** What the steps in front of a handler leave for it. */
const CALLERS = new WeakMap<FastifyRequest, Caller>();
const STAYS = new WeakMap<FastifyRequest, Stay>();

export function buildServer(deps: Deps, routes: readonly Route[], tls: TlsOptions | null): FastifyInstance {
  const { limits } = deps.config;
  const http = {
    connectionsCheckingInterval: LOOK_FOR_SLOW,
    headersTimeout: limits.headers_timeout,
    requestTimeout: limits.request_timeout,
    maxHeaderSize: limits.headers,
    ...tls,
  };
  const options = {
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.body,
    requestTimeout: limits.request_timeout,
    genReqId: requestIdOf,
    requestIdHeader: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256 },
  } as const;
  // The type of Fastify depends on whether there is TLS; ours does not.
  const app = fastify({ ...options, ...(tls ? { https: http } : { http }) } as Parameters<
    typeof fastify
  >[0]) as unknown as FastifyInstance;
  app.server.maxConnections = limits.connections;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  for (const type of BODIES.ndjson) app.addContentTypeParser(type, (_, payload, done) => done(null, payload));
  app.setErrorHandler(async (error, request, reply) => {
    const refused = httpErrorOf(error);
    const caller = CALLERS.get(request);
    if (caller) await noteRefusal(refused.code, request, caller, deps);
    return refuse(refused, error, { request, reply, deps });
  });
  // Of what is not there, no body is read.
  app.addHook('onRequest', (request, _, done) =>
    done(request.is404 ? new HttpError('not_found') : undefined),
  );
  app.setNotFoundHandler((request, reply) =>
    refuse(new HttpError('not_found'), null, { request, reply, deps }),
  );
  traceRequests(app);
  for (const route of routes) addRoute(app, route, deps);
  return app;
}

const requestIdOf = ({ headers }: IncomingMessage): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
};

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deps: Deps;
}

function refuse(refused: HttpError, error: unknown, { request, reply, deps }: Exchange): FastifyReply {
  if (refused.code === 'internal') {
    deps.metrics.failed('internal');
    deps.log.error({ err: error, request_id: request.id }, 'a request failed');
  }
  if (refused.code === 'too_large') deps.metrics.failed('too_large');
  if (refused.code === 'media_type') deps.metrics.failed('media_type');
  if (isUnrecorded(request)) reply.headers(UNAUDITED);
  if (isLarge(request)) reply.header('connection', 'close');
  return reply
    .code(refused.status)
    .headers({ 'x-request-id': request.id, ...refused.headers })
    .type('application/json')
    .send(refused.body(request.id));
}

function isLarge({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > READ_ANYWAY;
}

function addRoute(app: FastifyInstance, route: Route, deps: Deps): void {
  const { method, url, isShed, permission } = route;
  app.route({
    method,
    url,
    onRequest: async (request, reply) => {
      reply.header('x-request-id', request.id);
      if (deps.isDraining()) reply.header('connection', 'close');
      const stay = isShed ? takeIn(reply, deps) : new Stay(() => undefined);
      STAYS.set(request, stay);
      if (permission) CALLERS.set(request, await stay.during(() => admit(request, permission, deps)));
      checkQuery(route, request);
      checkBody(route, request);
    },
    handler: async (request, reply) => {
      const stay = STAYS.get(request);
      if (stay?.isGone) throw new HttpError('timeout', 'the request was given up');
      const work = () => handled(route, request, deps);
      return answer(reply, marked(await (stay ? stay.during(work) : work()), request));
    },
  });
}

/** @throws HttpError `overloaded` */
function takeIn(reply: FastifyReply, { gate, metrics }: Deps): Stay {
  const reason = gate.enter();
  if (reason !== null) {
    metrics.shed(reason);
    throw new HttpError('overloaded', undefined, retryAfter(1));
  }
  // `close` comes once, whether the answer was sent or its reader went away.
  const stay = new Stay(() => gate.leave());
  reply.raw.once('close', () => stay.gone());
  return stay;
}

/** What is misspelt, or there twice, would be taken for absent. Health and metrics take whatever probes append. @throws HttpError `bad_request` */
function checkQuery({ permission, query = {} }: Route, request: FastifyRequest): void {
  if (permission === null) return;
  for (const [name, value] of Object.entries(request.query as object)) {
    const shown = `\`${name.slice(0, 64)}\``;
    if (!Object.hasOwn(query, name))
      throw new HttpError(
        'bad_request',
        `${shown} is no parameter of the query; there are ${Object.keys(query).join(', ') || 'none'}`,
      );
    if (typeof value !== 'string') throw new HttpError('bad_request', `${shown} is in the query twice`);
  }
}

/** @throws HttpError `media_type`: another type, or any encoding, which nobody would undo */
function checkBody({ body, method, mediaError = 'media_type' }: Route, { headers }: FastifyRequest): void {
  const types: readonly string[] = BODIES[body];
  if (method === 'GET' || types.length === 0) return;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined)
    throw new HttpError(mediaError, 'send the body as it is, without Content-Encoding');
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (!types.includes(type.trim().toLowerCase()))
    throw new HttpError(mediaError, `the body must be ${types.join(' or ')}: say so in Content-Type`);
}

async function handled(route: Route, request: FastifyRequest, deps: Deps): Promise<Answer> {
  const { body } = request;
  const context = {
    deps,
    request,
    bytes: body instanceof Uint8Array ? body : new Uint8Array(),
    stream: body instanceof Readable ? body : null,
    requestId: request.id,
    sourceIp: request.ip,
  };
  if (route.permission === null) return route.handle(context);
  const caller = CALLERS.get(request);
  // The step in front has thrown where there is none.
  if (!caller) throw new HttpError('unauthorized');
  return route.handle({ ...context, caller });
}

/** Where nothing could be written down, the answer says so, whatever the route. */
function marked(given: Answer, request: FastifyRequest): Answer {
  if (!isUnrecorded(request)) return given;
  const { body, headers } = given;
  return {
    ...given,
    body: typeof body === 'string' ? unaudited(body) : body,
    headers: { ...headers, ...UNAUDITED },
  };
}

function answer(
  reply: FastifyReply,
  { status, body, type = 'application/json', headers }: Answer,
): FastifyReply {
  if (headers) reply.headers(headers);
  return reply.code(status).type(type).send(body);
}
