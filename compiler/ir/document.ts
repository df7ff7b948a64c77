import type { Aggregate, Enforcement, Severity } from '@plan-lint/runtime/contract';
import type { ArgPath } from './path.ts';
import type { Located, SourceFile, Span } from './source.ts';
import type { Order, WholePlanBody } from './whole-plan.ts';

/** One policy file, its shape checked, nothing resolved yet. Stage: parse → resolve. */
export interface PolicyDocument {
  readonly file: SourceFile;
  /** The file's own `name:`, or the name of its only policy, or its path without the extension. */
  readonly name: string;
  /** Every name by which `extends` and `--entry` may mean this file. */
  readonly aliases: readonly string[];
  readonly extends: readonly ParentReference[];
  /** Where it says that it extends nothing, as `extends: []`; `null` where it names parents or is silent. */
  readonly extendsNothing: Span | null;
  /** In file order; the file's own flat settings and rules come first, as a policy of the file's name. */
  readonly policies: readonly PolicyBlock[];
}

/** A parent as written: a path or a name, and the digest that its file must have (hex), if one is pinned. */
export interface ParentReference extends Located<string> {
  readonly sha256: string | null;
}

export interface PolicyBlock {
  readonly name: string;
  /** Where the block or file says its name; `null` where it does not. */
  readonly nameSpan: Span | null;
  readonly rules: readonly RuleDeclaration[];
  readonly refinements: readonly RefinementDeclaration[];
  readonly params: readonly ParamDeclaration[];
  readonly bindings: readonly ParamBinding[];
  readonly exceptions: readonly ExceptionDeclaration[];
  readonly settings: Settings;
}

/**
 * A setting as written. Without a domain it is a guardrail, which a child may only tighten; with one (`mode:
 * default`) a child may set it anew, within the domain.
 */
export interface Setting<T, D> extends Located<T> {
  readonly domain?: Located<D>;
  /** Whether what the setting makes takes no exceptions. */
  readonly final?: boolean;
}

/** Numbers from `min` to `max`, both included; `null` leaves an end open. */
export interface Interval {
  readonly min: number | null;
  readonly max: number | null;
}

export interface Settings {
  readonly allowTools?: Setting<readonly Located<string>[], readonly string[]>;
  readonly bounds: readonly BoundDeclaration[];
  readonly denyTokens: readonly Setting<string, never>[];
  /** What must not stand in what calls give. */
  readonly results: readonly ResultDeclaration[];
  readonly maxSteps?: Setting<number, Interval>;
  readonly riskWeights: readonly WeightDeclaration[];
  readonly failRiskThreshold?: Setting<number, Interval>;
  readonly aggregate?: Located<Aggregate>;
  /** Of the rules declared here that do not say it; a child's are its own. */
  readonly order?: Located<Order>;
  readonly tools?: Setting<ToolScope, never>;
  readonly validateArgs?: Setting<boolean, never>;
  /** How long an exception may last at most, in milliseconds. */
  readonly maxException?: Located<number>;
}

/** What becomes of a result in which a token stands: the texts that hold it are taken out, or nothing of it is handed on. The later is the stricter. */
export const RESULT_ACTIONS = ['redact', 'block'] as const;
export type ResultAction = (typeof RESULT_ACTIONS)[number];

/** `results: [{ tool: db.*, deny_tokens_regex: [AKIA], action: redact }]`. */
export interface ResultDeclaration {
  readonly tools: readonly Located<string>[];
  readonly regexes: readonly Located<string>[];
  readonly action: ResultAction;
}

/** Whether a plan may use any tool, or those of the catalog only. */
export const TOOL_SCOPES = ['any', 'only-catalog'] as const;
export type ToolScope = (typeof TOOL_SCOPES)[number];

/**
 * What a rule over steps makes of a value that is not known when the plan is decided: `check` counts it against the plan,
 * `allow` leaves it to the run, which asks the rule of the value. Bad values count under both.
 */
export const REFERENCE_MODES = ['check', 'allow'] as const;
export type ReferenceMode = (typeof REFERENCE_MODES)[number];

/** `bounds: { payments.transfer.amount: [0.01, 10000] }`; `null` leaves an end open. */
export interface BoundDeclaration extends Interval {
  readonly key: string;
  readonly keySpan: Span;
  readonly span: Span;
  readonly domain?: Located<Interval>;
  readonly final?: boolean;
  readonly references?: Located<ReferenceMode>;
  /** Whether the argument may be left out. */
  readonly optional?: Located<boolean>;
}

/** `risk_weights: { raw_secret: 0.5 }`: the name of a rule, or of a category in lower case. */
export interface WeightDeclaration {
  readonly name: string;
  readonly weight: number;
  readonly span: Span;
}

export interface RuleDeclaration {
  readonly id: Located<string>;
  readonly severity?: Located<Severity>;
  readonly enforcement?: Located<Enforcement>;
  readonly category?: string;
  readonly description: string;
  readonly weight?: Located<number>;
  /** A final rule takes no exceptions. */
  readonly final?: Located<boolean>;
  readonly references?: Located<ReferenceMode>;
  /** Holds for every step where the rule has a condition only. */
  readonly pattern: PatternDeclaration;
  /** A condition in CEL; the rule fires where neither it nor the pattern fails. */
  readonly when: Located<string> | null;
  /** Whether the condition is asked of each step or once of the plan. */
  readonly scope: 'step' | 'plan';
  /** A rule about the plan as a whole, in place of pattern and condition. */
  readonly wholePlan: WholePlanBody | null;
  readonly span: Span;
}

/** What a child asks of a rule it inherits. What is absent stays as it is. */
export interface RefinementDeclaration {
  readonly rule: Located<string>;
  readonly severity?: Located<Severity>;
  readonly enforcement?: Located<Enforcement>;
  readonly weight?: Located<number>;
  readonly final?: Located<boolean>;
  readonly references?: Located<ReferenceMode>;
  readonly enabled?: Located<boolean>;
  /** A `when`, which no refinement may add, at the place of its key. */
  readonly when?: Located<string>;
  /** The tools in place of the inherited ones. */
  readonly tool?: Located<readonly Located<string>[]>;
  readonly addTools: readonly Located<string>[];
  readonly addArgs: readonly Located<string>[];
  /** The operand in place of the inherited one. */
  readonly value?: Located<OperandValue>;
  readonly pattern?: PatternDeclaration;
}

/** A value that policies name and children may bind anew, as far as its declaration lets them. */
export interface ParamDeclaration {
  readonly name: string;
  readonly type: ParamType;
  readonly value: Located<OperandValue>;
  readonly domain: Located<ParamDomain> | null;
  /** The direction that is stricter; `null`: a child may not bind it, unless its mode is `default`. */
  readonly tighten: Tightening | null;
  readonly mode: 'guardrail' | 'default';
  readonly span: Span;
}

export const PARAM_TYPES = ['number', 'integer', 'text', 'list'] as const;
export type ParamType = (typeof PARAM_TYPES)[number];

export const TIGHTENINGS = ['lower', 'higher', 'add', 'remove'] as const;
export type Tightening = (typeof TIGHTENINGS)[number];

/** An interval for numbers; for text and lists the scalars that may occur. */
export type ParamDomain = Interval | readonly Scalar[];

/** `params: { transfer_limit: 5000 }` in a child. */
export interface ParamBinding {
  readonly name: string;
  readonly value: Located<OperandValue>;
  /** Whether children may no longer bind it. */
  readonly final: boolean;
  readonly span: Span;
}

/** A time-bound waiver of one rule, as data that people can audit. */
export interface ExceptionDeclaration {
  readonly rule: Located<string>;
  readonly scope: ExceptionScope;
  readonly reason: string;
  readonly ticket: string;
  readonly requestedBy: Located<string>;
  readonly approvedBy: Located<string>;
  /** Milliseconds since the epoch; `null`: from the beginning. */
  readonly notBefore: Located<number> | null;
  readonly expires: Located<number>;
  readonly span: Span;
}

/** Steps to which an exception applies: all that is given must hold. */
export interface ExceptionScope {
  readonly tools: readonly Located<string>[] | null;
  /** What the caller must vouch for; never the plan's own context. */
  readonly context: readonly ContextDemand[];
}

export interface ContextDemand {
  readonly path: readonly string[];
  readonly values: readonly Scalar[];
}

/** A pattern as written: a leaf tests one operation, `and` / `or` / `not` nest; of tools alone, it holds for them. */
export interface PatternDeclaration {
  readonly span: Span;
  readonly tools: readonly Located<string>[] | null;
  readonly leaf: LeafDeclaration | null;
  readonly and: readonly PatternDeclaration[] | null;
  readonly or: readonly PatternDeclaration[] | null;
  readonly not: PatternDeclaration | null;
}

export interface LeafDeclaration {
  readonly arg: Located<string> | null;
  readonly operation: Located<string>;
  /** Absent for operations without an operand, and until a parameter has its value. */
  readonly value: Located<OperandValue> | null;
  /** The parameter that gives the operand; gone once 2-resolve has put its value in. */
  readonly param?: Located<string>;
  /** Which spellings count as the same; what is absent is as the operation has it by default. */
  readonly ignoreCase?: Located<boolean>;
  readonly normalize?: Located<boolean>;
  /** A missing argument makes no rule fire, whichever way the test is asked. */
  readonly optional?: Located<boolean>;
  /** The value of the context that gives the operand. */
  readonly valueFrom?: Located<CallerValue>;
  /** What the argument's text is taken for, and what of it is tested; absent: the argument itself. */
  readonly view?: Located<View>;
}

/** Forms in which a text holds something else. */
export const FORM_NAMES = ['json', 'url', 'email', 'host', 'path', 'base64', 'percent'] as const;
export type FormName = (typeof FORM_NAMES)[number];

export const URL_PARTS = ['scheme', 'userinfo', 'host', 'port', 'path', 'query', 'fragment'] as const;
export const EMAIL_PARTS = ['local', 'domain'] as const;

/** A text read in a form, and what of that is looked at. */
export interface View {
  readonly as: FormName;
  /** Of a URL or an email address; `null` for the whole. */
  readonly part: (typeof URL_PARTS)[number] | (typeof EMAIL_PARTS)[number] | null;
  /** Into JSON; empty for all of it. */
  readonly path: ArgPath;
}

/** A value that the caller vouches for, as an operand. */
export interface CallerValue {
  /** Into the context. */
  readonly path: readonly string[];
  /** Texts around it; both empty for what is taken as it is. */
  readonly before: string;
  readonly behind: string;
  /** Of `named_in`: the shortest text that counts as named, in characters. */
  readonly least: number;
}

export type Scalar = null | boolean | number | string;
export type OperandValue = Scalar | readonly Scalar[];
