/** Channels of a registry, seen by whoever controls the mirror: it may answer what it likes, and be taken for nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseTrustRoot } from '@plan-lint/runtime';
import { PAYLOAD_TYPE, TRUST_PAYLOAD_TYPE } from '@plan-lint/runtime/contract';
import { followBundle, type FollowedBundle, type FollowOptions } from '@plan-lint/runtime/node';
import { CHANNEL_TYPE, filePath, headPath, verifyChannel } from '@plan-lint/runtime/tools';
import {
  firstTrust,
  generateKey,
  keySigner,
  sha256Hex,
  signBundle,
  signPayload,
  signerKey,
  singleFile,
  statementBytes,
  trustBytes,
  trustKey,
  type TrustFile,
} from '../../compiler/6-sign/index.ts';
import { NOW, moduleText, predicateOf, sharedKey, verdict } from '../support/signing.ts';

const HOUR = 3_600_000;
const channelKey = generateKey('ed25519');
const otherKey = generateKey('ed25519');
const channelRole = { name: 'stable', keys: [signerKey(channelKey).id], threshold: 1 };
const root: TrustFile = {
  ...firstTrust(signerKey(sharedKey)),
  keys: [trustKey(signerKey(sharedKey)), trustKey(signerKey(channelKey)), trustKey(signerKey(otherKey))],
  channels: [channelRole],
};

interface Release {
  readonly content: Uint8Array;
  readonly digest: string;
}

async function release(sequence: number, overrides: { readonly name?: string } = {}): Promise<Release> {
  const module = Buffer.from(moduleText(`channel ${sequence}`));
  const { sidecars } = await signBundle({
    moduleName: 'acme.mjs',
    module,
    predicate: predicateOf({ sequence, ...overrides }),
    signers: [keySigner(sharedKey)],
  });
  return { content: singleFile(module, sidecars), digest: sha256Hex(module) };
}

interface HeadOptions {
  readonly sequence?: number;
  readonly channel?: string;
  readonly bundle?: string;
  readonly digest?: string;
  readonly issued?: number;
  readonly life?: number;
  readonly keys?: readonly ReturnType<typeof generateKey>[];
  readonly more?: object;
  readonly file?: string;
  readonly type?: string;
}

async function headOf({ content, digest }: Release, options: HeadOptions = {}): Promise<Buffer> {
  const { sequence = 1, channel = 'stable', issued = NOW, life = HOUR, keys = [channelKey] } = options;
  const predicate = {
    channel,
    bundle: options.bundle ?? 'acme',
    digest: options.digest ?? digest,
    sequence,
    issued: new Date(issued).toISOString(),
    expires: new Date(issued + life).toISOString(),
    ...options.more,
  };
  const payload = statementBytes(
    [{ name: options.file ?? 'acme.mjs', content }],
    options.type ?? CHANNEL_TYPE,
    predicate,
  );
  const sidecars = await Promise.all(keys.map((key) => signPayload(payload, keySigner(key), PAYLOAD_TYPE)));
  return Buffer.concat(sidecars);
}

let one: Release;
let two: Release;
beforeAll(async () => {
  [one, two] = await Promise.all([release(1), release(2)]);
});

describe('a head', () => {
  it('says what is current: bundle, module and file', async () => {
    const verified = await verifyChannel(await headOf(one), trustBytes(root), 'stable', NOW);
    expect(verified).toMatchObject({
      channel: 'stable',
      bundle: 'acme',
      digest: one.digest,
      sequence: 1,
      file: { name: 'acme.mjs', sha256: sha256Hex(one.content) },
    });
    expect(verified.signers.map(({ id }) => id)).toEqual(channelRole.keys);
  });

  it.each([
    ['another channel', { channel: 'canary' }, 'name_mismatch'],
    ['by a key of policies', { keys: [sharedKey] }, 'key_not_allowed'],
    ['by a stranger', { keys: [generateKey('ed25519')] }, 'key_unknown'],
    ['from the future', { issued: NOW + HOUR }, 'channel_not_yet_valid'],
    ['expired', { issued: NOW - HOUR }, 'channel_expired'],
    ['that ends before it begins', { life: -1 }, 'statement_malformed'],
    ['with a member more', { more: { note: '' } }, 'statement_malformed'],
    ['that never expires', { more: { expires: null } }, 'statement_malformed'],
    ['with a path for a file', { file: '../acme.mjs' }, 'statement_malformed'],
    ['of another type', { type: 'https://plan-lint.dev/attestation/policy-bundle/v1' }, 'predicate_type'],
  ] as const)('%s is refused', async (_, options, code) => {
    const head = await headOf(one, options);
    expect(await verdict(verifyChannel(head, trustBytes(root), 'stable', NOW))).toBe(code);
  });

  it('is signed by as many as the rule demands, over one statement', async () => {
    const strict = trustBytes({
      ...root,
      channels: [{ ...channelRole, keys: [...channelRole.keys, signerKey(otherKey).id], threshold: 2 }],
    });
    const ask = (head: Uint8Array): Promise<string> => verdict(verifyChannel(head, strict, 'stable', NOW));
    expect(await ask(await headOf(one, { keys: [channelKey, otherKey] }))).toBe('accepted');
    expect(await ask(await headOf(one))).toBe('threshold_not_met');
    expect(await ask(await headOf(one, { keys: [channelKey, channelKey] }))).toBe('threshold_not_met');
    const mixed = Buffer.concat([await headOf(one), await headOf(two, { keys: [otherKey] })]);
    expect(await ask(mixed)).toBe('statements_differ');
  });

  it('counts for nothing where the root names nobody, revokes the key, has expired or withdraws the bundle', async () => {
    const head = await headOf(one);
    const revoked = root.keys.map((key) =>
      key.id === channelRole.keys[0] ? { ...key, revoked: '2026-05-01T00:00:00Z' } : key,
    );
    const withdrawn = [{ sha256: one.digest, since: '2026-05-01T00:00:00Z', reason: '' }];
    for (const [change, code] of [
      [{ channels: [] }, 'channel_not_trusted'],
      [{ channels: [{ ...channelRole, name: 'canary' }] }, 'channel_not_trusted'],
      [{ keys: revoked }, 'key_revoked'],
      [{ expires: '2026-05-01T00:00:00Z' }, 'trust_expired'],
      [{ withdrawn }, 'bundle_withdrawn'],
    ] as const)
      expect(await verdict(verifyChannel(head, trustBytes({ ...root, ...change }), 'stable', NOW))).toBe(
        code,
      );
  });

  it('with any byte changed, left out or added is refused', async () => {
    const head = await headOf(one);
    const trust = parseTrustRoot(trustBytes(root));
    const ask = (bytes: Uint8Array): Promise<string> => verdict(verifyChannel(bytes, trust, 'stable', NOW));
    for (let at = 0; at < head.length; at += 7) {
      const changed = Buffer.from(head);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await ask(changed), `byte ${at}`).not.toBe('accepted');
      expect(await ask(Buffer.concat([head.subarray(0, at), head.subarray(at + 1)]))).not.toBe('accepted');
    }
    expect(await ask(Buffer.concat([head, Buffer.from('\n')]))).not.toBe('accepted');
    expect(await ask(Buffer.alloc(0x40001, 32))).toBe('sidecar_too_large');
    // Each is a signature that counts; no more of them than of any bundle.
    expect(await ask(Buffer.concat(Array.from({ length: 17 }, () => head)))).toBe('sidecar_too_large');
  });
});

/** A mirror in the hands of somebody else. */
interface Mirror {
  readonly files: Map<string, Uint8Array>;
  readonly address: string;
  readonly asked: string[];
}

let server: Server;
let mirror: Mirror;
const directories: string[] = [];
beforeAll(async () => {
  const files = new Map<string, Uint8Array>();
  const asked: string[] = [];
  server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    asked.push(path);
    const content = files.get(path);
    if (!content) return void response.writeHead(404).end();
    const etag = `"${sha256Hex(content)}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    response.writeHead(200, { etag }).end(content);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  mirror = { files, asked, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
let followed: FollowedBundle | undefined;
afterEach(() => {
  followed?.stop();
  mirror.files.clear();
  mirror.asked.length = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  for (const each of directories) rmSync(each, { recursive: true, force: true });
});

const stateDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'channel-'));
  directories.push(directory);
  return directory;
};

/** What the mirror says from now on. */
function serve(head: Uint8Array, ...releases: readonly Release[]): void {
  mirror.files.set(headPath('stable'), head);
  for (const { content } of releases) mirror.files.set(filePath(sha256Hex(content)), content);
}

const follow = async (options: Partial<FollowOptions> = {}): Promise<FollowedBundle> => {
  followed?.stop();
  followed = await followBundle(mirror.address, {
    channel: 'stable',
    trust: trustBytes(root),
    name: 'acme',
    interval: HOUR,
    clock: () => NOW,
    ...options,
  });
  return followed;
};
const problem = ({ health }: FollowedBundle): string | undefined => health().lastError?.code;

describe('a mirror', () => {
  it('that serves the truth is followed, and a file that is in use is not fetched again', async () => {
    serve(await headOf(one), one);
    const { health, refresh } = await follow();
    expect(health().sequence).toBe(1);
    serve(await headOf(one, { sequence: 2, issued: NOW + 1 }));
    await refresh();
    serve(await headOf(two, { sequence: 3 }), two);
    await refresh();
    expect(health()).toMatchObject({ sequence: 2, lastError: null });
    expect(mirror.asked).toEqual([
      headPath('stable'),
      filePath(sha256Hex(one.content)),
      headPath('stable'),
      headPath('stable'),
      filePath(sha256Hex(two.content)),
    ]);
  });

  it('cannot go back: not while it is followed, and not over a restart', async () => {
    const state = stateDirectory();
    serve(await headOf(two, { sequence: 5 }), one, two);
    const first = await follow({ state });
    serve(await headOf(one, { sequence: 4 }));
    await first.refresh();
    expect(problem(first)).toBe('channel_rollback');
    expect(first.health().sequence).toBe(2);
    const again = await follow({ state });
    expect(problem(again)).toBe('channel_rollback');
    expect(again.health().sequence).toBe(2);
  });

  it('cannot hold back the file and then go back: the newer head counts as soon as it was seen', async () => {
    serve(await headOf(one, { sequence: 1 }), one);
    const one1 = await headOf(one, { sequence: 1 });
    const follower = await follow({ state: stateDirectory() });
    serve(await headOf(two, { sequence: 2 }));
    await follower.refresh();
    expect(problem(follower)).toBe('source_unreachable');
    serve(one1);
    await follower.refresh();
    expect(problem(follower)).toBe('channel_rollback');
    serve(await headOf(two, { sequence: 2 }), two);
    await follower.refresh();
    expect(follower.health()).toMatchObject({ sequence: 2, lastError: null });
  });

  it('cannot stop time: a head that is served for too long is refused, though nothing has changed', async () => {
    let now = NOW;
    serve(await headOf(one), one);
    const { health, refresh } = await follow({ clock: () => now });
    now += HOUR - 1;
    await refresh();
    expect(health().lastError).toBeNull();
    now += 1;
    await refresh();
    expect(health()).toMatchObject({ lastError: { code: 'channel_expired' }, failures: 1, age: 1 });
    now += HOUR;
    await refresh();
    expect(health()).toMatchObject({ sequence: 1, failures: 2, age: HOUR + 1 });
    await expect(follow({ clock: () => now })).rejects.toMatchObject({ code: 'channel_expired' });
  });

  it('cannot show two heads of one number', async () => {
    serve(await headOf(one), one);
    const follower = await follow();
    serve(await headOf(two), two);
    await follower.refresh();
    expect(problem(follower)).toBe('channel_forked');
  });

  it('cannot serve another file, another bundle, or the head of another channel', async () => {
    serve(await headOf(one), one);
    const follower = await follow();
    const other = await release(3, { name: 'other' });
    const canary = await headOf(two, { channel: 'canary', sequence: 9 });
    for (const [head, file, content, code] of [
      [await headOf(two, { sequence: 2 }), two, one.content, 'digest_mismatch'],
      [await headOf(two, { sequence: 3, digest: one.digest }), two, two.content, 'digest_mismatch'],
      [await headOf(other, { sequence: 4 }), other, other.content, 'name_mismatch'],
      [await headOf(other, { sequence: 5, bundle: 'other' }), other, other.content, 'name_mismatch'],
      [canary, two, two.content, 'name_mismatch'],
    ] as const) {
      serve(head);
      mirror.files.set(filePath(sha256Hex(file.content)), content);
      await follower.refresh();
      expect(problem(follower)).toBe(code);
      expect(follower.health().sequence).toBe(1);
    }
  });

  it('does not outlive the key of its channel: a root that revokes it is asked at each question', async () => {
    const rootKey = keySigner(sharedKey);
    const next = {
      ...root,
      version: 2,
      keys: root.keys.map((key) =>
        key.id === channelRole.keys[0] ? { ...key, revoked: '2026-06-01T00:00:00Z' } : key,
      ),
    };
    serve(await headOf(one), one);
    const follower = await follow({ roots: `${mirror.address}/trust.{version}.json` });
    mirror.files.set(
      'trust.2.json.sigstore.json',
      await signPayload(trustBytes(next), rootKey, TRUST_PAYLOAD_TYPE),
    );
    await follower.refresh();
    expect(problem(follower)).toBe('key_revoked');
  });

  it('is no registry: there is no such channel, or no name of one', async () => {
    await expect(follow()).rejects.toMatchObject({ code: 'source_unreachable' });
    for (const channel of ['', '..', 'a/../b', '/a', 'a//b', 'a b', 'a..b', 'x'.repeat(101)])
      await expect(follow({ channel })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});
