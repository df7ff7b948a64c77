/** A bundle that stays current: files that are swapped, addresses, restarts, trust roots. Servers are on the loopback. */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bundle, BundleError } from '@plan-lint/runtime';
import { followBundle, type FollowedBundle, type FollowOptions, type Timers } from '@plan-lint/runtime/node';
import { scheduleOf } from '../../runtime/follow/schedule.ts';
import { writeArchive } from '../../bundles/archive.ts';
import { compile, memoryHost } from '../../compiler/index.ts';
import {
  firstTrust,
  generateKey,
  keySigner,
  sha256Hex,
  signBundle,
  signPayload,
  signerKey,
  singleFile,
  trustBytes,
  type TrustFile,
} from '../../compiler/6-sign/index.ts';
import { TRUST_PAYLOAD_TYPE } from '@plan-lint/runtime/contract';
import { NOW, predicateOf, sharedKey } from '../support/signing.ts';

const plan = (amount: number): object => ({ steps: [{ id: 's', tool: 'pay', args: { amount } }] });
const rootKey = generateKey('ed25519');
const first: TrustFile = {
  ...firstTrust(signerKey(sharedKey)),
  keys: [...firstTrust(signerKey(sharedKey)).keys, ...firstTrust(signerKey(rootKey)).keys],
  root: { keys: [signerKey(rootKey).id], threshold: 1 },
};

interface Release {
  readonly module: Uint8Array;
  readonly sidecars: readonly Uint8Array[];
  readonly single: Uint8Array;
}

/** A policy with a limit of ten times its sequence. */
async function release(sequence: number): Promise<Release> {
  const rule = `rules: [{rule: r, pattern: {tool: pay, operation: amount_gt, value: ${sequence * 10}}}]`;
  const { result } = await compile(memoryHost({ 'p.yaml': rule }));
  if (!result) throw new Error('it does not compile');
  const { code, entries, defaultEntry } = result.module;
  const module = Buffer.from(code);
  const predicate = predicateOf({ sequence, entries, default_entry: defaultEntry });
  const signers = [keySigner(sharedKey)];
  const { sidecars } = await signBundle({ moduleName: 'acme.mjs', module, predicate, signers });
  return { module, sidecars, single: singleFile(module, sidecars) };
}

let directory = '';
let followed: FollowedBundle | undefined;
let server: Server | undefined;
let errors: BundleError[] = [];
let changes: Bundle[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'follow-'));
  [errors, changes] = [[], []];
});
afterEach(() => {
  followed?.stop();
  followed = undefined;
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  rmSync(directory, { recursive: true, force: true });
});

const at = (name: string): string => join(directory, name);
const put = (name: string, content: Uint8Array | string): void => writeFileSync(at(name), content);

async function follow(source: string, options: Partial<FollowOptions> = {}): Promise<FollowedBundle> {
  followed?.stop();
  followed = await followBundle(source, {
    trust: trustBytes(first),
    name: 'acme',
    interval: 3_600_000,
    clock: () => NOW,
    onChange: (bundle) => changes.push(bundle),
    onError: (error) => errors.push(error),
    ...options,
  });
  return followed;
}

const codes = (): string[] => errors.map(({ code }) => code);
const settled = async (isSo: () => boolean): Promise<void> => {
  for (let left = 400; left > 0 && !isSo(); left -= 1) await new Promise((done) => setTimeout(done, 10));
  expect(isSo()).toBe(true);
};

/** Time that passes when a test says so. */
interface Waiting {
  readonly timers: Timers;
  /** The waits that are on, in milliseconds, the first first. */
  readonly waits: () => readonly number[];
  /** Ends the first wait of so many milliseconds. */
  readonly pass: (ms: number) => void;
}

function waiting(random = 0.5): Waiting {
  let open: { readonly ms: number; readonly then: () => void }[] = [];
  return {
    timers: {
      after(ms, then) {
        const wait = { ms, then };
        open.push(wait);
        return () => void (open = open.filter((each) => each !== wait));
      },
      random: () => random,
    },
    waits: () => open.map(({ ms }) => ms),
    pass(ms) {
      const wait = open.find((each) => each.ms === ms);
      if (!wait)
        throw new Error(`nothing waits for ${ms}, but for ${open.map((each) => each.ms).join(', ')}`);
      open = open.filter((each) => each !== wait);
      wait.then();
    },
  };
}

describe('a file', () => {
  it('is watched, and what is not good leaves the last good one in use', async () => {
    const [one, two] = [await release(1), await release(2)];
    put('acme.mjs', one.single);
    const { policy, health, refresh } = await follow(at('acme.mjs'));
    expect(policy().allows(plan(15))).toBe(false);

    // Half of it, as a writer that is not done leaves it.
    put('acme.mjs', two.single.subarray(0, two.single.length - 9));
    await settled(() => errors.length > 0);
    expect(health()).toMatchObject({ sequence: 1, failures: 1 });
    put('acme.mjs', two.single);
    await settled(() => changes.length === 2);
    expect(policy().allows(plan(15))).toBe(true);
    expect(health()).toMatchObject({ sequence: 2, failures: 0, lastError: null, age: 0 });

    errors = [];
    put('acme.mjs', one.single);
    await refresh();
    put('acme.mjs', Buffer.from(Buffer.from(two.single).toString().replace('20', '99')));
    await refresh();
    rmSync(at('acme.mjs'));
    await refresh();
    expect([...new Set(codes())]).toEqual(['sequence_rollback', 'digest_mismatch', 'source_unreachable']);
    expect(health().sequence).toBe(2);
  });

  it('is followed through the link that Kubernetes swaps', async () => {
    for (const sequence of [1, 2]) {
      mkdirSync(at(`..${sequence}`));
      put(`..${sequence}/acme.mjs`, (await release(sequence)).single);
    }
    symlinkSync('..1', at('..data'));
    symlinkSync('..data/acme.mjs', at('acme.mjs'));
    const { health } = await follow(`file://${at('acme.mjs')}`);
    symlinkSync('..2', at('..data_tmp'));
    renameSync(at('..data_tmp'), at('..data'));
    await settled(() => health().sequence === 2);
    expect(errors).toEqual([]);
  });

  it('may be an archive', async () => {
    const { module, sidecars } = await release(1);
    const entries = new Map([
      ['acme.mjs', module],
      ...sidecars.map((each) => ['acme.mjs.sigstore.json', each] as const),
    ]);
    put('acme.tar.gz', writeArchive(entries));
    const { health, policy } = await follow(at('acme.tar.gz'));
    expect(health().sequence).toBe(1);
    expect(policy().allows(plan(5))).toBe(true);
    for (const [content, code] of [
      [writeArchive(new Map([['acme.mjs', module]])), 'signature_missing'],
      [writeArchive(new Map([...entries, ['other.mjs', module]])), 'module_malformed'],
      [writeArchive(entries).subarray(0, 100), 'module_malformed'],
    ] as const) {
      put('bad.tar.gz', content);
      await expect(follow(at('bad.tar.gz'))).rejects.toMatchObject({ code });
    }
  });

  it('that is not there, or of another name or signer, is no start', async () => {
    await expect(follow(at('none.mjs'))).rejects.toMatchObject({ code: 'source_unreachable' });
    put('acme.mjs', (await release(1)).single);
    await expect(follow(at('acme.mjs'), { name: 'other' })).rejects.toMatchObject({ code: 'name_mismatch' });
    const trust = trustBytes(firstTrust(signerKey(generateKey('p256'))));
    await expect(follow(at('acme.mjs'), { trust })).rejects.toMatchObject({ code: 'key_unknown' });
    await expect(follow(at('acme.mjs'), { interval: NaN })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});

describe('time', () => {
  const MINUTE = 60_000;

  it('passes between two questions, the more the more have failed, and ten times as much at most', async () => {
    put('acme.mjs', (await release(1)).single);
    const { timers, waits, pass } = waiting();
    const { health } = await follow(at('acme.mjs'), { interval: MINUTE, timers });
    // The file is watched, too; what that waits for is of another test.
    const questions = (): readonly number[] => waits().filter((ms) => ms >= MINUTE);
    expect(questions()).toEqual([MINUTE]);

    rmSync(at('acme.mjs'));
    for (const [failures, next] of [
      [1, 2],
      [2, 4],
      [3, 8],
      [4, 10],
      [5, 10],
    ] as const) {
      pass(questions()[0] ?? 0);
      await settled(() => questions().length === 1);
      expect(questions()).toEqual([next * MINUTE]);
      expect(health()).toMatchObject({ failures, sequence: 1 });
    }
    put('acme.mjs', (await release(2)).single);
    pass(10 * MINUTE);
    await settled(() => questions().length === 1);
    expect(questions()).toEqual([MINUTE]);
    expect(health()).toMatchObject({ failures: 0, sequence: 2, lastError: null });
  });

  it.each([
    [0, 45_000],
    [1, 75_000],
  ])('is spread, so that a fleet does not ask at once: chance %s waits %s', async (random, ms) => {
    put('acme.mjs', (await release(1)).single);
    const { timers, waits } = waiting(random);
    await follow(at('acme.mjs'), { interval: MINUTE, timers });
    expect(waits()).toEqual([ms]);
  });

  it('tells how old the last agreement is', async () => {
    put('acme.mjs', (await release(1)).single);
    let now = NOW;
    const { health, refresh } = await follow(at('acme.mjs'), { clock: () => now });
    now += 1000;
    await refresh();
    expect(health().age).toBe(0);
    rmSync(at('acme.mjs'));
    now += 5000;
    await refresh();
    expect(health()).toMatchObject({ age: 5000, failures: 1 });
    expect(health().lastError?.message).toContain(`${at('acme.mjs')}: there is nothing`);
  });

  it('ends with `stop`: nothing waits, and a question on its way replaces nothing', async () => {
    put('acme.mjs', (await release(1)).single);
    const { timers, waits } = waiting();
    const { health, refresh, stop } = await follow(at('acme.mjs'), { timers });
    put('acme.mjs', (await release(2)).single);
    const asked = refresh();
    stop();
    await asked;
    expect(waits()).toEqual([]);
    expect(health().sequence).toBe(1);
    expect(changes).toHaveLength(1);
  });

  it('of an event that comes while it asks: it asks once more, for what it reads may be older', async () => {
    const { timers, waits, pass } = waiting();
    const answers: (() => void)[] = [];
    const ask = (): Promise<void> => new Promise((done) => answers.push(done));
    const { refresh, changed, stop } = scheduleOf(ask, () => 0, MINUTE, timers);
    const asked = refresh();
    for (let event = 0; event < 3; event += 1) changed();
    expect(waits()).toEqual([100]);
    pass(100);
    expect(answers).toHaveLength(1);
    answers[0]?.();
    await asked;
    await settled(() => answers.length === 2);
    stop();
    changed();
    expect(waits()).toEqual([]);
    answers[1]?.();
  });
});

/** Serves these files; what is asked for, with which `ETag`, is in `asked`. */
async function serve(files: Map<string, Uint8Array>, asked: string[] = []): Promise<string> {
  server = createServer((request, response) => {
    const tag = request.headers['if-none-match'] ?? '';
    asked.push(`${request.url} ${tag}`.trim());
    const content = files.get((request.url ?? '').slice(1).replace(/[?].*/, ''));
    if (!content) return void response.writeHead(404).end();
    const etag = `"${sha256Hex(content)}"`;
    if (tag === etag) return void response.writeHead(304).end();
    if (content.length === 0) return;
    response.writeHead(200, { etag }).end(content);
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('an address', () => {
  it('is asked with the tag of what is in use; what was refused is asked for again', async () => {
    const files = new Map([['acme.mjs', (await release(1)).single]]);
    const asked: string[] = [];
    const { health, refresh } = await follow(`${await serve(files, asked)}/acme.mjs`);
    await refresh();
    expect(asked).toEqual(['/acme.mjs', expect.stringMatching(/^\/acme\.mjs ".+"$/)]);
    expect(changes).toHaveLength(1);

    const two = (await release(2)).single;
    files.set('acme.mjs', Buffer.from(Buffer.from(two).toString().replace('20', '99')));
    await refresh();
    await refresh();
    // What was refused is not remembered as something that has not changed.
    expect(codes()).toEqual(['digest_mismatch', 'digest_mismatch']);
    expect(health()).toMatchObject({ sequence: 1, failures: 2 });
    files.set('acme.mjs', two);
    await refresh();
    expect(health()).toMatchObject({ sequence: 2, failures: 0, lastError: null });
  });

  it('that sends too much, nothing, or an error is a failure, and the bundle stays', async () => {
    const files = new Map([['acme.mjs', (await release(1)).single]]);
    const base = await serve(files);
    const { timers, waits, pass } = waiting();
    const { health, refresh } = await follow(`${base}/acme.mjs?token=secret`, {
      timeout: 300,
      timers,
      limits: { moduleBytes: 200_000 },
    });
    files.set('acme.mjs', new Uint8Array(900_000).fill(0x20));
    await refresh();
    files.set('acme.mjs', new Uint8Array(0));
    const asked = refresh();
    await settled(() => waits().includes(300));
    pass(300);
    await asked;
    files.clear();
    await refresh();
    server?.closeAllConnections();
    server?.close();
    await refresh();
    expect(codes()).toEqual(['module_too_large', ...Array<string>(3).fill('source_unreachable')]);
    expect(health()).toMatchObject({ sequence: 1, failures: 4 });
    // Where, and why; never what may be a secret.
    const where = `${new URL(base).host}/acme.mjs: `;
    for (const [index, why] of ['', 'no reply within 300 ms', 'there is nothing', 'fetch failed, '].entries())
      if (why) expect(errors[index]?.message).toContain(where + why);
    expect(errors.map(({ message }) => message).join()).not.toContain('secret');
  });

  it('may be away at a start: the last good bundle is verified again', async () => {
    const state = at('state');
    mkdirSync(state);
    const files = new Map([['acme.mjs', (await release(3)).single]]);
    const base = await serve(files);
    await follow(`${base}/acme.mjs`, { state });
    expect(readdirSync(state).sort()).toEqual(['bundle', 'state.json']);

    files.clear();
    const { health, policy } = await follow(`${base}/acme.mjs`, { state });
    expect(health()).toMatchObject({ sequence: 3, failures: 1, lastError: { code: 'source_unreachable' } });
    expect(policy().allows(plan(25))).toBe(true);
    // What it has seen outlives the restart, too.
    files.set('acme.mjs', (await release(2)).single);
    const again = await follow(`${base}/acme.mjs`, { state });
    expect(codes().at(-1)).toBe('sequence_rollback');
    expect(again.health().sequence).toBe(3);
    // Whoever can write there gains nothing but a refusal.
    put(
      'state/bundle',
      Buffer.from(
        Buffer.from((await release(3)).single)
          .toString()
          .replace('30', '99'),
      ),
    );
    await expect(follow(`${base}/acme.mjs`, { state })).rejects.toMatchObject({ code: 'digest_mismatch' });
  });

  it('of trust roots is walked by signature, kept, and ends what is revoked', async () => {
    const state = at('state');
    mkdirSync(state);
    const files = new Map([['acme.mjs', (await release(1)).single]]);
    const base = await serve(files);
    const options = { state, roots: `${base}/trust.{version}.json` };
    const { policy, health, refresh } = await follow(`${base}/acme.mjs`, options);
    expect(policy().allows(plan(5))).toBe(true);

    const next = (version: number, change: Partial<TrustFile>, key = rootKey): Promise<Uint8Array> =>
      signPayload(trustBytes({ ...first, ...change, version }), keySigner(key), TRUST_PAYLOAD_TYPE);
    files.set('trust.2.json.sigstore.json', await next(2, {}, sharedKey));
    await refresh();
    expect(codes()).toEqual(['key_not_allowed']);
    expect(health()).toMatchObject({ trustVersion: 1 });
    expect(policy().allows(plan(5))).toBe(true);

    const [key, ...others] = first.keys;
    if (!key) throw new Error('no key');
    files.set('trust.2.json.sigstore.json', await next(2, { expires: '2030-01-01T00:00:00Z' }));
    const revoked = { keys: [{ ...key, revoked: '2026-05-01T00:00:00Z' }, ...others] };
    files.set('trust.3.json.sigstore.json', await next(3, revoked));
    await refresh();
    expect(health()).toMatchObject({ trustVersion: 3, lastError: { code: 'key_revoked' } });
    expect(policy().evaluate(plan(5))).toMatchObject({ status: 'deny' });

    // After a restart without a source the roots that were walked still count.
    files.clear();
    await expect(follow(`${base}/acme.mjs`, options)).rejects.toMatchObject({ code: 'key_revoked' });
  });

  it('of trust roots of several signers is kept whole, or not at all', async () => {
    const state = at('state');
    mkdirSync(state);
    const other = generateKey('p256');
    const [signer] = firstTrust(signerKey(other)).keys;
    const ids = [rootKey, other].map((key) => signerKey(key).id);
    const two: TrustFile = {
      ...first,
      keys: [...first.keys, ...(signer ? [signer] : [])],
      root: { keys: ids, threshold: 2 },
    };
    const files = new Map([['acme.mjs', (await release(1)).single]]);
    const next = trustBytes({ ...two, version: 2 });
    for (const [name, key] of [
      ['trust.2.json', rootKey],
      ['trust.2.json.2', other],
    ] as const)
      files.set(`${name}.sigstore.json`, await signPayload(next, keySigner(key), TRUST_PAYLOAD_TYPE));
    const base = await serve(files);
    const options = { state, roots: `${base}/trust.{version}.json`, trust: trustBytes(two) };
    expect((await follow(`${base}/acme.mjs`, options)).health().trustVersion).toBe(2);

    // As a process leaves it that is killed between the two.
    rmSync(at('state/trust.2.json.sigstore.json'));
    expect((await follow(`${base}/acme.mjs`, options)).health().trustVersion).toBe(2);
    // Without its roots the loader does not fall back to the one it was shipped with.
    for (const name of readdirSync(state)) if (name.startsWith('trust')) rmSync(join(state, name));
    files.delete('trust.2.json.sigstore.json');
    await expect(follow(`${base}/acme.mjs`, options)).rejects.toMatchObject({ code: 'trust_rollback' });
  });

  it('of trust roots that is away keeps a bundle from being looked at, for it may be one of a key that is revoked', async () => {
    const files = new Map([['acme.mjs', (await release(1)).single]]);
    const base = await serve(files);
    const { health, refresh } = await follow(`${base}/acme.mjs`, { roots: `${at('none')}/{version}.json` });
    files.set('acme.mjs', (await release(2)).single);
    await refresh();
    expect(health()).toMatchObject({ sequence: 2 });
    put('none', 'no directory');
    files.set('acme.mjs', (await release(3)).single);
    await refresh();
    expect(health()).toMatchObject({ sequence: 2, failures: 1, lastError: { code: 'source_unreachable' } });
  });
});
