/**
 * Reads the signature artifacts: the sidecar, the single-file form and the signed statement. Everything here is
 * unauthenticated until `verify.ts` says otherwise, so every reader is strict.
 */
import {
  SIDECAR_MEDIA_TYPE,
  SINGLE_FILE_MARKER,
  STATEMENT_TYPE,
  type BundlePredicate,
  type Statement,
} from './contract.ts';
import { BundleError, type ErrorCode } from './errors.ts';
import { parseJson, type JsonValue } from './json.ts';
import { fromBase64, fromUtf8, utf8 } from './platform.ts';
import {
  base64,
  instant,
  list,
  natural,
  nullable,
  object,
  oneOf,
  optional,
  sha256Hex,
  string,
  text,
} from './shape.ts';

/** One sidecar: a DSSE envelope with one signature in a sigstore bundle v0.3 with a public-key hint. */
export interface Sidecar {
  /** Key id the signer claims; selects among trusted keys, proves nothing. */
  readonly hint: string;
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

// sigstore protobuf-specs, sigstore_bundle.proto: v0.3 wants exactly one DSSE signature. With a public key as
// verification material nothing else is needed, and what is not needed is not accepted.
const readSidecar = object({
  mediaType: oneOf([SIDECAR_MEDIA_TYPE]),
  verificationMaterial: object({ publicKey: object({ hint: sha256Hex }) }),
  dsseEnvelope: object({
    payload: base64,
    payloadType: string,
    signatures: list(object({ sig: base64, keyid: optional(string, '') })),
  }),
});

function attempt<T>(code: ErrorCode, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof BundleError
      ? error
      : new BundleError(code, error instanceof Error ? error.message : undefined);
  }
}

/**
 * Reads a sidecar. Its text must be byte for byte what `JSON.stringify(value, null, 2)` and a newline make of its
 * content: one signature then has one file, and no byte can be added that nobody looks at.
 *
 * @throws BundleError `sidecar_malformed`
 */
export function parseSidecar(bytes: Uint8Array): Sidecar {
  return attempt('sidecar_malformed', () => {
    const json = fromUtf8(bytes);
    const value = parseJson(json);
    const { verificationMaterial, dsseEnvelope } = readSidecar(value, '');
    if (JSON.stringify(value, null, 2) + '\n' !== json)
      throw new SyntaxError('it is not laid out canonically');
    const [signature, ...others] = dsseEnvelope.signatures;
    if (!signature || others.length > 0) throw new SyntaxError('it must have exactly one signature');
    const hint = verificationMaterial.publicKey.hint;
    if (signature.keyid !== '' && signature.keyid !== hint) throw new SyntaxError('keyid and hint differ');
    return {
      hint,
      payloadType: dsseEnvelope.payloadType,
      payload: dsseEnvelope.payload,
      signature: signature.sig,
    };
  });
}

/**
 * Takes a single-file bundle apart: the module up to and including its last newline, then one line with the
 * marker and the sidecars in base64, joined by commas.
 *
 * @throws BundleError `signature_missing`, `single_file_malformed`
 */
export function splitSingleFile(file: Uint8Array): { module: Uint8Array; sidecars: readonly Uint8Array[] } {
  const refuse = (): never => {
    throw new BundleError('single_file_malformed');
  };
  const marker = utf8(`\n${SINGLE_FILE_MARKER}`);
  const found: number[] = [];
  for (let at = file.indexOf(10); at >= 0; at = file.indexOf(10, at + 1)) {
    if (marker.every((byte, i) => file[at + i] === byte)) found.push(at);
  }
  const start = found[0];
  if (start === undefined) throw new BundleError('signature_missing');
  if (found.length > 1 || file.indexOf(10, start + 1) !== file.length - 1) refuse();
  const line = attempt('single_file_malformed', () =>
    fromUtf8(file.subarray(start + marker.length, file.length - 1)),
  );
  return {
    module: file.subarray(0, start + 1),
    sidecars: line.split(',').map((part) => fromBase64(part) ?? refuse()),
  };
}

const digest = object({ name: string, sha256: sha256Hex });
const name = text(/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/, 'up to 255 printable ASCII characters');
const readPredicate = object({
  name,
  version: string,
  sequence: natural,
  audience: list(name),
  not_before: nullable(instant),
  expires: nullable(instant),
  entries: list(string),
  default_entry: nullable(string),
  format: natural,
  minimum_runtime: text(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/, 'a version'),
  compiler: string,
  sources: list(digest),
  catalog: nullable(digest),
  tests: nullable(digest),
}) satisfies (value: unknown, at: string) => BundlePredicate;

const subject = list(object({ name: string, digest: object({ sha256: sha256Hex }) }));

/**
 * Reads the statement a signature was made over, in the order in-toto attestation v1 asks for: statement type,
 * predicate type, then the predicate itself.
 *
 * @throws BundleError `statement_malformed`, `predicate_type`
 */
export function parseStatement(payload: Uint8Array, predicateType: string): Statement {
  return attempt('statement_malformed', () => {
    const value = parseJson(fromUtf8(payload));
    const stated =
      typeof value === 'object' && value !== null ? (value as { readonly [key: string]: JsonValue }) : {};
    if (typeof stated['predicateType'] === 'string' && stated['predicateType'] !== predicateType) {
      throw new BundleError('predicate_type');
    }
    const statement = object({
      _type: oneOf([STATEMENT_TYPE]),
      subject,
      predicateType: oneOf([predicateType]),
      predicate: readPredicate,
    })(value, '');
    if (statement.subject.length !== 1) throw new SyntaxError('it must have exactly one subject');
    return statement;
  });
}
