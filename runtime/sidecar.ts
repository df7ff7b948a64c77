/**
 * Reads the signature artifacts: the sidecar, the single-file form and the signed statement. Everything here is
 * unauthenticated until `verify.ts` says otherwise, so every reader is strict.
 */
import {
  CAPABILITIES,
  PREDICATE_TYPE,
  SIDECAR_MEDIA_TYPE,
  SINGLE_FILE_MARKER,
  STATEMENT_TYPE,
  type BundlePredicate,
  type Statement,
} from './contract.ts';
import { parseStrict } from './canonical.ts';
import { BundleError, refuseAs } from './errors.ts';
import { freeze, fromBase64, fromUtf8, utf8 } from './platform.ts';
import {
  base64,
  instant,
  list,
  name,
  natural,
  nullable,
  object,
  oneOf,
  sha256Hex,
  string,
  text,
  type Reader,
} from './shape.ts';

/** One sidecar: a DSSE envelope with one signature in a sigstore bundle v0.3 with a public-key hint. */
export interface Sidecar {
  /** Key id the signer claims; selects among trusted keys, proves nothing. */
  readonly hint: string;
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

// sigstore protobuf-specs, sigstore_bundle.proto: v0.3 wants exactly one DSSE signature, and with a public key as
// verification material nothing else is needed. DSSE's keyid is left out: cosign compares it with a kind of key id of
// its own.
interface Layout {
  readonly verificationMaterial: { readonly publicKey: { readonly hint: unknown } };
  readonly dsseEnvelope: {
    readonly payload: unknown;
    readonly payloadType: unknown;
    readonly signatures: readonly [{ readonly sig: unknown }];
  };
}

/**
 * Reads a sidecar, in the one layout `plan-lint` writes, which is what `JSON.stringify(bundle, null, 2)` makes: one
 * signature has one file, no byte can be added that nobody looks at, and no name can be there twice.
 *
 * @throws BundleError `sidecar_malformed`
 */
export function parseSidecar(bytes: Uint8Array): Sidecar {
  const written = fromUtf8(bytes);
  try {
    const {
      verificationMaterial: {
        publicKey: { hint },
      },
      dsseEnvelope: {
        payload,
        payloadType,
        signatures: [{ sig }],
      },
    } = JSON.parse(written) as Layout;
    const anew = {
      mediaType: SIDECAR_MEDIA_TYPE,
      verificationMaterial: { publicKey: { hint } },
      dsseEnvelope: { payload, payloadType, signatures: [{ sig }] },
    };
    if (written === `${JSON.stringify(anew, null, 2)}\n`)
      return {
        hint: sha256Hex(hint, ''),
        payloadType: string(payloadType, ''),
        payload: base64(payload, ''),
        signature: base64(sig, ''),
      };
  } catch {
    // Not JSON, or not of this shape.
  }
  throw new BundleError('sidecar_malformed');
}

/**
 * Takes a single-file bundle apart: the module up to and including its last newline, then one line with the
 * marker and the sidecars in base64, joined by commas.
 *
 * @throws BundleError `signature_missing`, `single_file_malformed`
 */
export function splitSingleFile(file: Uint8Array): { module: Uint8Array; sidecars: readonly Uint8Array[] } {
  const [module = '', line, ...more] = fromUtf8(file).split(`\n${SINGLE_FILE_MARKER}`);
  if (line === undefined) throw new BundleError('signature_missing');
  try {
    if (more.length === 0 && line.endsWith('\n'))
      return { module: utf8(`${module}\n`), sidecars: line.slice(0, -1).split(',').map(fromBase64) };
  } catch {
    // Not base64.
  }
  throw new BundleError('single_file_malformed');
}

const digest = object({ name: string, sha256: sha256Hex });
const format1 = {
  name,
  version: string,
  sequence: natural,
  audience: list(name),
  not_before: nullable(instant),
  expires: nullable(instant),
  entries: list(string),
  default_entry: nullable(string),
  format: natural,
  minimum_runtime: text(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/),
  compiler: string,
  sources: list(digest),
  catalog: nullable(digest),
  tests: nullable(digest),
};
const format2 = object({
  ...format1,
  issued: nullable(instant),
  require_base: list(digest),
  chains: list(list(natural)),
  names: list(object({ from: string, to: string })),
  zones: nullable(object({ version: string })),
  capabilities: list(oneOf(CAPABILITIES)),
});
const unsaid = { issued: null, require_base: [], chains: [], names: [], zones: null, capabilities: [] };
const readers: Readonly<Partial<Record<string, Reader<BundlePredicate>>>> = {
  1: (value, at) => freeze({ ...object(format1)(value, at), ...unsaid }),
  2: format2,
};

const readPredicate: Reader<BundlePredicate> = (value, at) => {
  // Before the rest: what another format has beside these members is not malformed.
  const { format } = value as BundlePredicate;
  const read = readers[natural(format, at)];
  if (!read) throw new BundleError('format_unsupported', `${format}`);
  return read(value, at);
};

/** in-toto attestation v1, Statement layer. */
const statement = <T>(
  predicate: Reader<T>,
): Reader<Omit<Statement, 'predicate'> & { readonly predicate: T }> =>
  object({
    _type: oneOf([STATEMENT_TYPE]),
    subject: list(object({ name: string, digest: object({ sha256: sha256Hex }) })),
    predicateType: string,
    predicate,
  });
const readStatement = statement(readPredicate);
// Most services read no other statement, and their bundlers may leave it out.
const readAttestation = /* @__PURE__ */ statement((value: unknown) => value);

/** A statement whose predicate is somebody else's format. */
export type Attestation = ReturnType<typeof readAttestation>;

/** Parses a payload and holds it against the predicate type that was asked for. */
function readTyped<T>(payload: Uint8Array, predicateType: string, read: Reader<T>): T {
  return refuseAs('statement_malformed', () => {
    const value = parseStrict(fromUtf8(payload)) as { readonly predicateType?: unknown } | null;
    // Before the rest: about another kind of statement there is more to say than that it is malformed.
    const type = value?.predicateType;
    if (typeof type === 'string' && type !== predicateType) throw new BundleError('predicate_type');
    return read(value, '');
  });
}

/**
 * Reads the statement a bundle's signature was made over.
 *
 * @throws BundleError `predicate_type`, `statement_malformed`
 */
export function parseStatement(payload: Uint8Array): Statement {
  return readTyped(payload, PREDICATE_TYPE, readStatement);
}

/** Reads a statement with any other predicate, which stays unread. @throws BundleError as `parseStatement` */
export function parseAttestation(payload: Uint8Array, predicateType: string): Attestation {
  return readTyped(payload, predicateType, readAttestation);
}
