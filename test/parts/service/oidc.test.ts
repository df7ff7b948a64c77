/** An identity provider that is one (oidc-provider): its keys rotate, it goes away, and tokens that it never gave are no tokens. */
import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { decodeJwt, importJWK, SignJWT } from 'jose';
import type { JWK, JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryOf, PASSED, running } from '../../service/support/running.ts';
import type { Running, Tree } from '../../service/support/running.ts';

type ProviderClass = new (issuer: string, options: object) => { callback(): RequestListener };
/** It has no types of its own. */
const provider: string = 'oidc-provider';
const { default: Provider } = (await import(provider)) as { default: ProviderClass };

const keyOf = (kid: string): JWK => ({
  ...(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as JWK),
  kid,
  alg: 'ES256',
  use: 'sig',
});
const [first, second] = [keyOf('first'), keyOf('second')];

let server: Server;
let issuer = '';
let answer: RequestListener = () => undefined;
let keyFetches = 0;
/** Ahead of the clock, milliseconds. */
let ahead = 0;

function provide(keys: readonly JWK[]): void {
  answer = new Provider(issuer, {
    clients: [
      {
        client_id: 'agent',
        client_secret: 'a-secret-that-is-long-enough-for-it',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        scope: 'validate_plan',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    scopes: ['validate_plan'],
    jwks: { keys },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_: unknown, resource: string) => ({
          scope: 'validate_plan',
          audience: resource.endsWith('elsewhere') ? 'elsewhere' : 'plan-lint',
          accessTokenFormat: resource.endsWith('opaque') ? 'opaque' : 'jwt',
          accessTokenTTL: 3_600,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  }).callback();
}

const basic = `Basic ${Buffer.from('agent:a-secret-that-is-long-enough-for-it').toString('base64')}`;

/** A token of the provider. */
async function tokenFor(resource: string): Promise<string> {
  const reply = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'validate_plan', resource }),
  });
  const body = (await reply.json()) as Tree;
  expect(reply.status, JSON.stringify(body)).toBe(200);
  return String(body['access_token']);
}

async function begin(): Promise<void> {
  const { port } = issuer === '' ? { port: 0 } : new URL(issuer);
  server = createServer((request, response) => {
    if (request.url === '/jwks') keyFetches += 1;
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(Number(port), '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
async function away(): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}

beforeAll(async () => {
  await begin();
  provide([first]);
});
afterAll(() => server.close());

const statusFor = async (here: Running, as: string): Promise<number> =>
  (await here.ask('/validate', { as, body: PASSED })).status;
const start = (auth: object): Promise<Running> =>
  running({ config: { auth: { static: null, ...auth } }, now: () => Date.now() + ahead });

describe('jwks', () => {
  let here: Running;
  beforeAll(async () => {
    here = await start({
      modes: ['jwks'],
      jwks: { issuer, audience: ['plan-lint'], username: 'client_id' },
    });
  });
  afterAll(() => here.close());

  it('keys rotate, and no request fails', async () => {
    const old = await tokenFor('urn:plan-lint:api');
    const statuses = [await statusFor(here, old)];
    ahead += 10_000;
    provide([second, first]);
    for (let i = 0; i < 20; i += 1) statuses.push(await statusFor(here, await tokenFor('urn:plan-lint:api')));
    statuses.push(await statusFor(here, old));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(keyFetches).toBe(2);
    expect(here.audit().some(({ user }) => user === 'agent')).toBe(true);
  });

  it('a thousand keys that there are not are at most three questions', async () => {
    keyFetches = 0;
    const stranger = keyOf('stranger');
    const signing = await importJWK(stranger, 'ES256');
    const claims = decodeJwt(await tokenFor('urn:plan-lint:api'));
    const invented = (): Promise<string> =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: randomUUID() }).sign(signing);
    const statuses = new Set<number>();
    for (let round = 0; round < 50; round += 1)
      for (const status of await Promise.all(
        Array.from({ length: 20 }, async () => statusFor(here, await invented())),
      ))
        statuses.add(status);
    expect(statuses).toEqual(new Set([401]));
    expect(keyFetches).toBeLessThanOrEqual(3);
  });

  it.each<[string, () => Promise<string>]>([
    ['for somebody else', () => tokenFor('urn:plan-lint:elsewhere')],
    ['of no algorithm', async () => unsigned({ alg: 'none', kid: 'second' }, await claimsOf())],
    ['signed with the public key as a secret', () => byPublicKey()],
    [
      'of another issuer',
      async () => signedBySecond({ ...(await claimsOf()), iss: 'https://other.example' }),
    ],
    ['that has expired', async () => signedBySecond({ ...(await claimsOf()), exp: 1_000_000_000 })],
    ['of 9 KB', async () => signedBySecond({ ...(await claimsOf()), pad: 'x'.repeat(7_000) })],
  ])('a token %s is none', async (_, make) => {
    expect(await statusFor(here, await make())).toBe(401);
  });

  it('that the provider is away, those with its keys do not notice; a key that nobody knows is 503', async () => {
    const known = await tokenFor('urn:plan-lint:api');
    const fresh = await tokenFor('urn:plan-lint:api');
    expect(await statusFor(here, known)).toBe(200);
    await away();
    ahead += 10_000;
    expect([await statusFor(here, known), await statusFor(here, fresh)]).toEqual([200, 200]);
    const stranger = await importJWK(keyOf('third'), 'ES256');
    const unknown = await new SignJWT(decodeJwt(known))
      .setProtectedHeader({ alg: 'ES256', kid: 'third' })
      .sign(stranger);
    const begun = performance.now();
    expect(await statusFor(here, unknown)).toBe(503);
    expect(performance.now() - begun).toBeLessThan(2_500);
    await begin();
  });
});

describe('introspection', () => {
  it('takes what is active; while the provider is away, what is remembered passes and the rest is 503', async () => {
    const secret = join(directoryOf({ secret: 'a-secret-that-is-long-enough-for-it' }), 'secret');
    const here = await start({
      modes: ['introspection'],
      introspection: {
        url: `${issuer}/token/introspection`,
        client_id: 'agent',
        client_secret_file: secret,
        audience: ['plan-lint'],
        username: 'client_id',
      },
    });
    try {
      const known = await tokenFor('urn:plan-lint:opaque');
      const fresh = await tokenFor('urn:plan-lint:opaque');
      expect([await statusFor(here, known), await statusFor(here, 'none')]).toEqual([200, 401]);
      await away();
      const begun = performance.now();
      expect([await statusFor(here, known), await statusFor(here, fresh)]).toEqual([200, 503]);
      expect(performance.now() - begun).toBeLessThan(2_500);
      await begin();
      expect(await statusFor(here, fresh)).toBe(200);
    } finally {
      await here.close();
    }
  });
});

const claimsOf = async (): Promise<JWTPayload> => decodeJwt(await tokenFor('urn:plan-lint:api'));
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = (header: object, claims: JWTPayload): string => `${encoded(header)}.${encoded(claims)}.`;
const signedBySecond = async (claims: JWTPayload): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: 'second' })
    .sign(await importJWK(second, 'ES256'));
async function byPublicKey(): Promise<string> {
  const open = { ...second, d: undefined };
  const head = `${encoded({ alg: 'HS256', kid: 'second' })}.${encoded(await claimsOf())}`;
  return `${head}.${createHmac('sha256', JSON.stringify(open)).update(head).digest('base64url')}`;
}
