/** What is signed: names of formats and types, the statement about a bundle, and the roles of a trust root. */

/** Version of the module format (`PredicateModule`) and of the statement's predicate, as they are written. */
export const FORMAT_VERSION = 2;

/**
 * What a module may be able to do beside deciding whole plans; its statement lists what it has. `session`: decides call
 * by call. `bytes`: decides a plan from its bytes. A bundle of format 1 has neither.
 */
export const CAPABILITIES = ['session', 'bytes'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** DSSE payload type of an in-toto statement (in-toto attestation spec v1, Envelope layer). */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** in-toto Statement v1 `_type`. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** Type of the predicate that describes a policy bundle. */
export const PREDICATE_TYPE = 'https://plan-lint.dev/attestation/policy-bundle/v1';

/** Media type of a sigstore bundle v0.3 (protobuf-specs, `sigstore_bundle.proto`). */
export const SIDECAR_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** First bytes of the last line of a single-file bundle; the sidecar's base64 follows. */
export const SINGLE_FILE_MARKER = '//# plan-lint-signature=';

/** How many signatures a loader takes, where it is not told otherwise. */
export const MAX_SIDECARS = 16;

/** Version of this runtime, semver; a bundle's `minimum_runtime` is held against it. */
export const RUNTIME_VERSION = '0.2.0';

/** Signature algorithms a key of the trust root may have; each is one fixed choice of curve or padding and hash. */
export const KEY_ALGORITHMS = ['ecdsa-p256-sha256', 'ed25519', 'rsa-pkcs1v15-sha256'] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

/** Format tags of a trust root file. The first has no roles beside policies and its own, and withdraws nothing. */
export const TRUST_FORMATS = ['plan-lint-trust/1', 'plan-lint-trust/2'] as const;
export type TrustFormat = (typeof TRUST_FORMATS)[number];

/** DSSE payload type of a signed trust root (an update from root N to root N+1). */
export const TRUST_PAYLOAD_TYPE = 'application/vnd.plan-lint.trust+json';

/** A named content digest, sha256 in lower-case hex. */
export interface Digest {
  readonly name: string;
  readonly sha256: string;
}

/** One line of the table of tool names: what an agent calls a tool, and what policies call it. */
export interface ToolName {
  readonly from: string;
  readonly to: string;
}

/**
 * The predicate of the statement: what is signed about a bundle, beside the digest of its module. Of a statement of
 * format 1, what format 2 has added reads as empty.
 */
export interface BundlePredicate {
  /** Bundle name; trust rules are chosen by it. */
  readonly name: string;
  /** The organisation's own label of this release, free text. */
  readonly version: string;
  /** Grows with each release; a lower one than seen before is a rollback. Integer from 0. */
  readonly sequence: number;
  /** When it was made, RFC 3339 in UTC; `null` where nobody says. */
  readonly issued: string | null;
  /** Environments the bundle may be used in; empty means any. */
  readonly audience: readonly string[];
  /** RFC 3339 instants in UTC; `null` where there is no limit. */
  readonly not_before: string | null;
  readonly expires: string | null;
  readonly entries: readonly string[];
  /** The entry that decides when none is named; `null`: all of them, strongest outcome wins. */
  readonly default_entry: string | null;
  /** Policy files that every entry extends, with what stood in them. */
  readonly require_base: readonly Digest[];
  /** For each entry, in their order: the policy files it is made of, its own first, as places in `sources`. */
  readonly chains: readonly (readonly number[])[];
  /** The table of tool names, as declared. */
  readonly names: readonly ToolName[];
  /** Which edition of the time zone rules the module carries; `null` where it names no zone. */
  readonly zones: { readonly version: string } | null;
  /** What the module is able to do beside deciding whole plans. */
  readonly capabilities: readonly Capability[];
  readonly format: number;
  /** Lowest runtime version that may load the module. */
  readonly minimum_runtime: string;
  readonly compiler: string;
  /** Every policy file in the closure of `extends`, by path inside the policy directory, sorted. */
  readonly sources: readonly Digest[];
  readonly catalog: Digest | null;
  readonly tests: Digest | null;
}

/** in-toto Statement v1. Its subjects: the module and, where there is one, its source map, `<module>.map`. */
export interface Statement {
  readonly _type: string;
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: BundlePredicate;
}

/** A module and the signatures over it, as bytes; what `bundle` writes and `loadBundle` reads. */
export interface SignedBundle {
  readonly module: Uint8Array;
  /** One sigstore bundle per signer (m-of-n is n sidecars). */
  readonly sidecars: readonly Uint8Array[];
}

/** Who may sign the next trust root. */
export interface RootRole {
  readonly keys: readonly string[];
  readonly threshold: number;
}

/** Who may sign decisions (receipts), made with which bundles. Such a key signs no policy and no trust root. */
export interface DecisionRole extends RootRole {
  /** Executors, or environments, that it may decide for; empty: any. */
  readonly audiences: readonly string[];
  /** Patterns of the names of bundles. */
  readonly bundles: readonly string[];
  /** How long a decision may hold, in seconds. */
  readonly max_life: number;
}

/** Who may sign something else under a name: the checkpoints of an audit log, the head of a channel. */
export interface NamedRole extends RootRole {
  /** Pattern of the log's or channel's name. */
  readonly name: string;
}

/** A bundle that nobody is to use any more, whoever has signed it. */
export interface Withdrawal {
  /** Of its module, lower-case hex. */
  readonly sha256: string;
  /** RFC 3339 in UTC, for the record: a withdrawn bundle is refused whatever the clock says. */
  readonly since: string;
  /** For people. */
  readonly reason: string;
}
