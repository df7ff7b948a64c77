/** Settings: where each comes from, what is refused and with which words, and what the published schema says of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { loadConfig, readConfig } from '../../service/config/load.ts';
import { printConfig } from '../../service/config/print.ts';
import { configSchema } from '../../service/config/schema.ts';
import { isLoopback, listenOf } from '../../service/listen.ts';
import { startService } from '../../service/service.ts';
import { pino } from 'pino';
import { directoryOf } from './support/running.ts';

const written = `listen: 127.0.0.1:9000
policies:
  path: /from/file
limits: { body: 2MiB }
results: { url: "postgres://lint:secret@db/results" }
`;
const file = join(directoryOf({ 'service.yaml': written }), 'service.yaml');

it('file, then environment, then flags; and it is remembered which', async () => {
  const flags = new Map([['audit.path', { flag: '--audit', value: '-' }]]);
  const loaded = await loadConfig({ file, env: { PLAN_LINT_POLICY_PATH: '/from/env' }, flags });
  expect(loaded.config).toMatchObject({
    listen: '127.0.0.1:9000',
    policies: { path: '/from/env' },
    limits: { body: 2 << 20 },
    audit: { path: '-', durability: 'written' },
  });
  const printed = printConfig(loaded);
  expect(printed).toContain(`listen: "127.0.0.1:9000" # file ${file}`);
  expect(printed).toContain('path: "/from/env" # env PLAN_LINT_POLICY_PATH');
  expect(printed).toContain('path: "-" # flag --audit');
  expect(printed).toContain('in_flight: 256 # default');
  expect(printed).not.toContain('secret');
});

it('what is printed can be used as a configuration', async () => {
  const loaded = await loadConfig({ env: {} });
  const again = join(directoryOf({ 'again.yaml': printConfig(loaded) }), 'again.yaml');
  expect((await loadConfig({ file: again, env: {} })).config).toEqual(loaded.config);
});

describe('are refused', () => {
  it.each([
    ['limit: {}', '`limit` is no setting', 'did you mean `limits`?'],
    ['limits: { bdy: 1 }', '`limits.bdy` is no setting', 'did you mean `limits.body`?'],
    [
      'limits: { body: many }',
      '`limits.body` is not a size',
      'write `limits.body` as `1MiB`, `64KiB` or a number of bytes',
    ],
    [
      'drain: { delay: 5 }',
      '`drain.delay` is not a time',
      'write `drain.delay` as `500ms`, `5s`, `10m`, `1h`, `90d` or `0`',
    ],
    [
      'audit: { durability: often }',
      '`audit.durability` is not one of written, synced, async',
      'write `audit.durability` as written or synced or async',
    ],
    ['tls: 3', '`tls` is not an object', 'write `tls` as `key: value` lines'],
    ['auth: { modes: [jwks, 3] }', '`auth.modes[1]` is not a text', 'write `auth.modes[1]` as `"text"`'],
    [
      'auth: { jwks: { audiences: [a] } }',
      '`auth.jwks.audiences` is no setting',
      'did you mean `auth.jwks.audience`?',
    ],
    [
      'teams: { finance: { entris: a } }',
      '`teams.finance.entris` is no setting',
      'did you mean `teams.finance.entries`?',
    ],
    [
      'teams: { "a/b": { entries: { a: 1 } } }',
      '`teams.a/b.entries` is not a list',
      'write `teams.a/b.entries` as a list, each `"text"`',
    ],
    ['a: 1\na: 2', /:2:1: .*duplicat/, 'write it as YAML: `key: value`, one a line'],
  ])('%s', async (text, message, hint) => {
    const path = join(directoryOf({ 's.yaml': text }), 's.yaml');
    await expect(loadConfig({ file: path, env: {} })).rejects.toMatchObject({
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
      hint,
    });
  });

  it('JSON with a member twice', async () => {
    const path = join(
      directoryOf({ 's.json': '{"listen": "127.0.0.1:1", "listen": "0.0.0.0:1"}' }),
      's.json',
    );
    await expect(loadConfig({ file: path, env: {} })).rejects.toThrow('a member is there twice');
  });

  it.each([
    [{ listen: '0.0.0.0:0' }, 'nobody is authenticated, and `listen` is 0.0.0.0:0'],
    [{ listen: '127.0.0.1:0', auth: { modes: ['jwks'] } }, 'nobody has a permission'],
    [
      { listen: '127.0.0.1:0', auth: { modes: ['jwks'], trust_permissions: true } },
      'there is no `auth.jwks`',
    ],
    [
      { listen: '127.0.0.1:0', auth: { modes: ['magic'], trust_permissions: true } },
      '`magic`, which is none',
    ],
    [
      {
        auth: {
          modes: ['verify_url'],
          trust_permissions: true,
          verify_url: { url: 'http://auth.example.com/verify' },
        },
      },
      '`auth.verify_url.url` is no https address',
    ],
    [
      {
        auth: {
          modes: ['jwks'],
          trust_permissions: true,
          jwks: { issuer: 'http://id.example.com', audience: ['a'] },
        },
      },
      '`auth.jwks.issuer` is no https address',
    ],
    [
      {
        auth: {
          modes: ['jwks'],
          trust_permissions: true,
          jwks: { issuer: 'https://id.example.com', audience: ['a'], url: 'http://id.example.com/keys' },
        },
      },
      '`auth.jwks.url` is no https address',
    ],
    [
      {
        auth: {
          modes: ['introspection'],
          trust_permissions: true,
          introspection: { url: 'https://id.example.com/i', client_id: 'a', client_secret_file: 'b' },
        },
      },
      '`auth.introspection.audience` is missing',
    ],
  ])('%j', async (tree, message) => {
    const directory = directoryOf({ 'policies/a.yaml': 'max_steps: 3\n' });
    const policies = { path: join(directory, 'policies') };
    const config = readConfig({ audit: { path: join(directory, 'audit.log') }, policies, ...tree });
    await expect(startService({ config, log: pino({ level: 'silent' }) })).rejects.toThrow(message);
  });
});

it('an address', () => {
  expect(listenOf('8000', 'listen')).toEqual({ host: '0.0.0.0', port: 8000 });
  expect(listenOf('[::1]:8000', 'listen')).toEqual({ host: '::1', port: 8000 });
  expect(() => listenOf('here', 'listen')).toThrow('no address');
  expect(['127.0.0.1', '::1', 'localhost', '127.9.9.9'].every((host) => isLoopback({ host, port: 1 }))).toBe(
    true,
  );
  expect(['0.0.0.0', '127.0.0.1.example.com', '10.0.0.1'].some((host) => isLoopback({ host, port: 1 }))).toBe(
    false,
  );
});

it('the published schema takes what is printed, and no other key', () => {
  const validate = new Ajv2020({ strict: false }).compile(configSchema());
  expect(validate({ listen: '127.0.0.1:8000', drain: { delay: '5s' } })).toBe(true);
  expect(validate({ listn: 'x' })).toBe(false);
  expect(validate({ limits: { body: '1 MB' } })).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe(written);
});
