/**
 * What the compiler and the runtime agree on. The verifier owns the format: the compiler imports these
 * types and constants from here, never the other way round.
 *
 * Nothing in this file decides anything; it holds names, shapes and numbers only.
 */

/** Version of the module format (`PredicateModule`) and of the statement's predicate. */
export const FORMAT_VERSION = 1;

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
export const RUNTIME_VERSION = '0.1.0';

/** Signature algorithms a key of the trust root may have; each is one fixed choice of curve or padding and hash. */
export const KEY_ALGORITHMS = ['ecdsa-p256-sha256', 'ed25519', 'rsa-pkcs1v15-sha256'] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

/** Format tag of a trust root file. */
export const TRUST_FORMAT = 'plan-lint-trust/1' as const;

/** DSSE payload type of a signed trust root (an update from root N to root N+1). */
export const TRUST_PAYLOAD_TYPE = 'application/vnd.plan-lint.trust+json';

/**
 * Words that never stand as whole words in an emitted module, outside or inside literals: the loader refuses a
 * module in which it finds one. Literals write one of their characters as an escape.
 */
export const FORBIDDEN_WORDS = [
  'import',
  'eval',
  'Function',
  'constructor',
  'prototype',
  '__proto__',
  'globalThis',
  'window',
  'self',
  'global',
  'process',
  'require',
  'module',
  'Reflect',
  'Proxy',
  'WebAssembly',
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'Worker',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'postMessage',
  'document',
  'navigator',
  'Deno',
  'Bun',
  'arguments',
  'caller',
  'callee',
  'async',
  'await',
  'yield',
  'debugger',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
  'sourceMappingURL',
] as const;

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

/** Why one rule fired on one step; asked for only when a violation is read. */
export interface Cause {
  /** Path of the argument that made the rule fire, as `items[2].price`; empty where no single one did. */
  readonly path: string;
  /** One sentence. Never contains the text that a text pattern matched. */
  readonly message: string;
}

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

/** A test of one text that the module brings along; pure, linear in the text. */
export type TextTest = (text: string) => boolean;

/** What an argument may be for its cell to trip, beside the texts and numbers that the cell itself names. */
export const TRIPS = { everyText: 1, literals: 2, missing: 4, everyNumber: 8, noNumber: 16 } as const;

/**
 * One argument of one tool: when it may make a rule fire. A cell may trip for nothing, never the other way round:
 * while it does not trip, none of its rules fires because of this argument.
 */
export type GuardCell = readonly [
  arg: string,
  /** Rules to ask when it trips, by index. */
  rules: readonly number[],
  /** Sum of `TRIPS`: every text, `true` / `false` / `null`, its absence, every number, no number. Objects always trip. */
  trips: number,
  /** Where neither every number trips nor none: those from `low` to `high` do not. */
  low: number,
  high: number,
  /** Texts in ASCII and lower case that trip as a whole, in whatever case. */
  equal?: readonly string[],
  /** Trips where it matches from the start; looked at where bit (first unit modulo 32) of `heads` is set. */
  heads?: number,
  head?: RegExp | 0,
  /** Trips where it matches anywhere. */
  any?: RegExp | 0,
  /** One or two characters; without either, `any` does not match. */
  needs?: string,
  /** Further tests of a text. */
  tests?: readonly TextTest[],
];

/** What there is to ask of the steps that call one tool. */
export interface GuardRow {
  /** Rules to ask of every such step. */
  readonly rules: readonly number[];
  readonly cells: readonly GuardCell[];
}

/** Rules that look at every text anywhere in the arguments of any tool: which texts may make one fire. */
export interface GuardTexts {
  readonly rules: readonly number[];
  readonly any: RegExp | null;
  readonly tests: readonly TextTest[];
  /** Whether the decimal text of a number may do so too. */
  readonly numbers: boolean;
}

/**
 * The tables by which the runtime finds, on its one walk over a plan, the rules worth asking: most plans have none.
 */
export interface Guard {
  /** The row of a tool, named by the policies or not. */
  readonly row: (tool: string) => GuardRow;
  readonly texts: GuardTexts;
}

/**
 * One entry's predicates. All functions are pure and synchronous; they never throw on a plan that the
 * runtime has found well-formed.
 */
export interface ModuleEntry {
  readonly name: string;
  readonly aggregate: Aggregate;
  /** Risk score from which a plan is denied. */
  readonly threshold: number;
  /** Exceptions; a finding that one covers stays visible and decides nothing. */
  readonly waivers: readonly Waiver[];
  readonly guard: Guard;
  /** The rules of the entry as ranges, ascending: the index of the first and the one behind the last, in turn. */
  readonly rules: readonly number[];
  /**
   * Asks the rules of the first `count` numbers of `candidates`, pairs (rule index, step index), whatever entry they
   * are of, and, unless `partly`, those rules of this entry that look at the plan as a whole: `partly` says that the
   * plan has been walked in part only, so that what is behind the last candidate may be of any shape. Writes the pairs that fired (step index -1 for the plan) into `out` and returns
   * how many numbers there are. A return value above `out.length` means: call again with room for that many.
   */
  readonly check: (
    plan: unknown,
    context: unknown,
    now: number,
    out: Int32Array,
    candidates: Int32Array,
    count: number,
    partly?: boolean,
  ) => number;
  /** Says why `rule` fired on `step`, for a pair that `check` wrote. */
  readonly explain: (rule: number, step: number, plan: unknown, context: unknown, now: number) => Cause;
}

/** What a module may use from outside: intrinsics, captured by the runtime before any module is loaded. */
export interface Kit {
  readonly isArray: (value: unknown) => value is readonly unknown[];
  readonly hasOwn: (object: object, key: string) => boolean;
  readonly Map: MapConstructor;
  readonly fromCodePoint: (code: number) => string;
  /** Calls `found` with the step id of each `${step.result…}` and `{{step.result…}}` in a text, as the runtime finds them. */
  readonly references: (text: string, found: (stepId: string) => void) => void;
}

/** The default export of an emitted module: a function without side effects. */
export type ModuleFactory = (kit: Kit) => PredicateModule;

export interface PredicateModule {
  readonly format: number;
  readonly policies: readonly string[];
  readonly categories: readonly string[];
  readonly files: readonly string[];
  readonly rules: readonly RuleRow[];
  /** Whether a text matches a token that no plan may hold; such a text is never shown. */
  readonly secret: TextTest;
  /**
   * The plain spelling of a text: look-alikes of ASCII, invisible characters, odd spaces undone. Guards look at a
   * text as it is and in its plain spelling; that of an ASCII text is itself.
   */
  readonly plain: (text: string) => string;
  readonly entries: readonly ModuleEntry[];
}

/** A named content digest, sha256 in lower-case hex. */
export interface Digest {
  readonly name: string;
  readonly sha256: string;
}

/** The predicate of the statement: what is signed about a bundle, beside the digest of its module. */
export interface BundlePredicate {
  /** Bundle name; trust rules are chosen by it. */
  readonly name: string;
  /** The organisation's own label of this release, free text. */
  readonly version: string;
  /** Grows with each release; a lower one than seen before is a rollback. Integer from 0. */
  readonly sequence: number;
  /** Environments the bundle may be used in; empty means any. */
  readonly audience: readonly string[];
  /** RFC 3339 instants in UTC; `null` where there is no limit. */
  readonly not_before: string | null;
  readonly expires: string | null;
  readonly entries: readonly string[];
  /** The entry that decides when none is named; `null`: all of them, strongest outcome wins. */
  readonly default_entry: string | null;
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

export interface Decision {
  readonly status: Status;
  /** True for `pass` and `warn`: the plan may run. */
  readonly valid: boolean;
  /** 0 to 1. */
  readonly riskScore: number;
  /** In step order; built when first read. */
  readonly violations: readonly Violation[];
  /** Name of the entry that decided, or `null` where all entries did. */
  readonly entry: string | null;
  readonly bundle: BundleIdentity;
}
