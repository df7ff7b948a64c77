/** The OpenAPI document against the server: every route is in it, and what it says of statuses and bodies is what comes. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HTTP_ERRORS } from '../../service/http/error.ts';
import { ROUTES } from '../../service/http/routes/index.ts';
import { DENIED, PASSED, running } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
  readonly operationId: string;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let here: Running;
let document: Document;
beforeAll(async () => {
  here = await running();
  document = (await (await here.ask('/openapi.json', { as: null })).json()) as Document;
});
afterAll(() => here.close());

it('has every route, once, with an id of its own', () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({ path, method, operationId })),
  );
  expect(operations).toHaveLength(ROUTES.length);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
  expect(document.openapi).toBe('3.1.0');
});

it('is valid by its own meta-schema for schemas', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const methods of Object.values(document.paths))
    for (const { responses } of Object.values(methods))
      for (const { content } of Object.values(responses))
        for (const { schema } of Object.values(content))
          expect(() => ajv.compile({ ...schema, components: document.components })).not.toThrow();
});

it.each([
  ['/validate', { body: PASSED }, 200],
  ['/validate', { body: DENIED }, 200],
  ['/validate', { body: '{' }, 400],
  ['/validate', { as: null, body: PASSED }, 401],
  ['/validate', { as: 'viewer', body: PASSED }, 403],
  ['/validate?policy=none', { body: PASSED }, 404],
  ['/validate?values=never', { body: PASSED }, 400],
  ['/validate', { body: PASSED, headers: { 'content-type': 'text/plain' } }, 415],
  ['/validate?form=record', { body: { plan: PASSED } }, 200],
  ['/policies', { as: 'viewer' }, 200],
  ['/policies/none', { as: 'viewer' }, 404],
  ['/policies/policies', { as: 'admin', method: 'DELETE' }, 409],
  [
    '/policies/policies',
    { as: 'admin', method: 'PUT', body: 'x', headers: { 'content-type': 'application/gzip' } },
    409,
  ],
  ['/policies/policies/activate', { as: 'admin', method: 'POST' }, 404],
  ['/sessions', { as: 'runner', body: {} }, 201],
  ['/sessions/none/calls', { as: 'runner', body: { tool: 'a', args: {} } }, 404],
  ['/runs', { as: 'runner', body: { plan: PASSED } }, 201],
  ['/access/v1/evaluation', { body: {} }, 400],
  ['/health', { as: null }, 200],
  ['/health/ready', { as: null }, 200],
  ['/health/deep', { as: null }, 200],
] as const)('%s %j answers %i as the document says', async (path, asking, status) => {
  const reply = await here.ask(path, asking);
  expect(reply.status).toBe(status);
  const method = (
    ('method' in asking ? asking.method : undefined) ?? ('body' in asking ? 'POST' : 'GET')
  ).toLowerCase();
  const url = path.split('?')[0] ?? '';
  const template =
    Object.keys(document.paths).find((each) =>
      new RegExp(`^${each.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(url),
    ) ?? '';
  const described = document.paths[template]?.[method]?.responses[String(status)];
  expect(described, `${method} ${template} ${status}`).toBeDefined();
  const schema = described?.content['application/json']?.schema ?? {};
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const body = (await reply.json()) as Tree;
  const validate = ajv.compile(inline(schema, document));
  expect(validate(body), JSON.stringify(validate.errors)).toBe(true);
});

const inline = (schema: object, { components }: Document): object =>
  '$ref' in schema ? (components.schemas['Error'] ?? {}) : schema;

it('what nobody routes is 404, with our words', async () => {
  const reply = await here.ask('/nothing');
  expect([reply.status, await reply.json()]).toMatchObject([404, { code: 'not_found' }]);
});

it('every code has a status and words', () => {
  for (const [code, [status, text]] of Object.entries(HTTP_ERRORS)) {
    expect(status, code).toBeGreaterThanOrEqual(400);
    expect(text.length, code).toBeGreaterThan(0);
  }
});
