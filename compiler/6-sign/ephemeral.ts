/** Signing where nobody vouches: with a key that lives as long as the call, so that a module goes the way of every other. */
import type { SignedBundle } from '@plan-lint/runtime/contract';
import { generateKey, signerKey } from './keys.ts';
import { keySigner, signBundle, type SignInput } from './sign.ts';
import { firstTrust, trustBytes } from './trust.ts';

/** A bundle, and the trust root that takes it and nothing else. */
export interface EphemeralBundle extends SignedBundle {
  readonly trust: Uint8Array;
}

/**
 * @param label - who asked, for the trust root
 * @throws SignError PL6008 to PL6012
 * @example
 * const { module, sidecars, trust } = await signEphemeral({ moduleName: 'trial.mjs', module, predicate }, 'trial');
 */
export async function signEphemeral(
  input: Omit<SignInput, 'signers'>,
  label: string,
): Promise<EphemeralBundle> {
  const key = generateKey('p256');
  const signed = await signBundle({ ...input, signers: [keySigner(key)] });
  return { ...signed, trust: trustBytes(firstTrust(signerKey(key), label)) };
}
