import { beforeAll, describe, expect, it } from 'vitest';
import { BundleError, loadBundle, parseTrustRoot, verifyBundle, closureDigest } from '@plan-lint/runtime';
import type { TrustRoot } from '@plan-lint/runtime';
import type { Bundle, LoaderGuard } from '@plan-lint/runtime';
import { RUNTIME_VERSION } from '@plan-lint/runtime/contract';
import { ERRORS } from '@plan-lint/runtime/errors';
import { memoryStore, rollbackGuard } from '@plan-lint/runtime/node';
import { readFileSync } from 'node:fs';
import {
  firstTrust,
  generateKey,
  keySigner,
  signBundle,
  signerKey,
  singleFile,
  trustBytes,
  trustKey,
  type TrustFile,
} from '../../compiler/6-sign/index.ts';
import {
  moduleText,
  NOW,
  predicateOf,
  sentinel,
  sharedKey,
  testBundle,
  verdict,
  type TestBundle,
} from '../support/signing.ts';

let good: TestBundle;
beforeAll(async () => {
  good = await testBundle();
});

const check = (bundle: TestBundle, options = {}): Promise<string> =>
  verdict(verifyBundle(bundle.module, bundle.sidecar, bundle.trustBytes, { now: NOW, ...options }));

describe('loading', () => {
  it('verifies, runs the module once and hands out what was signed', async () => {
    const before = sentinel.runs;
    const { module, sidecar, trustBytes: trust } = await testBundle({ salt: 'loading' });
    const bundle = await loadBundle(module, sidecar, trust, { now: NOW });
    expect(bundle.identity).toMatchObject({ name: 'acme', version: '1.0.0', sequence: 7 });
    expect(sentinel.runs).toBe(before + 1);
  });

  it.each(['p256', 'ed25519', 'rsa'] as const)('verifies %s signatures', async (kind) => {
    expect(await check(await testBundle({ key: generateKey(kind) }))).toBe('accepted');
  });

  it('loads a single-file bundle, and only with the signature on its exact last line', async () => {
    const file = singleFile(good.module, [good.sidecar]);
    const load = (bytes: Uint8Array): Promise<string> =>
      verdict(verifyBundle(bytes, undefined, good.trustBytes, { now: NOW }));
    expect(await load(file)).toBe('accepted');
    expect(await load(good.module)).toBe('signature_missing');
    expect(await load(Buffer.concat([file, Buffer.from('\n')]))).toBe('single_file_malformed');
    expect(await load(file.subarray(0, -1))).toBe('single_file_malformed');
    const line = file.subarray(good.module.length);
    expect(await load(Buffer.concat([file, line]))).toBe('single_file_malformed');
    expect(await load(Buffer.concat([Buffer.from('// x\n'), file]))).toBe('digest_mismatch');
  });

  it('looks at a copy: bytes changed while verifying change nothing', async () => {
    const { module, sidecar, trustBytes: trust } = await testBundle({ salt: 'mutated' });
    const mine = Uint8Array.from(module);
    const loading = loadBundle(mine, sidecar, trust, { now: NOW });
    mine.fill(0x20);
    expect(await verdict(loading)).toBe('accepted');
  });

  it('refuses signed modules with words no emitted module has, before they run', async () => {
    const before = sentinel.runs;
    for (const text of [
      'import("x")',
      'a["constructor"]',
      'globalThis.x',
      '\\u0065val',
      '\\u{65}val',
      '\\u{00065}val',
      '"é"',
    ]) {
      const module = Buffer.from(`${moduleText('words')}// ${text}\n`);
      const { sidecars } = await signBundle({
        moduleName: 'acme.mjs',
        module,
        predicate: predicateOf(),
        signers: [keySigner(sharedKey)],
      });
      expect(await verdict(loadBundle(module, sidecars, good.trustBytes, { now: NOW })), text).toBe(
        'module_forbidden',
      );
    }
    expect(sentinel.runs).toBe(before);
  });
});

describe('who signed', () => {
  it('takes the key from the trust root', async () => {
    const other = await testBundle({ key: generateKey('p256') });
    expect(await verdict(verifyBundle(good.module, other.sidecar, good.trustBytes, { now: NOW }))).toBe(
      'key_unknown',
    );
    expect(await verdict(verifyBundle(good.module, [], good.trustBytes, { now: NOW }))).toBe(
      'signature_missing',
    );
  });

  it('judges validity at its boundary instants and revocation whatever the clock says', async () => {
    const [key] = good.trust.keys;
    const keyed = (change: object): TestBundle => ({
      ...good,
      trustBytes: trustBytes({ ...good.trust, keys: [{ ...key, ...change }] } as TrustFile),
    });
    const at = '2026-06-01T00:00:00Z';
    expect(await check(keyed({ not_before: at }))).toBe('accepted');
    expect(await check(keyed({ not_before: at }), { now: NOW - 1 })).toBe('key_not_yet_valid');
    expect(await check(keyed({ expires: at }), { now: NOW - 1 })).toBe('accepted');
    expect(await check(keyed({ expires: at }))).toBe('key_expired');
    expect(await check(keyed({ revoked: '2099-01-01T00:00:00Z' }))).toBe('key_revoked');
  });

  it('counts distinct keys, not signatures', async () => {
    const second = generateKey('ed25519');
    const { sidecars } = await signBundle({
      moduleName: 'acme.mjs',
      module: good.module,
      predicate: predicateOf(),
      signers: [keySigner(sharedKey), keySigner(second)],
    });
    const first = firstTrust(signerKey(sharedKey));
    const keys = [...first.keys, trustKey(signerKey(second))];
    const two = trustBytes({
      ...first,
      keys,
      policies: [
        { name: 'ac*', keys: keys.map((key) => key.id), threshold: 2, audiences: [], minimum_sequence: 0 },
      ],
    });
    const load = (given: readonly Uint8Array[]): Promise<string> =>
      verdict(verifyBundle(good.module, given, two, { now: NOW }));
    expect(await load(sidecars)).toBe('accepted');
    expect(await load(sidecars.slice(0, 1))).toBe('threshold_not_met');
    expect(await load([...sidecars.slice(0, 1), ...sidecars.slice(0, 1)])).toBe('threshold_not_met');
  });

  it('has a rule for the name or refuses', async () => {
    const named = (name: string): TestBundle => ({
      ...good,
      trustBytes: trustBytes({
        ...good.trust,
        policies: good.trust.policies.map((rule) => ({ ...rule, name })),
      }),
    });
    for (const [pattern, expected] of [
      ['acme', 'accepted'],
      ['a*e', 'accepted'],
      ['*c*e', 'accepted'],
      ['*', 'accepted'],
      ['acm', 'policy_not_trusted'],
      ['acme*e', 'policy_not_trusted'],
      ['acme-*', 'policy_not_trusted'],
      ['*m', 'policy_not_trusted'],
    ] as const) {
      expect(await check(named(pattern)), pattern).toBe(expected);
    }
  });
});

describe('what, where and when', () => {
  it('judges the bundle at its boundary instants', async () => {
    const bundle = await testBundle({
      predicate: { not_before: '2026-06-01T00:00:00Z', expires: '2026-07-01T00:00:00Z' },
    });
    expect(await check(bundle, { now: NOW - 1 })).toBe('bundle_not_yet_valid');
    expect(await check(bundle)).toBe('accepted');
    expect(await check(bundle, { now: Date.parse('2026-07-01T00:00:00Z') - 1 })).toBe('accepted');
    expect(await check(bundle, { now: Date.parse('2026-07-01T00:00:00Z') })).toBe('bundle_expired');
    expect(await check(bundle, { now: NaN })).toBe('input_invalid');
  });

  it.each([
    ['moduleBytes', 'module_too_large'],
    ['sidecarBytes', 'sidecar_too_large'],
    ['sidecars', 'sidecar_too_large'],
  ])('a limit that is not a number is no licence: %s', async (limit, code) => {
    expect(await check(good, { limits: { [limit]: NaN } })).toBe(code);
  });

  it.each([
    ['maxSequenceJump', 'sequence_fast_forward'],
    ['clockTolerance', 'clock_moved_back'],
  ])('nor is a step of the state: %s', async (limit, code) => {
    const state = rollbackGuard(memoryStore(), { [limit]: NaN });
    const load = (): Promise<string> =>
      verdict(loadBundle(good.module, good.sidecar, good.trustBytes, { now: NOW, state }));
    expect(await load()).toBe('accepted');
    expect(await load()).toBe(code);
  });

  it('a guard that throws at once refuses like one that rejects', async () => {
    const refuse = (): never => {
      throw new Error('disk');
    };
    const pass = (): Promise<void> => Promise.resolve();
    const load = (state: object): Promise<string> =>
      verdict(
        loadBundle(good.module, good.sidecar, good.trustBytes, { now: NOW, state: state as LoaderGuard }),
      );
    expect(await load({ check: refuse, commit: pass })).toBe('state_unreadable');
    expect(await load({ check: pass, commit: refuse })).toBe('state_unreadable');
  });

  it('is for an audience, a name and a closure', async () => {
    const bundle = await testBundle({ predicate: { audience: ['staging', 'production'] } });
    expect(await check(bundle, { audience: 'production' })).toBe('accepted');
    expect(await check(bundle, { audience: 'development' })).toBe('audience_mismatch');
    expect(await check(bundle)).toBe('audience_missing');
    expect(await check(good, { name: 'other' })).toBe('name_mismatch');
    expect(await check(good, { closure: await closureDigest(predicateOf()) })).toBe('accepted');
    expect(await check(good, { closure: await closureDigest(predicateOf({ sources: [] })) })).toBe(
      'closure_mismatch',
    );
  });

  it('refuses rollback, equivocation, fast-forward and a clock set back', async () => {
    const state = rollbackGuard(memoryStore(), { maxSequenceJump: 100 });
    const load = async (sequence: number, salt: string, now = NOW): Promise<string> => {
      const { module, sidecar, trustBytes: trust } = await testBundle({ salt, predicate: { sequence } });
      return verdict(loadBundle(module, sidecar, trust, { now, state }));
    };
    expect(await load(7, 'a')).toBe('accepted');
    expect(await load(7, 'a')).toBe('accepted');
    expect(await load(7, 'b')).toBe('sequence_reused');
    expect(await load(6, 'a')).toBe('sequence_rollback');
    expect(await load(108, 'a')).toBe('sequence_fast_forward');
    expect(await load(107, 'a', NOW + 86_400_000)).toBe('accepted');
    expect(await load(107, 'a', NOW)).toBe('clock_moved_back');
    expect(await check(good, { minSequence: 8 })).toBe('sequence_rollback');
  });

  it('writes no state for a bundle that fails a late check', async () => {
    const store = memoryStore();
    const state = rollbackGuard(store);
    const module = Buffer.from(`throw 1;${moduleText('late')}`);
    const { sidecars } = await signBundle({
      moduleName: 'acme.mjs',
      module,
      predicate: predicateOf({ sequence: 50 }),
      signers: [keySigner(sharedKey)],
    });
    expect(await verdict(loadBundle(module, sidecars, good.trustBytes, { now: NOW, state }))).toBe(
      'module_failed',
    );
    expect(await store.read()).toBeUndefined();
  });

  it('needs a format and a runtime it knows', async () => {
    expect(await check(await testBundle({ predicate: { format: 3 } }))).toBe('format_unsupported');
    expect(await check(await testBundle({ predicate: { minimum_runtime: '0.2.1' } }))).toBe(
      'runtime_too_old',
    );
    expect(await check(await testBundle({ predicate: { minimum_runtime: '0.0.9' } }))).toBe('accepted');
  });
});

describe('a bundle that is loaded', () => {
  const statusOf = (bundle: Bundle): string => {
    const { status, violations } = bundle.policy('e').evaluate({ steps: [] }, { now: NOW });
    return violations[0]?.rule ?? status;
  };
  const opened = async (): Promise<{ bundle: Bundle; made: TestBundle }> => {
    const module = Buffer.from(
      'export default()=>({format:2,entries:["e"],open:()=>({evaluate:()=>null,allows:()=>true}),facts:()=>0});\n',
    );
    const made = await testBundle();
    const { sidecars } = await signBundle({
      moduleName: 'acme.mjs',
      module,
      predicate: predicateOf({ entries: ['e'] }),
      signers: [keySigner(sharedKey)],
    });
    return { bundle: await loadBundle(module, sidecars, made.trustBytes, { now: NOW }), made };
  };

  it('decides nothing from when a trust root refuses it until one does not', async () => {
    const { bundle, made } = await opened();
    expect(statusOf(bundle)).toBe('pass');
    const { trust } = made;
    const revoked = {
      ...trust,
      version: 2,
      keys: trust.keys.map((key) => ({ ...key, revoked: '2026-01-01T00:00:00Z' })),
    };
    expect(await verdict(bundle.check(trustBytes(revoked), NOW))).toBe('key_revoked');
    expect(statusOf(bundle)).toBe('bundle.refused');
    expect(bundle.policy('e').allows({ steps: [] }, { now: NOW })).toBe(false);
    // An older root does not bring it back, and says nothing of the bundle.
    expect(await verdict(bundle.check(made.trustBytes, NOW))).toBe('trust_rollback');
    expect(statusOf(bundle)).toBe('bundle.refused');
    expect(await verdict(bundle.check(trustBytes({ ...trust, version: 3 }), NOW))).toBe('accepted');
    expect(statusOf(bundle)).toBe('pass');
  });

  it('goes on where the argument, not the bundle, is at fault', async () => {
    const { bundle } = await opened();
    expect(await verdict(bundle.check('{}', NOW))).toBe('trust_malformed');
    expect(statusOf(bundle)).toBe('pass');
  });

  it('is refused by a root that withdraws it, that has expired, or that demands another environment', async () => {
    const { bundle, made } = await opened();
    const [rule] = made.trust.policies;
    if (!rule) throw new Error('a rule is missing');
    const withdrawn = [{ sha256: bundle.identity.digest, since: '2026-01-01T00:00:00Z', reason: '' }];
    const roots: readonly (readonly [Partial<TrustFile>, string])[] = [
      [{ withdrawn }, 'bundle_withdrawn'],
      [{ expires: '2026-01-01T00:00:00Z' }, 'trust_expired'],
      [{ policies: [{ ...rule, audiences: ['production'] }] }, 'audience_missing'],
      [{ policies: [{ ...rule, minimum_sequence: 8 }] }, 'sequence_rollback'],
    ];
    let version = 1;
    for (const [change, code] of roots) {
      version += 1;
      const root = trustBytes({ ...made.trust, ...change, version });
      expect(await verdict(bundle.check(root, NOW))).toBe(code);
      expect(statusOf(bundle)).toBe('bundle.refused');
    }
  });

  it('heeds the last question, not the last answer', async () => {
    const { bundle, made } = await opened();
    const first = bundle.check(made.trustBytes, NOW);
    const last = bundle.check(
      trustBytes({ ...made.trust, version: 2, expires: '2026-01-01T00:00:00Z' }),
      NOW,
    );
    expect([await verdict(last), await verdict(first)]).toEqual(['trust_expired', 'accepted']);
    expect(statusOf(bundle)).toBe('bundle.refused');
  });
});

describe('the trust root', () => {
  it('has one key for decisions or for policies, not for both', () => {
    const [id = ''] = good.trust.keys.map((key) => key.id);
    const decisions = [{ keys: [id], threshold: 1, audiences: [], bundles: ['*'], max_life: 600 }];
    const mixed = trustBytes({ ...good.trust, decisions });
    expect(() => parseTrustRoot(mixed)).toThrow('one key for decisions and policies');
  });

  it('refuses what it does not know', () => {
    const text = Buffer.from(good.trustBytes).toString();
    const refused = (json: string): unknown => {
      try {
        return parseTrustRoot(json).version;
      } catch (error) {
        return error instanceof BundleError && error.code;
      }
    };
    expect(refused(text)).toBe(1);
    expect(refused(text.replace('{', '{"x":1,'))).toBe('trust_malformed');
    expect(() => parseTrustRoot(JSON.parse(text) as TrustRoot)).toThrow('trust malformed');
    expect(refused(text.replace('{', '{"version":1,'))).toBe('trust_malformed');
    expect(refused(text.replace('"spki": "M', '"spki": " M'))).toBe('trust_malformed');
    expect(refused(text.replace('"threshold": 1', '"threshold": 2'))).toBe('trust_malformed');
    expect(refused(text.replace('"version": 1', '"version": 0'))).toBe('trust_malformed');
    expect(refused(`${'['.repeat(100)}${']'.repeat(100)}`)).toBe('trust_malformed');
  });
});

it('states its own version', () => {
  const manifest = JSON.parse(readFileSync('runtime/package.json', 'utf8')) as { version: string };
  expect(RUNTIME_VERSION).toBe(manifest.version);
});

it('has one lower-case sentence and a hint for each code', () => {
  for (const [code, [sentence, hint]] of Object.entries(ERRORS)) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(sentence).toMatch(/^[a-zA-Z].*[^.]$/);
    expect(hint.length).toBeGreaterThan(10);
  }
});
