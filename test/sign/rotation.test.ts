import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import { loadBundle, parseTrustRoot, type TrustRoot } from '@plan-lint/runtime';
import { memoryStore, rollbackGuard, updateTrustRoot } from '@plan-lint/runtime/node';
import { keygen } from '../../cli/commands/keygen.ts';
import { sign } from '../../cli/commands/sign.ts';
import { trust } from '../../cli/commands/trust.ts';
import { TRUST_PAYLOAD_TYPE } from '@plan-lint/runtime/contract';
import {
  keySigner,
  readPrivateKey,
  signBundle,
  signerKey,
  signPayload,
  trustBytes,
  trustKey,
  type TrustFile,
} from '../../compiler/6-sign/index.ts';
import { moduleText, NOW, predicateOf, verdict } from '../support/signing.ts';
import { workplace, type Workplace } from '../support/io.ts';

let place: Workplace;
beforeEach(async () => {
  place = workplace();
  for (const name of ['alice', 'bob', 'carol']) await keygen({ anyName: true, out: name }, place.io);
});
afterEach(() => place.remove());

const keyOf = (name: string): ReturnType<typeof readPrivateKey> =>
  readPrivateKey(place.read(`${name}/signer.key`));
const idOf = (name: string): string => signerKey(keyOf(name)).id;
const bytes = (name: string): Uint8Array => readFileSync(place.path(name));

async function release(sequence: number, ...names: string[]): Promise<[Uint8Array, readonly Uint8Array[]]> {
  const module = Buffer.from(moduleText(`release ${sequence}`));
  const { sidecars } = await signBundle({
    moduleName: 'acme.mjs',
    module,
    predicate: predicateOf({ sequence }),
    signers: names.map((name) => keySigner(keyOf(name))),
  });
  return [module, sidecars];
}

it('rotates a signing key without a moment in which a running loader has nothing to load', async () => {
  // One root owner (carol), one signer (alice).
  const init = {
    action: 'init',
    anyName: true,
    output: '1.json',
    add: ['alice/signer.pub'],
    rootKey: ['carol/signer.pub'],
  } as const;
  expect(await trust(init, place.io)).toBe(0);
  const state = rollbackGuard(memoryStore());
  let root: TrustRoot = parseTrustRoot(bytes('1.json'));
  const load = ([module, sidecars]: Awaited<ReturnType<typeof release>>): Promise<string> =>
    verdict(loadBundle(module, sidecars, root, { now: NOW, state }));
  const byAlice = await release(1, 'alice');
  expect(await load(byAlice)).toBe('accepted');

  // Overlap: bob may sign beside alice. What alice signed stays good.
  const rotate = {
    action: 'rotate',
    trust: '1.json',
    output: '2.json',
    from: idOf('alice'),
    to: 'bob/signer.pub',
  } as const;
  expect(await trust({ ...rotate, key: ['carol/signer.key'] }, place.io)).toBe(0);
  // A loader that has not heard of bob yet takes a bundle both have signed.
  expect(await load(await release(2, 'bob'))).toBe('key_unknown');
  expect(await load(await release(2, 'bob', 'alice'))).toBe('accepted');
  root = await updateTrustRoot(root, [bytes('2.json.sigstore.json')], NOW);

  // Switch: bob alone.
  expect(await load(await release(3, 'bob'))).toBe('accepted');

  // Retire: alice is revoked; bob's bundle, already running, still loads.
  const revoke = {
    action: 'revoke',
    trust: '2.json',
    output: '3.json',
    id: idOf('alice').slice(0, 12),
  } as const;
  expect(await trust({ ...revoke, key: ['carol/signer.key'] }, place.io)).toBe(0);
  root = await updateTrustRoot(root, [bytes('3.json.sigstore.json')], NOW);
  expect(await load(await release(3, 'bob'))).toBe('accepted');
  expect(await load(await release(4, 'alice'))).toBe('key_not_allowed');

  // The state remembers the root: the one that trusted alice does not come back.
  root = parseTrustRoot(bytes('1.json'));
  expect(await load(await release(4, 'alice'))).toBe('trust_rollback');
});

it('follows only the signed successor of a root', async () => {
  const init = {
    action: 'init',
    anyName: true,
    output: '1.json',
    add: ['alice/signer.pub'],
    rootKey: ['bob/signer.pub', 'carol/signer.pub'],
    rootThreshold: 2,
  } as const;
  expect(await trust(init, place.io)).toBe(0);
  const add = {
    action: 'add',
    trust: '1.json',
    output: '2.json',
    add: 'bob/signer.pub',
    label: 'Bob',
  } as const;
  expect(await trust({ ...add, name: ['none'] }, place.io)).toBe(2);
  expect(place.err()).toContain('there is no rule for `none`');
  expect(await trust({ ...add, root: true }, place.io)).toBe(2);
  expect(place.err()).toContain('may do that already');

  await keygen({ anyName: true, out: 'dave' }, place.io);
  const change = { ...add, add: 'dave/signer.pub', label: 'Dave' };
  expect(await trust({ ...change, key: ['bob/signer.key'] }, place.io)).toBe(0);
  const root = parseTrustRoot(bytes('1.json'));
  const one = bytes('2.json.sigstore.json');
  expect(await verdict(updateTrustRoot(root, [one], NOW))).toBe('threshold_not_met');
  expect(await verdict(updateTrustRoot(root, [one, one], NOW))).toBe('threshold_not_met');
  expect(await trust({ action: 'update', trust: '1.json', next: '2.json', now: NOW }, place.io)).toBe(4);

  // The second owner signs on her own machine.
  expect(await sign({ file: '2.json', as: 'trust', key: ['carol/signer.key'] }, place.io)).toBe(0);
  expect(await trust({ action: 'update', trust: '1.json', next: '2.json', now: NOW }, place.io)).toBe(0);
  const two = bytes('2.json.2.sigstore.json');

  // Good signatures beside another file say nothing about that file.
  const mine = place.read('2.json').replace('"threshold": 2', '"threshold": 1');
  expect(mine).not.toBe(place.read('2.json'));
  writeFileSync(place.path('mine.json'), mine);
  const update = { action: 'update', trust: '1.json', next: 'mine.json', now: NOW } as const;
  place.err();
  expect(await trust(update, place.io)).toBe(4);
  expect(place.err()).toContain('signature_missing');
  writeFileSync(place.path('mine.json.sigstore.json'), one);
  writeFileSync(place.path('mine.json.2.sigstore.json'), two);
  expect(await trust(update, place.io)).toBe(4);
  expect(place.err()).toContain('`mine.json` is not what was signed');

  expect((await updateTrustRoot(root, [one, two], NOW)).version).toBe(2);
  expect(await verdict(updateTrustRoot(bytes('2.json'), [one, two], NOW))).toBe('trust_update_refused');
  for (const [sidecar, code] of [
    ['text', 'input_invalid'],
    [new Uint8Array(0x400001), 'sidecar_too_large'],
    [new Uint8Array(9), 'sidecar_malformed'],
  ] as const)
    expect(await verdict(updateTrustRoot(root, [sidecar as Uint8Array], NOW))).toBe(code);
  // A statement about a bundle is not a trust root, though the same keys sign it.
  const [, sidecars] = await release(1, 'bob', 'carol');
  expect(await verdict(updateTrustRoot(root, sidecars, NOW))).toBe('payload_type');

  expect(await trust({ action: 'show', trust: '2.json' }, place.io)).toBe(0);
  expect(place.out()).toContain('Dave');
  const revoke = { action: 'revoke', trust: '2.json', output: '3.json', id: idOf('carol') } as const;
  expect(await trust(revoke, place.io)).toBe(2);
  expect(place.err()).toContain('too few keys would be left');
});

it('rotates a checkpoint key, and mixes it with no other', async () => {
  for (const name of ['log', 'next']) await keygen({ out: name, role: 'decision' }, place.io);
  await trust({ action: 'init', anyName: true, output: '1.json', add: ['alice/signer.pub'] }, place.io);
  // No verb adds the first one.
  const log = signerKey(readPrivateKey(place.read('log/decision.key')));
  const file = JSON.parse(place.read('1.json')) as TrustFile;
  const checkpoints = [{ name: 'audit', keys: [log.id], threshold: 1 }];
  place.write('1.json', trustBytes({ ...file, keys: [...file.keys, trustKey(log)], checkpoints }));

  const key = ['alice/signer.key'];
  const rotate = { action: 'rotate', trust: '1.json', output: '2.json', key } as const;
  expect(await trust({ ...rotate, from: 'log/decision.pub', to: 'next/decision.pub' }, place.io)).toBe(0);
  const revoke = { action: 'revoke', trust: '2.json', output: '3.json', id: 'log/decision.pub' } as const;
  expect(await trust({ ...revoke, key }, place.io)).toBe(0);
  const { id } = signerKey(readPrivateKey(place.read('next/decision.key')));
  expect(parseTrustRoot(bytes('3.json')).checkpoints).toMatchObject([{ name: 'audit', keys: [id] }]);

  const add = { action: 'add', trust: '3.json', output: '4.json', add: 'next/decision.pub', key } as const;
  expect(await trust(add, place.io)).toBe(2);
  expect(place.err()).toContain('a running service holds it');
  // Nobody reads a root that mixes them, however it was made.
  const [rule] = file.policies;
  const mixed = { ...file, keys: [...file.keys, trustKey(log)], checkpoints, version: 2 };
  const root = trustBytes({ ...mixed, policies: rule ? [{ ...rule, keys: [...rule.keys, log.id] }] : [] });
  expect(() => parseTrustRoot(root)).toThrow('one key for decisions and policies');
  const [module, sidecars] = await release(1, 'alice');
  expect(await verdict(loadBundle(module, sidecars, root, { now: NOW }))).toBe('trust_malformed');
  const next = await signPayload(root, keySigner(keyOf('alice')), TRUST_PAYLOAD_TYPE);
  expect(await verdict(updateTrustRoot(bytes('1.json'), [next], NOW))).toBe('trust_malformed');
});
