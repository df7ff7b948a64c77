/** Bundles by way of a registry: published, pulled, and what is refused on the way. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { registryServer, type RegistryServer } from '../support/registry-server.ts';
import { place } from './place.ts';

let now = Date.parse('2026-06-01T00:00:00Z');
const at = place({ now: () => now, env: { TOKEN: 'secret' } });
let server: RegistryServer;

const cli = (...argv: string[]): Promise<number> => run(argv, at.io);
async function fine(...argv: string[]): Promise<string> {
  at.out();
  const code = await cli(...argv);
  const err = at.err();
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${code}\n${err}`);
  return at.out();
}
const policy = (limit: number): string =>
  `rules: [{rule: limit, pattern: {tool: pay, operation: amount_gt, value: ${limit}}}]\n`;

async function bundle(output: string, limit: number, ...more: string[]): Promise<void> {
  at.write({ 'policies/pay.yaml': policy(limit) });
  const facts = ['--key', 'keys/signer.key', '--name', 'acme', '--no-cache', ...more];
  await fine('bundle', '--policy-dir', 'policies', '--output', output, ...facts);
}

beforeAll(async () => {
  server = await registryServer('secret');
  await fine('keygen', '--out', 'keys', '--name', 'acme');
  await fine('keygen', '--out', 'channel', '--name', 'unused');
  await fine(
    ...['trust', 'init', '--add', 'keys/signer.pub', '--name', 'acme', '--output', 'trust.json'],
    ...['--channel-key', 'channel/signer.pub', '--channel', 'stable', 'finance/*'],
  );
  await bundle('one.tar.gz', 10, '--sequence', '1');
  await bundle('two.tar.gz', 20, '--sequence', '2');
  await bundle('single.mjs', 30, '--sequence', '3', '--single-file');
  await bundle('bare.mjs', 30, '--sequence', '3');
});
afterAll(() => {
  server.close();
  at.remove();
});

const signed = ['--trust', 'trust.json', '--key', 'channel/signer.key', '--json'] as const;
/** Runs one, with nothing printed before it. */
function afresh(...argv: string[]): Promise<number> {
  at.out();
  at.err();
  return cli(...argv);
}
const publish = (to: string, channel: string, ...more: string[]): Promise<number> =>
  afresh('publish', '--to', to, '--channel', channel, ...signed, ...more);
const pull = (from: string, channel: string, ...more: string[]): Promise<number> =>
  afresh('pull', '--from', from, '--channel', channel, '--trust', 'trust.json', '--json', ...more);
const printed = (): Record<string, unknown> => JSON.parse(at.out()) as Record<string, unknown>;

interface Kind {
  readonly kind: string;
  readonly where: () => string;
  readonly token: readonly string[];
}
const KINDS: readonly Kind[] = [
  { kind: 'a directory', where: () => 'registry', token: [] },
  { kind: 'an address', where: () => server.address, token: ['--token-env', 'TOKEN'] },
];

describe.each(KINDS)('$kind', ({ where, token }) => {
  it('takes a bundle, its successors and renewals, and gives the current one', async () => {
    expect(await publish(where(), 'stable', ...token, 'one.tar.gz')).toBe(0);
    expect(printed()).toMatchObject({ channel: 'stable', sequence: 1, bundle: 'acme', before: null });
    expect(await pull(where(), 'stable', '--state', 'seen.json', '--output', 'got.tar.gz')).toBe(0);
    expect(printed()).toMatchObject({ sequence: 1, changed: true });
    expect(at.read('got.tar.gz')).toBe(at.read('one.tar.gz'));
    // It is a bundle like any other.
    at.write({ 'plan.json': '{"steps": [{"id": "s", "tool": "pay", "args": {"amount": 15}}]}' });
    const decide = ['validate', 'plan.json', '--bundle', 'got.tar.gz', '--trust', 'trust.json'];
    expect(await cli(...decide)).toBe(1);

    now += 1000;
    expect(await publish(where(), 'stable', ...token, '--renew')).toBe(0);
    expect(await publish(where(), 'stable', ...token, 'two.tar.gz')).toBe(0);
    expect(await pull(where(), 'stable', '--state', 'seen.json', '--output', 'got.tar.gz')).toBe(2);
    expect(at.err()).toContain('exists and is not overwritten');
    expect(await pull(where(), 'stable', '--state', 'seen.json', '--output', 'got.tar.gz', '--force')).toBe(
      0,
    );
    expect(printed()).toMatchObject({ sequence: 3, changed: true });
    expect(await cli(...decide)).toBe(0);
    expect(await pull(where(), 'stable', '--state', 'seen.json', '--output', 'got.tar.gz')).toBe(0);
    expect(printed()).toMatchObject({ sequence: 3, changed: false });
    rmSync(at.path('got.tar.gz'));
    rmSync(at.path('seen.json'));
  });

  it('keeps channels apart, and takes a single file', async () => {
    expect(await publish(where(), 'finance/production/stable', ...token, 'single.mjs')).toBe(0);
    expect(await pull(where(), 'finance/production/stable', '--output', 'got.mjs')).toBe(0);
    expect(at.err()).toContain('nobody remembers this head');
    expect(at.read('got.mjs')).toBe(at.read('single.mjs'));
    rmSync(at.path('got.mjs'));
  });

  it.each([
    ['one.tar.gz', 'stable', 2, /the bundle has the sequence 1, and the channel is at 2/],
    ['bare.mjs', 'stable', 2, /with its signatures in it, and it has none/],
    ['two.tar.gz', 'canary', 4, /channel_not_trusted/],
    ['two.tar.gz', '../stable', 2, /no name of a channel/],
  ] as const)('does not take %s in %s', async (file, channel, code, message) => {
    expect(await publish(where(), channel, ...token, file)).toBe(code);
    expect(at.err()).toMatch(message);
  });

  it('forgets nobody: what the keys of policies alone have signed is no head', async () => {
    const argv = [
      'publish',
      'two.tar.gz',
      '--to',
      where(),
      '--channel',
      'finance/x',
      '--trust',
      'trust.json',
    ];
    expect(await cli(...argv, ...token)).toBe(2);
    expect(at.err()).toContain('give the key of the channel');
    expect(await cli(...argv, ...token, '--key', 'keys/signer.key')).toBe(4);
    expect(at.err()).toContain('key_not_allowed');
    expect(await publish(where(), 'finance/x', ...token, '--renew')).toBe(2);
    expect(at.err()).toContain('there is no channel `finance/x`');
  });
});

it('the pulled head is remembered: an older one is refused, by the file that holds what was seen', async () => {
  const head = 'registry/channels/stable.sigstore.json';
  const old = at.read(head);
  expect(await publish('registry', 'stable', '--renew')).toBe(0);
  expect(await pull('registry', 'stable', '--state', 'seen.json', '--output', 'got.tar.gz')).toBe(0);
  writeFileSync(at.path(head), old);
  const again = ['--state', 'seen.json', '--output', 'got.tar.gz'];
  expect(await pull('registry', 'stable', ...again)).toBe(4);
  expect(at.err()).toContain('channel_rollback');
  // Nor is one that nobody renews, remembered or not.
  now += 8 * 86_400_000;
  expect(await pull('registry', 'stable', '--output', 'got.tar.gz')).toBe(4);
  expect(at.err()).toContain('channel_expired');
  // The registry has lost its last head; whoever publishes says how far it was.
  expect(await publish('registry', 'stable', '--renew', '--sequence', '10')).toBe(0);
  expect(await pull('registry', 'stable', ...again)).toBe(0);
  expect(printed()).toMatchObject({ sequence: 10 });
});

it('a file under the wrong digest stops publisher and puller; nothing is left half written', async () => {
  const { digest } = { digest: readdirSync(at.path('registry/blobs/sha256')) };
  for (const each of digest) writeFileSync(at.path(`registry/blobs/sha256/${each}`), 'something else');
  expect(await publish('registry', 'stable', '--renew')).toBe(4);
  expect(at.err()).toContain('digest_mismatch');
  expect(await publish('registry', 'finance/y', 'two.tar.gz')).toBe(4);
  expect(at.err()).toContain('holds another file under');
  expect(await pull('registry', 'stable', '--output', 'none.tar.gz')).toBe(4);
  expect(at.err()).toContain('digest_mismatch');
  expect(readdirSync(at.directory)).not.toContain('none.tar.gz');
  expect(readdirSync(at.path('registry/channels'))).toEqual(['finance', 'stable.sigstore.json']);
});

describe('an address', () => {
  it('is written by one at a time: who comes second is told, and writes nothing', async () => {
    const head = 'channels/stable.sigstore.json';
    const other = Buffer.from('of somebody else');
    server.beforePut = (path) => {
      if (path === head) server.files.set(path, other);
    };
    expect(await publish(server.address, 'stable', '--token-env', 'TOKEN', '--renew')).toBe(2);
    expect(at.err()).toContain('somebody else has published to `stable` meanwhile');
    expect(server.files.get(head)).toBe(other);
    server.beforePut = () => undefined;
    server.files.delete(head);
  });

  it('wants a token of who writes, and never sends one in the clear', async () => {
    expect(await publish(server.address, 'stable', 'one.tar.gz')).toBe(2);
    expect(at.err()).toContain('--token-env');
    const clear = ['--token-env', 'TOKEN', '--output', 'x.tar.gz'];
    expect(await pull('http://policies.example', 'stable', ...clear)).toBe(2);
    expect(at.err()).toContain('in the clear');
    expect(await pull('ftp://policies.example', 'stable', '--output', 'x.tar.gz')).toBe(2);
    expect(at.err()).toContain('`ftp:` is no kind of registry');
    expect(await pull('registry', 'stable', '--token-env', 'NONE', '--output', 'x.tar.gz')).toBe(2);
    expect(at.err()).toContain('`NONE` is not set');
  });
});

it('two who publish at once to a directory: one head wins, and the sequence is never used twice', async () => {
  const place1 = 'racing';
  expect(await publish(place1, 'stable', 'one.tar.gz')).toBe(0);
  const codes = await Promise.all([1, 2, 3].map(() => publish(place1, 'stable', '--renew')));
  expect(codes.every((code) => code === 0 || code === 2)).toBe(true);
  const won = codes.filter((code) => code === 0).length;
  expect(await pull(place1, 'stable', '--output', 'race.tar.gz')).toBe(0);
  expect(printed()).toMatchObject({ sequence: 1 + won });
});
