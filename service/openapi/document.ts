/** The OpenAPI 3.1 document, made of the table of routes: what is not there is not answered. */
import { HTTP_ERRORS } from '../http/error.ts';
import type { HttpErrorCode } from '../http/error.ts';
import { BODIES, refusalsOf } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { ERROR } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

/** `/policies/:name` as OpenAPI writes it. */
const pathOf = (url: string): string => url.replaceAll(/:(\w+)/g, '{$1}');

function parametersOf({ url, query = {} }: Route): readonly Json[] {
  const inPath = [...url.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query).map(([name, { description, schema }]) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema,
  }));
  return [...inPath, ...inQuery];
}

/** Several codes share a status. */
function errorsOf(codes: readonly HttpErrorCode[]): Json {
  const statuses = new Map<number, string[]>();
  for (const code of codes) {
    const [status, text] = HTTP_ERRORS[code];
    statuses.set(status, [...(statuses.get(status) ?? []), text]);
  }
  return Object.fromEntries(
    [...statuses].map(([status, texts]) => [
      status,
      {
        description: texts.join('; '),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]),
  );
}

function operationOf(route: Route): Json {
  const { operationId, summary, tag, body, requestSchema, responses, permission } = route;
  const parameters = parametersOf(route);
  const types: readonly string[] = BODIES[body];
  const content = Object.fromEntries(types.map((type) => [type, { schema: requestSchema ?? {} }]));
  const own = Object.fromEntries(
    Object.entries(responses).map(([status, { description, schema, type = 'application/json' }]) => [
      status,
      { description, content: { [type]: { schema: schema ?? {} } } },
    ]),
  );
  return {
    operationId,
    summary,
    tags: [tag],
    ...(parameters.length > 0 && { parameters }),
    ...(types.length > 0 && { requestBody: { required: true, content } }),
    // What a status of its own says stands before what it shares with a refusal.
    responses: { ...errorsOf(refusalsOf(route)), ...own },
    security: permission === null ? [] : [{ bearer: [] }],
    ...(permission !== null && permission.length > 0 && { 'x-permissions': permission }),
  };
}

/** @param version - of the package */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = (paths[pathOf(route.url)] ??= {});
    path[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plan-Lint validation service',
      version,
      description: 'Agents ask it before they act.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { Error: ERROR },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}
