/**
 * What the compiler and the runtime agree on. The verifier owns the format: the compiler imports these
 * types and constants from here, never the other way round.
 *
 * Nothing in this file decides anything; it holds names, shapes and numbers only.
 */

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

/**
 * A module is its factory, a function expression, between these two texts, so that the factory's own text tells the module
 * of an import that has happened already; see `adoptBundle`.
 */
export const MODULE_HEAD = `// plan-lint policies, format ${FORMAT_VERSION}\nexport default(`;
/** Those of every format that a loader knows. */
export const MODULE_HEADS: readonly string[] = [
  '// plan-lint policies, format 1\nexport default(',
  MODULE_HEAD,
];
export const MODULE_TAIL = ');\n';

/**
 * Words that never stand as whole words in an emitted module, outside or inside literals: the loader refuses a
 * module in which it finds one. Literals write one of their characters as an escape.
 */
export const FORBIDDEN_WORDS: readonly string[] = (
  'import eval Function constructor prototype __proto__ globalThis window self global process ' +
  'require module Reflect Proxy WebAssembly fetch XMLHttpRequest WebSocket Worker setTimeout ' +
  'setInterval setImmediate queueMicrotask postMessage document navigator Deno Bun arguments caller ' +
  'callee async await yield debugger __defineGetter__ __defineSetter__ __lookupGetter__ ' +
  '__lookupSetter__ sourceMappingURL'
).split(' ');

// `\b` alone would call the `$` of an identifier a boundary.
const forbiddenWords = new RegExp(`(?<![\\w$])(?:${FORBIDDEN_WORDS.join('|')})(?![\\w$])`);
// Escapes that could spell one of those words in an identifier (ECMA-262 §12.7.1): any that denotes ASCII. Emitted
// code writes `\x..` for ASCII, which no identifier can contain.
const escapedAscii = /\\u(?:00[0-7]|\{0*[0-7]?[0-9a-fA-F]\})/;
const foreign = /[^\t\n -~]/;

/** What the loader refuses in a module's text, and where. */
export interface RefusedText {
  readonly text: string;
  /** UTF-16 offset. */
  readonly offset: number;
}

/**
 * The first thing in a module's text that the compiler never emits and the loader refuses: anything but printable
 * ASCII, and names through which code reaches the host. `null` where there is none.
 *
 * @example
 * refusedText('export default () => eval') // { text: 'eval', offset: 21 }
 */
export function refusedText(module: string): RefusedText | null {
  const match = forbiddenWords.exec(module) ?? escapedAscii.exec(module) ?? foreign.exec(module);
  return match && { text: match[0], offset: match.index };
}

/** Severity of a rule, weakest first. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a rule does when it fires, weakest first. */
export const ENFORCEMENTS = ['audit', 'warn', 'require_approval', 'deny'] as const;
export type Enforcement = (typeof ENFORCEMENTS)[number];

/** Outcome of a plan. `pass` and `warn` are valid; `approval` and `deny` are not. */
export type Status = 'pass' | 'warn' | 'approval' | 'deny';

/** How the weights of the rules that fired become one risk score. */
export type Aggregate = 'sum' | 'max';

/** A place in a policy source: 1-based line and column, path relative to the policy directory. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * One rule as the module carries it: everything a report needs, nothing that decides. `policy`, `category` and
 * `file` index the module's tables, `severity` and `enforcement` the lists above; line and column are 1-based.
 */
export type RuleRow = readonly [
  id: string,
  policy: number,
  category: number,
  severity: number,
  enforcement: number,
  /** Contribution to the risk score, 0 to 1. */
  weight: number,
  /** What the policy's author says about the rule; may be empty. */
  description: string,
  file: number,
  line: number,
  column: number,
];

/** An exception as the module carries it: one rule, for some steps and callers, for a time. */
export interface Waiver {
  /** Index of the rule it suspends. */
  readonly rule: number;
  /** What a violation says of it: ticket, who approved it, until when, why. */
  readonly label: string;
  /** Milliseconds since the epoch; it holds from `notBefore` until just before `expires`. */
  readonly notBefore: number;
  readonly expires: number;
  /** Whether it covers a step of this tool (`null`: the plan as a whole) for who is asking. */
  readonly applies: (tool: string | null, context: unknown) => boolean;
}

/** How large a plan may be. Numbers above are refused before any rule sees the plan. */
export interface PlanLimits {
  /** Most steps; default 10,000. */
  readonly maxSteps: number;
  /** Deepest nesting of objects and arrays, the plan itself being 1; default 64. */
  readonly maxDepth: number;
  /** Most values in the plan as a whole, members and elements counted; default 200,000. */
  readonly maxNodes: number;
  /** Most dependencies, `depends_on` and references together, each counted once a step; default 200,000. */
  readonly maxDependencies: number;
  /** Longest string or key, in UTF-16 units; default 1,048,576. */
  readonly maxStringLength: number;
}

/** What a module may use from outside: intrinsics, captured by the runtime before any module is loaded. */
export interface Kit {
  readonly isArray: (value: unknown) => value is readonly unknown[];
  readonly hasOwn: (object: object, key: string) => boolean;
  /** Whether a value is an object as JSON has it. */
  readonly isPlain: (value: unknown) => value is Readonly<Record<string, unknown>>;
  readonly Map: MapConstructor;
  readonly RegExp: RegExpConstructor;
  readonly Int32Array: Int32ArrayConstructor;
  readonly fromCodePoint: (code: number) => string;
}

/** What a module says of a plan; `null` for one on which nothing fired, for most plans are such. */
export interface Verdict {
  /** 0 pass, 1 warn, 2 approval, 3 deny. */
  readonly status: number;
  /** 0 to 1. */
  readonly risk: number;
  /** Puts what fired into words; the plan is read again. */
  readonly violations: () => readonly Violation[];
  /** Puts into words what is told when the plan runs; `null` where nothing is. */
  readonly pending: (() => readonly PendingCheck[]) | null;
}

/**
 * Decides by some entries of a module together: the strongest outcome counts. Pure and synchronous; it denies what is
 * no plan or beyond the limits, and throws only where a plan does (a getter, a proxy).
 */
export interface Decider {
  /** With `later`, what is not known for no other reason than a reference is pending instead of a violation. */
  readonly evaluate: (plan: unknown, context: unknown, now: number, later?: boolean) => Verdict | null;
  /** Whether `evaluate` would say pass or warn; ends at the first step for which that is certain. */
  readonly allows: (plan: unknown, context: unknown, now: number) => boolean;
}

/** An entry, for who wants to know what is in a module. */
export interface EntryFacts {
  readonly name: string;
  readonly aggregate: Aggregate;
  /** Risk score from which a plan is denied. */
  readonly threshold: number;
  /** Exceptions; a finding that one covers stays visible and decides nothing. */
  readonly waivers: readonly Waiver[];
  /** The rules of the entry as ranges, ascending: the index of the first and the one behind the last, in turn. */
  readonly rules: readonly number[];
}

/** What is in a module, for auditors. */
export interface ModuleFacts {
  readonly policies: readonly string[];
  readonly categories: readonly string[];
  readonly files: readonly string[];
  readonly rules: readonly RuleRow[];
  readonly entries: readonly EntryFacts[];
}

/** The default export of an emitted module: a function without side effects. */
export type ModuleFactory = (kit: Kit) => PredicateModule;

/** What a module answers by for one of its capabilities. */
export type CapabilityFunction = (...args: readonly never[]) => unknown;

/**
 * All that decides stands in the module and is signed with it; the runtime verifies, loads, and copies out what it says.
 * It has a function for each capability of its statement, and for no other.
 */
export interface PredicateModule extends Readonly<Partial<Record<Capability, CapabilityFunction>>> {
  readonly format: number;
  /** Names of the entries. */
  readonly entries: readonly string[];
  /** Makes a decider of the entries with these indexes. */
  readonly open: (entries: readonly number[], limits: Partial<PlanLimits>) => Decider;
  readonly facts: () => ModuleFacts;
}

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

/** Which bundle decided. */
export interface BundleIdentity {
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
  /** sha256 of the module's bytes, lower-case hex. */
  readonly digest: string;
}

export interface Violation {
  readonly rule: string;
  readonly policy: string;
  readonly severity: Severity;
  readonly enforcement: Enforcement;
  readonly category: string;
  readonly message: string;
  /** Index of the step, -1 for the plan as a whole. */
  readonly stepIndex: number;
  /** Id of the step, `null` for the plan as a whole. */
  readonly stepId: string | null;
  /** Path of the argument, empty where no single one made the rule fire. */
  readonly argPath: string;
  /** Where the rule stands in the policy sources; `null` for the runtime's own checks. */
  readonly origin: Origin | null;
  /** The waiver that suspends this finding, if any. */
  readonly waiver: string | null;
}

/**
 * A check that waits for a value: whether the rule is broken is told when the step is called. For a rule about the plan as a
 * whole it is the step at which the last of the values is there; -1 where any step may be that one.
 */
export interface PendingCheck extends Violation {
  /** `false` for a sum alone: what is known of it and the most that the rest can be stay within the limit. */
  readonly mayFail: boolean;
}

export interface Decision {
  readonly status: Status;
  /** True for `pass` and `warn`: the plan may run. */
  readonly valid: boolean;
  /** 0 to 1. */
  readonly riskScore: number;
  /** In step order; built when first read. */
  readonly violations: readonly Violation[];
  /** What was put off with `values: 'later'`, in step order; built when first read. `valid` is that of the rest. */
  readonly pending: readonly PendingCheck[];
  /** Nothing is pending. */
  readonly complete: boolean;
  /** Name of the entry that decided, or `null` where all entries did. */
  readonly entry: string | null;
  readonly bundle: BundleIdentity;
  /** The decision as it stands on the wire, in files and in logs: what `JSON.stringify(decision)` writes. */
  toJSON(): DecisionData;
}

/** A violation as JSON has it: the names of the enterprise guide. */
export interface ViolationData extends Pick<
  Violation,
  'rule' | 'policy' | 'message' | 'severity' | 'enforcement' | 'category' | 'origin' | 'waiver'
> {
  /** Counted from 0; `null` for the plan as a whole. */
  readonly step_index: number | null;
  readonly step_id: string | null;
  readonly arg_path: string;
}

/** A check that waits for a value, as JSON has it. */
export interface PendingData extends ViolationData {
  readonly may_fail: boolean;
}

/** A decision as JSON has it. */
export interface DecisionData {
  readonly is_valid: boolean;
  readonly status: Status;
  readonly risk_score: number;
  readonly violations: readonly ViolationData[];
  /** Where checks wait for values; absent where none does. */
  readonly pending?: readonly PendingData[];
  readonly entry: string | null;
  readonly bundle: BundleIdentity;
}

/** Who may sign the next trust root. */
export interface RootRole {
  readonly keys: readonly string[];
  readonly threshold: number;
}

/** Who may sign decisions (receipts), made with which bundles. Such a key signs no policy and no trust root. */
export interface DecisionRole extends RootRole {
  /** Environments it may decide in; empty: any. */
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
