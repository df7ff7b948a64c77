/** DSSE envelopes in sigstore bundles, and the single-file form. */
import { PAYLOAD_TYPE, SIDECAR_MEDIA_TYPE, SINGLE_FILE_MARKER } from '@plan-lint/runtime/contract';
import { SignError } from './errors.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** DSSE v1 pre-authentication encoding: these bytes are what a key signs. */
export function preAuthenticationEncoding(
  payload: Uint8Array,
  payloadType: string = PAYLOAD_TYPE,
): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/**
 * A sigstore bundle v0.3 with a public-key hint (protobuf-specs, `sigstore_bundle.proto`). Two spaces of indent
 * and a final newline are part of the format: every field has a line of its own, for `sed`, and the loader
 * accepts no other layout.
 */
export function sidecar(
  payload: Uint8Array,
  keyId: string,
  signature: Uint8Array,
  payloadType: string = PAYLOAD_TYPE,
): Uint8Array {
  const bundle = {
    mediaType: SIDECAR_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: keyId } },
    dsseEnvelope: {
      payload: base64(payload),
      payloadType,
      // No keyid: cosign would compare it with an id of its own making, and the hint says the same.
      signatures: [{ sig: base64(signature) }],
    },
  };
  return Buffer.from(`${JSON.stringify(bundle, null, 2)}\n`);
}

/**
 * Module and sidecars in one file: the sidecars' base64 on the exact last line, joined by commas.
 *
 * @throws SignError PL6012 for a module that has such a line already or does not end in a newline
 */
export function singleFile(module: Uint8Array, sidecars: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.from(module);
  if (bytes.at(-1) !== 10 || bytes.includes(`\n${SINGLE_FILE_MARKER}`)) throw new SignError('PL6012');
  return Buffer.concat([bytes, Buffer.from(`${SINGLE_FILE_MARKER}${sidecars.map(base64).join(',')}\n`)]);
}
