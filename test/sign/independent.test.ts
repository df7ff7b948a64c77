import { createPublicKey, type KeyObject } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { expect, it } from 'vitest';
import { generateKey, signerKey, type KeyKind } from '../../compiler/6-sign/index.ts';
import { testBundle, type TestBundle } from '../support/signing.ts';

/** sigstore-js, an implementation none of whose code is ours, verifies the sidecar with one public key. */
function verifyIndependently(sidecar: Uint8Array, hint: string, key: KeyObject): void {
  const bundle = bundleFromJSON(JSON.parse(Buffer.from(sidecar).toString()));
  const verifier = new Verifier(
    {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: (asked) => {
        expect(asked).toBe(hint);
        return { publicKey: createPublicKey(key), validFor: () => true };
      },
    },
    // The signer's key is pinned; there is no transparency log to ask.
    { tlogThreshold: 0, ctlogThreshold: 0, tsaThreshold: 0 },
  );
  verifier.verify(toSignedEntity(bundle));
}

const kinds: readonly KeyKind[] = ['p256', 'ed25519', 'rsa'];

it.each(kinds)('sigstore-js verifies a sidecar signed with %s', async (kind) => {
  const key = generateKey(kind);
  const { sidecar } = await testBundle({ key });
  expect(() => verifyIndependently(sidecar, signerKey(key).id, key)).not.toThrow();
});

it('sigstore-js refuses another key and another payload', async () => {
  const key = generateKey('p256');
  const { sidecar }: TestBundle = await testBundle({ key });
  expect(() => verifyIndependently(sidecar, signerKey(key).id, generateKey('p256'))).toThrow();
  const other = await testBundle({ key, predicate: { sequence: 8 } });
  const payload = (bytes: Uint8Array): string =>
    /"payload": "([^"]*)"/.exec(Buffer.from(bytes).toString())?.[1] ?? '';
  const mixed = Buffer.from(sidecar).toString().replace(payload(sidecar), payload(other.sidecar));
  expect(() => verifyIndependently(Buffer.from(mixed), signerKey(key).id, key)).toThrow();
});
