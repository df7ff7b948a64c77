/** Trust roots that do not trust the good bundle, or are no trust roots at all. */
import type { LoadOptions } from '@plan-lint/runtime';
import { sha256Hex, trustBytes, type TrustFile } from '../../compiler/6-sign/index.ts';
import { NOW } from '../support/signing.ts';
import { hostile, module, text, trustFile, type Hostile } from './hostile.ts';
import { wrong } from './statement-cases.ts';

type Json = Record<string, unknown>;

function* trusted(): Generator<Hostile> {
  const [rule] = trustFile.policies;
  const [entry] = trustFile.keys;
  const at = '2026-06-01T00:00:00Z';
  const by = (
    name: string,
    expect: Hostile['expect'][number],
    changes: object,
    options: LoadOptions = {},
  ): Hostile =>
    hostile(name, expect, {
      trust: trustBytes({ ...trustFile, ...changes }),
      options: { now: NOW, ...options },
    });
  const ruled = (
    name: string,
    expect: Hostile['expect'][number],
    change: object,
    options: LoadOptions = {},
  ): Hostile => by(name, expect, { policies: [{ ...rule, ...change }] }, options);
  const keyed = (name: string, expect: Hostile['expect'][number], change: object): Hostile =>
    by(name, expect, { keys: [{ ...entry, ...change }] });
  yield by('an expired trust root', 'trust_expired', { expires: at });
  yield by('a trust root in its last millisecond', 'accepted', { expires: '2026-06-01T00:00:00.001Z' });
  yield by('a trust root without rules', 'policy_not_trusted', { policies: [] });
  for (const pattern of [
    'acm',
    'cme',
    'acme?',
    'a.me',
    '[a]cme',
    'acme*x',
    'ACME',
    '*x*',
    '.*',
    'acme|x',
    '\\*',
    '(acme)',
  ]) {
    yield ruled(`a rule for ${pattern}`, 'policy_not_trusted', { name: pattern });
  }
  for (const pattern of ['acme', '*', 'a*', '*e', 'a*e', '**', 'ac*me', '*acme*']) {
    yield ruled(`a rule for ${pattern}`, 'accepted', { name: pattern });
  }
  yield by('a rule for another key', 'key_not_allowed', otherKey());
  yield by('a first rule that matches without the key', 'key_not_allowed', firstRule());
  yield ruled(
    'a rule for other environments',
    'audience_mismatch',
    { audiences: ['staging'] },
    { audience: 'production' },
  );
  yield ruled(
    'a rule for this environment and a bundle for none in particular',
    'audience_mismatch',
    { audiences: ['production'] },
    { audience: 'production' },
  );
  yield ruled('a rule for environments and a loader without', 'audience_missing', { audiences: ['staging'] });
  yield by('a trust root of the first format', 'accepted', { format: 'plan-lint-trust/1' });
  const withdrawal = { since: '2099-01-01T00:00:00Z', reason: 'allows too much' };
  yield by('a bundle that was withdrawn', 'bundle_withdrawn', {
    withdrawn: [{ ...withdrawal, sha256: sha256Hex(module) }],
  });
  yield by('a bundle beside one that was withdrawn', 'accepted', {
    withdrawn: [{ ...withdrawal, sha256: sha256Hex('another') }],
  });
  yield ruled('a rule with a higher minimum', 'sequence_rollback', { minimum_sequence: 8 });
  yield keyed('a revoked key', 'key_revoked', { revoked: '2020-01-01T00:00:00Z' });
  yield keyed('a key revoked in the future', 'key_revoked', { revoked: '2099-01-01T00:00:00Z' });
  yield keyed('a key until this instant', 'key_expired', { expires: at });
  yield keyed('a key until the next millisecond', 'accepted', { expires: '2026-06-01T00:00:00.001Z' });
  yield keyed('a key from this instant on', 'accepted', { not_before: at });
  yield keyed('a key from the next millisecond on', 'key_not_yet_valid', {
    not_before: '2026-06-01T00:00:00.001Z',
  });
}

const spare =
  '3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5';

/** A second key (P-256's base point, the key of the number one) that alone is allowed. */
function otherKey(): object {
  const spki = Buffer.from(spare, 'hex');
  const [entry] = trustFile.keys;
  const [rule] = trustFile.policies;
  const id = sha256Hex(spki);
  return {
    keys: [entry, { ...entry, id, spki: spki.toString('base64') }],
    policies: [{ ...rule, keys: [id] }],
  };
}

function firstRule(): object {
  const { keys, policies } = otherKey() as { keys: unknown; policies: readonly unknown[] };
  return { keys, policies: [...policies, ...trustFile.policies] };
}

/** The key that signed the good bundle, in another role than that of signing bundles. */
function* roles(): Generator<Hostile> {
  const { keys, policies } = otherKey() as Pick<TrustFile, 'keys' | 'policies'>;
  const ids = [trustFile.keys[0]?.id ?? ''];
  const role = { keys: ids, threshold: 1 };
  const decisions = [{ ...role, audiences: [], bundles: ['acme'], max_life: 600 }];
  const named = [{ ...role, name: 'acme' }];
  const elsewhere: Readonly<Record<string, object>> = {
    decisions: { decisions, root: null },
    checkpoints: { checkpoints: named, root: null },
    channels: { channels: named, root: null },
    'the next root': { root: role },
  };
  for (const [name, change] of Object.entries(elsewhere)) {
    const trust = trustBytes({ ...trustFile, keys, policies, ...change });
    yield hostile(`a bundle by the key for ${name}`, 'key_not_allowed', { trust, options: { now: NOW } });
  }
  // A root that gives it both is read by nobody.
  for (const [name, change] of Object.entries({ decisions, checkpoints: named } as const)) {
    for (const [beside, roots] of Object.entries({
      policies: { policies: trustFile.policies, root: null },
      channels: { policies, root: null, channels: named },
      'the next root': { policies, root: role },
    })) {
      const trust = trustBytes({ ...trustFile, keys, [name]: change, ...roots });
      yield hostile(`one key for ${name} and ${beside}`, 'trust_malformed', { trust, options: { now: NOW } });
    }
  }
}

/** Trust roots that are not valid, one change away from the good one. */
function* trustRoots(): Generator<Hostile> {
  const json = text(trustBytes(trustFile));
  const bad = (name: string, trust: string): Hostile =>
    hostile(`trust root ${name}`, 'trust_malformed', { trust });
  const [rule] = trustFile.policies;
  const [entry] = trustFile.keys;
  // A second key, for the roles whose keys sign no policies.
  const { keys } = otherKey() as { readonly keys: readonly Json[] };
  const online = { keys: [keys[1]?.['id']], threshold: 1 };
  const decision = { ...online, audiences: [], bundles: ['acme'], max_life: 600 };
  const checkpoint = { name: 'audit', ...online };
  const withdrawal = { sha256: '0'.repeat(64), since: '2026-06-01T00:00:00Z', reason: '' };
  const shapes: Readonly<Record<string, (changes: Json) => object>> = {
    decision: (changes) => ({ ...trustFile, keys, decisions: [{ ...decision, ...changes }] }),
    checkpoint: (changes) => ({ ...trustFile, keys, checkpoints: [{ ...checkpoint, ...changes }] }),
    channel: (changes) => ({ ...trustFile, keys, channels: [{ ...checkpoint, ...changes }] }),
    withdrawal: (changes) => ({ ...trustFile, withdrawn: [{ ...withdrawal, ...changes }] }),
    root: (changes) => ({ ...trustFile, ...changes }),
    key: (changes) => ({ ...trustFile, keys: [{ ...entry, ...changes }] }),
    rule: (changes) => ({ ...trustFile, policies: [{ ...rule, ...changes }] }),
    role: (changes) => ({ ...trustFile, root: { ...trustFile.root, ...changes } }),
  };
  const names: Readonly<Record<string, object>> = {
    root: trustFile,
    key: entry ?? {},
    rule: rule ?? {},
    role: trustFile.root ?? {},
    decision,
    checkpoint,
    channel: checkpoint,
    withdrawal,
  };
  for (const shape of ['decision', 'checkpoint', 'channel', 'withdrawal']) {
    yield hostile(`trust root with a ${shape}`, 'accepted', { trust: JSON.stringify(shapes[shape]?.({})) });
  }
  for (const [shape, make] of Object.entries(shapes)) {
    for (const field of Object.keys(names[shape] ?? {})) {
      for (const [name, value] of Object.entries(wrong)) {
        yield bad(`with ${shape} ${field} as ${name}`, JSON.stringify(make({ [field]: value })));
      }
      const whole = JSON.stringify(make({}));
      yield bad(`with ${shape} ${field} twice`, whole.replace(`"${field}":`, `"${field}":null,"${field}":`));
    }
    yield bad(`with an unknown ${shape} field`, JSON.stringify(make({ comment: '' })));
  }
  yield bad('with a key twice', JSON.stringify({ ...trustFile, keys: [entry, entry] }));
  yield bad(
    'with a rule that lists a key twice',
    JSON.stringify(shapes['rule']?.({ keys: [entry?.id, entry?.id] })),
  );
  yield bad('with a rule for an unknown key', JSON.stringify(shapes['rule']?.({ keys: ['0'.repeat(64)] })));
  yield bad('with a threshold of nobody', JSON.stringify(shapes['rule']?.({ threshold: 0 })));
  yield bad('with a threshold of two and one key', JSON.stringify(shapes['rule']?.({ threshold: 2 })));
  yield bad('with a key id in capitals', JSON.stringify(shapes['key']?.({ id: entry?.id.toUpperCase() })));
  yield bad('with an algorithm that does not exist', JSON.stringify(shapes['key']?.({ algorithm: 'none' })));
  yield bad('with HMAC', JSON.stringify(shapes['key']?.({ algorithm: 'hmac-sha256' })));
  yield bad('with lax base64', JSON.stringify(shapes['key']?.({ spki: ` ${entry?.spki ?? ''}` })));
  yield bad('of another format', JSON.stringify(shapes['root']?.({ format: 'plan-lint-trust/3' })));
  yield bad(
    'of the first format with members of the second',
    JSON.stringify({ ...trustFile, format: 'plan-lint-trust/1' }),
  );
  yield bad('followed by another', json + json);
  yield bad('cut in half', json.slice(0, json.length / 2));
  yield bad('that is empty', '');
  yield bad('that is a list', `[${json}]`);
  yield bad('that is deep', '['.repeat(200_000));
  yield bad('with a comment', json.replace('{', '{ // mine'));
  yield bad('with a trailing comma', json.replace(/\}\s*$/, ',}'));
}

export function trustCases(): Hostile[] {
  return [...trusted(), ...roles(), ...trustRoots()];
}
