/** Who asks: each mode, what becomes of one that does not answer, and what roles make of it. */
import { createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Breaker } from '../../service/auth/ask.ts';
import { bearerOf } from '../../service/auth/chain.ts';
import { TokenCache } from '../../service/auth/cache.ts';
import { namesIn } from '../../service/auth/mtls.ts';
import { sourceOfAddress } from '../../service/auth/source-of.ts';
import { Waiting } from '../../service/auth/waiting.ts';
import { readRoles, permissionsFor } from '../../service/rbac/roles.ts';
import { parseSettings } from '../../service/config/load.ts';
import { entriesFor } from '../../service/rbac/entries.ts';
import { identityOf } from '../../service/auth/identity.ts';
import type { AuthOutcome, Identity } from '../../service/auth/identity.ts';
import { directoryOf, PASSED, running } from './support/running.ts';
import type { Running } from './support/running.ts';

/** A company's identity service: `/verify`, `/introspect`, `/keys`. */
const iam = {
  status: 200,
  delay: 0,
  /** Of `/introspect`, beside what it says of an active token. */
  told: {} as object,
  metadata: {} as object,
  calls: { verify: 0, introspect: 0, keys: 0 },
  keys: [] as object[],
};
let server: Server;
let url = '';
let keys: { privateKey: CryptoKey; kid: string };

async function newKey(kid: string): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  iam.keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }];
  keys = { privateKey, kid };
}

const tokenFor = (claims: object = {}, header: object = {}): Promise<string> =>
  new SignJWT({ permissions: ['validate_plan'], ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: keys.kid, ...header })
    .setIssuer('https://issuer.example')
    .setAudience('plan-lint')
    .setSubject('ada')
    .setExpirationTime('5m')
    .sign(keys.privateKey);

beforeAll(async () => {
  await newKey('first');
  server = createServer((request, response) => {
    const path = request.url ?? '';
    const answer = (status: number, body: object): void => {
      setTimeout(
        () => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        iam.delay,
      );
    };
    if (path === '/keys') {
      iam.calls.keys += 1;
      answer(iam.status, { keys: iam.keys });
    } else if (path === '/.well-known/openid-configuration') {
      answer(200, iam.metadata);
    } else if (path === '/moved') {
      response.writeHead(302, { location: '/keys' }).end();
    } else if (path === '/verify') {
      iam.calls.verify += 1;
      const isKnown = request.headers.authorization === 'Bearer opaque';
      if (iam.status !== 200) answer(iam.status, {});
      else answer(isKnown ? 200 : 401, isKnown ? { username: 'ada', permissions: ['validate_plan'] } : {});
    } else {
      iam.calls.introspect += 1;
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () =>
        answer(
          iam.status,
          body.includes('token=active')
            ? { active: true, username: 'ada', scope: 'validate_plan', aud: 'plan-lint', ...iam.told }
            : { active: false },
        ),
      );
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function withAuth(
  auth: object,
  use: (here: Running) => Promise<void>,
  files?: Record<string, string>,
  limits: object = {},
): Promise<void> {
  const here = await running({
    config: { auth: { static: null, ...auth }, limits },
    ...(files && { files }),
  });
  Object.assign(iam, { status: 200, delay: 0, told: {}, metadata: {} });
  Object.assign(iam.calls, { verify: 0, introspect: 0, keys: 0 });
  try {
    await use(here);
  } finally {
    await here.close();
  }
}

const statusFor = async (here: Running, as: string | null): Promise<number> =>
  (await here.ask('/validate', { as, body: PASSED })).status;

describe('verify_url', () => {
  it('says who asks, is asked once for a token, and is remembered when it is down', async () => {
    await withAuth(
      {
        modes: ['verify_url'],

        verify_url: { url: `${url}/verify`, timeout: '300ms' },
      },
      async (here) => {
        expect(await statusFor(here, 'opaque')).toBe(200);
        expect(await statusFor(here, 'opaque')).toBe(200);
        expect(await statusFor(here, 'other')).toBe(401);
        expect(iam.calls.verify).toBe(2);
        iam.status = 500;
        expect(await statusFor(here, 'opaque')).toBe(200);
        const reply = await here.ask('/validate', { as: 'new', body: PASSED });
        expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '2']);
        Object.assign(iam, { status: 200, delay: 2_000 });
        const start = performance.now();
        expect(await statusFor(here, 'slow')).toBe(503);
        expect(performance.now() - start).toBeLessThan(1_900);
      },
    );
  });

  const asking = { modes: ['verify_url'], verify_url: { url: '', timeout: '100ms' } };
  const withUrl = (use: (here: Running) => Promise<void>): Promise<void> =>
    withAuth({ ...asking, verify_url: { ...asking.verify_url, url: `${url}/verify` } }, use);

  it('that cannot be heard is left alone', async () => {
    await withUrl(async (here) => {
      iam.delay = 400;
      for (let i = 0; i < 6; i += 1) expect(await statusFor(here, `t${i}`)).toBe(503);
      expect(iam.calls.verify).toBe(3);
    });
  });

  it.each([302, 429, 500, 503])('that answers %i to strangers answers others', async (status) => {
    await withUrl(async (here) => {
      iam.status = status;
      for (let i = 0; i < 5; i += 1)
        expect(await statusFor(here, `stranger-${i}`)).toBe(status === 302 ? 401 : 503);
      iam.status = 200;
      expect(await statusFor(here, 'opaque')).toBe(200);
    });
  });

  it('that is slow is not asked more often because callers hang up', async () => {
    await withAuth(
      { modes: ['verify_url'], verify_url: { url: `${url}/verify`, timeout: '5s' } },
      async (here) => {
        iam.delay = 1_500;
        const hangUp = new AbortController();
        const gone = fetch(`${here.url}/validate`, {
          method: 'POST',
          headers: { authorization: 'Bearer stranger', 'content-type': 'application/json' },
          body: JSON.stringify(PASSED),
          signal: hangUp.signal,
        }).catch(() => 'gone');
        await expect.poll(() => iam.calls.verify).toBe(1);
        hangUp.abort();
        expect(await gone).toBe('gone');
        await new Promise((done) => setTimeout(done, 150));
        expect(here.service.deps.gate.inFlight).toBe(1);
        await expect.poll(() => here.service.deps.gate.inFlight, { timeout: 5_000 }).toBe(0);
      },
    );
  });

  it('that is slow about strangers leaves room for those who are known', async () => {
    await withAuth(
      { modes: ['verify_url'], verify_url: { url: `${url}/verify`, timeout: '5s' } },
      async (here) => {
        expect(await statusFor(here, 'opaque')).toBe(200);
        iam.delay = 600;
        const strangers = Array.from({ length: 4 }, (_, i) => statusFor(here, `stranger-${i}`));
        await expect.poll(() => iam.calls.verify).toBe(4);
        expect(await statusFor(here, 'opaque')).toBe(200);
        expect((await Promise.all(strangers)).sort()).toEqual([401, 401, 401, 503]);
      },
      undefined,
      { in_flight: 5 },
    );
  });

  it('that is slow about strangers of one address answers those of another', async () => {
    const auth = { modes: ['verify_url'], verify_url: { url: `${url}/verify`, timeout: '5s' } };
    await withAuth(
      auth,
      async (here) => {
        iam.delay = 600;
        const strangers = Array.from({ length: 16 }, (_, i) => statusFor(here, `stranger-${i % 6}`));
        await expect.poll(() => iam.calls.verify).toBe(4);
        const from = (localAddress: string): Promise<number> =>
          new Promise((resolve, reject) => {
            const headers = { authorization: 'Bearer opaque', 'content-type': 'application/json' };
            httpRequest(`${here.url}/validate`, { method: 'POST', headers, localAddress }, (reply) => {
              reply.resume();
              resolve(reply.statusCode ?? 0);
            })
              .on('error', reject)
              .end(JSON.stringify(PASSED));
          });
        expect(await from('127.0.0.9')).toBe(200);
        expect(await Promise.all(strangers)).toContain(503);
      },
      undefined,
      { in_flight: 8 },
    );
  });
});

describe('introspection', () => {
  /** Active, and not for us, or no access token. */
  const REFUSED = [
    { aud: 'another' },
    { aud: ['another'] },
    { aud: undefined },
    { token_type: 'refresh_token' },
    { token_use: 'refresh' },
    { typ: 'ID' },
  ];

  it('takes an active token', async () => {
    const introspection = {
      audience: ['plan-lint'],
      url: `${url}/introspect`,
      client_id: 'plan-lint',
      client_secret_file: join(directoryOf({ secret: 'hush' }), 'secret'),
    };
    await withAuth({ modes: ['introspection'], introspection }, async (here) => {
      expect([await statusFor(here, 'active'), await statusFor(here, 'gone')]).toEqual([200, 401]);
      iam.status = 500;
      expect(await statusFor(here, 'another')).toBe(503);
      iam.status = 200;
      for (const [i, told] of REFUSED.entries()) {
        iam.told = told;
        expect([told, await statusFor(here, `active-${i}`)]).toEqual([told, 401]);
      }
      iam.told = { aud: ['x', 'plan-lint'], token_type: 'Bearer' };
      expect(await statusFor(here, 'active-list')).toBe(200);
    });
  });
});

describe('jwks', () => {
  const auth = {
    modes: ['jwks'],
    jwks: { issuer: 'https://issuer.example', audience: ['plan-lint'], url: '' },
  };
  const withKeys = (use: (here: Running) => Promise<void>): Promise<void> =>
    withAuth({ ...auth, jwks: { ...auth.jwks, url: `${url}/keys` } }, use);

  it('takes what the issuer has signed, across a rotation, and refuses all else', async () => {
    await withKeys(async (here) => {
      expect(await statusFor(here, await tokenFor())).toBe(200);
      const [head = '', body = ''] = (await tokenFor()).split('.');
      const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
      const { privateKey } = await generateKeyPair('ES256');
      const forged = await new SignJWT({ permissions: ['validate_plan'] })
        .setProtectedHeader({ alg: 'ES256', kid: 'first' })
        .setIssuer('https://issuer.example')
        .setAudience('plan-lint')
        .setSubject('ada')
        .setExpirationTime('5m')
        .sign(privateKey);
      const symmetric = await new SignJWT({})
        .setProtectedHeader({ alg: 'HS256', kid: 'first' })
        .setIssuer('https://issuer.example')
        .setAudience('plan-lint')
        .setSubject('ada')
        .setExpirationTime('5m')
        .sign(Buffer.from(JSON.stringify(iam.keys[0]).padEnd(64)));
      const refused = [
        unsigned,
        forged,
        symmetric,
        `${head}.${body}.AAAA`,
        await tokenFor({ padding: 'x'.repeat(9_000) }),
        'not.a.token',
      ];
      const wrongAudience = await new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: 'first' })
        .setIssuer('https://issuer.example')
        .setAudience('another')
        .setSubject('ada')
        .setExpirationTime('5m')
        .sign(keys.privateKey);
      const expired = await new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: 'first' })
        .setIssuer('https://issuer.example')
        .setAudience('plan-lint')
        .setSubject('ada')
        .setExpirationTime('-5m')
        .sign(keys.privateKey);
      const endless = await new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: 'first' })
        .setIssuer('https://issuer.example')
        .setAudience('plan-lint')
        .setSubject('ada')
        .sign(keys.privateKey);
      for (const token of [...refused, wrongAudience, expired, endless])
        expect(await statusFor(here, token)).toBe(401);
      // Keys fetched a moment ago are not fetched again for an unknown name, however often.
      const before = iam.calls.keys;
      for (let i = 0; i < 50; i += 1)
        expect(await statusFor(here, await tokenFor({}, { kid: `random-${i}` }))).toBe(401);
      expect(iam.calls.keys - before).toBeLessThanOrEqual(1);
    });
  });

  it('goes on with the keys it has while the issuer is away', async () => {
    await withKeys(async (here) => {
      expect(await statusFor(here, await tokenFor())).toBe(200);
      iam.status = 500;
      expect(await statusFor(here, await tokenFor({ n: 2 }))).toBe(200);
    });
  });

  it.each([
    [
      'another issuer',
      { issuer: 'https://another.example', jwks_uri: '/keys' },
      'its metadata are of another issuer',
    ],
    ['no issuer', { jwks_uri: '/keys' }, 'its metadata are of another issuer'],
    ['keys that are not encrypted', { jwks_uri: 'http://keys.example/keys' }, 'no https address'],
    ['keys that have moved', { jwks_uri: '/moved' }, 'it answers 302'],
    ['its own keys', { jwks_uri: '/keys' }, null],
  ])('metadata of %s', async (name, { issuer, jwks_uri }: { issuer?: string; jwks_uri: string }, reason) => {
    const own = name.includes('no issuer') ? {} : { issuer: issuer ?? url };
    await withAuth({ modes: ['jwks'], jwks: { issuer: url, audience: ['plan-lint'] } }, async (here) => {
      iam.metadata = { ...own, jwks_uri: new URL(jwks_uri, url).href };
      const token = await new SignJWT({ permissions: ['validate_plan'] })
        .setProtectedHeader({ alg: 'ES256', kid: keys.kid })
        .setIssuer(url)
        .setAudience('plan-lint')
        .setSubject('ada')
        .setExpirationTime('5m')
        .sign(keys.privateKey);
      expect(await statusFor(here, token)).toBe(reason === null ? 200 : 503);
      const denied = here.audit().find(({ action }) => action === 'auth_denied');
      expect(denied?.['detail'] ?? null).toEqual(
        reason === null
          ? null
          : expect.objectContaining({ reason: expect.stringContaining(reason) as string }),
      );
    });
  });

  it('without keys nobody is let in, and nobody is called a stranger', async () => {
    await withKeys(async (here) => {
      iam.status = 500;
      expect(await statusFor(here, await tokenFor({ n: 3 }))).toBe(503);
    });
  });
});

describe('fairness', () => {
  it('an address has as many calls as it leaves to others, and rests alone', () => {
    let now = 0;
    const breaker = new Breaker(8, () => now);
    const begun = (source: string): number => {
      let count = 0;
      while (breaker.begin(source) === null) count += 1;
      return count;
    };
    expect([begun('one'), begun('two'), begun('three'), begun('four')]).toEqual([4, 2, 1, 1]);
    for (let i = 0; i < 4; i += 1) breaker.failed('one');
    expect(breaker.begin('one')).toMatchObject({ seconds: 5 });
    expect(breaker.begin('five')).toBeNull();
    breaker.answered('five');
    now = 5_000;
    expect(breaker.begin('one')).toBeNull();
    expect(breaker.begin('one')).toMatchObject({ seconds: 1 });
    breaker.answered('one');
    expect(breaker.begin('one')).toBeNull();
  });

  it('whoever takes most places to wait gives one up', async () => {
    const waiting = new Waiting(4);
    const endless = (): Promise<AuthOutcome> => new Promise(() => undefined);
    const greedy = Array.from({ length: 5 }, () => waiting.during('one', endless));
    expect(await greedy[4]).toMatchObject({ kind: 'unavailable' });
    const known = { kind: 'refused', reason: 'known' } as const;
    expect(await waiting.during('two', () => Promise.resolve(known))).toBe(known);
    // The one that had waited longest.
    expect(await greedy[0]).toMatchObject({ kind: 'unavailable' });
    void waiting.during('two', endless);
    void waiting.during('three', endless);
    expect(await greedy[1]).toMatchObject({ kind: 'unavailable' });
    // Now nobody has more than one more than another.
    expect(await waiting.during('three', endless)).toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:DB8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s is of %s', (address, source) => expect(sourceOfAddress(address)).toBe(source));
});

it('a header that is no bearer token is none', () => {
  expect(bearerOf('Bearer abc.def_-~+/=')).toBe('abc.def_-~+/=');
  expect(bearerOf('bearer abc')).toBe('abc');
  for (const header of ['Basic abc', 'Bearer', 'Bearer a b', 'Bearer "x"', 'Bearer a,b'])
    expect(bearerOf(header)).toBeUndefined();
  expect(bearerOf(undefined)).toBeNull();
});

it('a name of a certificate that could pass for two is none', () => {
  expect(namesIn('URI:spiffe://acme/agent, DNS:a.example')).toEqual([
    'URI:spiffe://acme/agent',
    'DNS:a.example',
  ]);
  expect(namesIn('DNS:"a, URI:spiffe://acme/admin"')).toEqual([]);
});

it('tokens are remembered for as long as they hold, and asked for once', async () => {
  let now = 0;
  let asked = 0;
  const cache = new TokenCache({ life: 60_000, entries: 2, now: () => now });
  const identity: Identity = {
    username: 'ada',
    permissions: [],
    groups: [],
    team: null,
    claims: {},
    expires: 30_000,
  };
  const verify = () => {
    asked += 1;
    return Promise.resolve({ kind: 'identity', identity } as const);
  };
  await Promise.all([cache.ask('a', verify), cache.ask('a', verify)]);
  expect(asked).toBe(1);
  now = 29_999;
  await cache.ask('a', verify);
  expect(asked).toBe(1);
  now = 30_000;
  await cache.ask('a', verify);
  expect(asked).toBe(2);
  for (const token of ['b', 'c', 'a']) await cache.ask(token, verify);
  expect(asked).toBe(5);
  // Tokens that are refused push out none that hold.
  now = 20_000;
  const refuse = () => Promise.resolve({ kind: 'refused', reason: 'unknown' } as const);
  for (let i = 0; i < 9; i += 1) await cache.ask(`stranger ${i}`, refuse);
  expect(await cache.ask('a', verify)).toMatchObject({ kind: 'identity' });
  expect(asked).toBe(5);
});

it.each([
  ['finance admins', ['finance admins']],
  [
    ['finance', 'legal team'],
    ['finance', 'legal team'],
  ],
  ['', []],
])('groups %j: blanks part the words of a scope, and no group', (groups, expected) => {
  const outcome = identityOf(
    { sub: 'ada', groups, scope: 'validate_plan run_session', permissions: 'read_policy apply_policy' },
    { username: 'sub', groups: 'groups', team: 'team' },
  );
  expect(outcome).toMatchObject({
    identity: {
      groups: expected,
      permissions: ['read_policy', 'apply_policy', 'validate_plan', 'run_session'],
    },
  });
});

/** The source document's YAML as it is printed, with who has the roles. */
const DOCUMENT_RBAC = `
# RBAC configuration
roles:
  policy_admin:
    description: "Full access to policy management"
    permissions:
      - create_policy
      - read_policy
      - update_policy
      - delete_policy
      - apply_policy
      
  policy_viewer:
    description: "Can view policies but not modify"
    permissions:
      - read_policy
      
  validator:
    description: "Can validate plans against policies"
    permissions:
      - read_policy
      - validate_plan
`;

describe('roles', () => {
  const ada: Identity = {
    username: 'ada',
    permissions: ['approve_plan'],
    groups: ['agents'],
    team: 'finance',
    claims: { level: ['gold'] },
    expires: null,
  };
  const rolesOf = (bindings: string) => readRoles(parseSettings(`${DOCUMENT_RBAC}${bindings}`, 'rbac.yaml'));
  const may = (bindings: string, trusts = false): readonly string[] => [
    ...permissionsFor(ada, rolesOf(bindings), trusts),
  ];

  it('are those of the document, for those who are bound to them', () => {
    expect(may('')).toEqual([]);
    expect(may('bindings: [{role: validator, groups: [agents]}]')).toEqual(['read_policy', 'validate_plan']);
    expect(may('bindings: [{role: policy_viewer, users: [ada], teams: [legal]}]')).toEqual([]);
    expect(may('bindings: [{role: policy_viewer, claims: {level: gold}}]')).toEqual(['read_policy']);
    expect(may('bindings: [{role: policy_viewer, claims: {level: gold, unit: a}}]')).toEqual([]);
    expect(may('', true)).toEqual(['approve_plan']);
  });

  it('with a name that is none are refused, with the nearest one', () => {
    expect(() => rolesOf('bindings: [{role: validatr, users: [ada]}]')).toThrow(
      expect.objectContaining({ hint: 'did you mean `validator`?' }) as Error,
    );
    expect(() => readRoles(parseSettings('roles: {a: {permissions: [validate_plans]}}', 'r.yaml'))).toThrow(
      expect.objectContaining({ hint: 'did you mean `validate_plan`?' }) as Error,
    );
    expect(() => rolesOf('bindings: [{role: validator}]')).toThrow('says nobody');
  });

  it('bind a team to its entries', () => {
    const teams = new Map([
      ['finance', { entries: ['finance'] }],
      ['ops', { entries: ['*'] }],
    ]);
    expect(entriesFor('finance', teams)).toEqual(['finance']);
    expect(entriesFor('ops', teams)).toBeNull();
    expect(entriesFor('nobody', teams)).toEqual([]);
    expect(entriesFor(null, teams)).toEqual([]);
    expect(entriesFor(null, new Map())).toBeNull();
  });
});
