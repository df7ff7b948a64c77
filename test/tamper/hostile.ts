/** What a hostile artifact is, and the good bundle most of them are made from. */
import type { KeyObject } from 'node:crypto';
import { PAYLOAD_TYPE, type BundlePredicate } from '@plan-lint/runtime/contract';
import type { ErrorCode, LoadOptions } from '@plan-lint/runtime';
import {
  bundleStatement,
  firstTrust,
  generateKey,
  keySigner,
  preAuthenticationEncoding,
  sidecar,
  signerKey,
  trustBytes,
  type TrustFile,
} from '../../compiler/6-sign/index.ts';
import { moduleText, NOW, predicateOf } from '../support/signing.ts';

/** One artifact, and the codes it may be refused with: one, unless chance decides where damage shows first. */
export interface Hostile {
  readonly name: string;
  readonly expect: readonly (ErrorCode | 'accepted')[];
  readonly module: Uint8Array;
  readonly signatures: readonly Uint8Array[] | undefined;
  readonly trust: Uint8Array | string;
  readonly options: LoadOptions;
}

export const key = generateKey('p256');
export const attacker = generateKey('p256');
export const module: Uint8Array = Buffer.from(moduleText('corpus'));
export const trustFile: TrustFile = firstTrust(signerKey(key), 'corpus');
export const trust = trustBytes(trustFile);

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** A sidecar over any payload, made as a signer would. */
export async function seal(
  payload: Uint8Array | string,
  privateKey: KeyObject = key,
  payloadType: string = PAYLOAD_TYPE,
): Promise<Uint8Array> {
  const bytes = Buffer.from(payload);
  const signer = keySigner(privateKey);
  const signature = await signer.sign(preAuthenticationEncoding(bytes, payloadType));
  return sidecar(bytes, signer.key.id, signature, payloadType);
}

export function statement(overrides: Partial<BundlePredicate> = {}, about: Uint8Array = module): Uint8Array {
  return bundleStatement('acme.mjs', about, predicateOf(overrides));
}

export const good = await seal(statement());

/** A case in which everything is good except what is given. */
export function hostile(
  name: string,
  expect: Hostile['expect'][number] | Hostile['expect'],
  changes: Partial<Omit<Hostile, 'name' | 'expect'>> = {},
): Hostile {
  const expected = Array.isArray(expect) ? (expect as Hostile['expect']) : [expect as ErrorCode];
  return { name, expect: expected, module, signatures: [good], trust, options: { now: NOW }, ...changes };
}
