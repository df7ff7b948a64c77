import type { Aggregate, Capability, Enforcement, Severity } from '@plan-lint/runtime/contract';
import type {
  ExceptionDeclaration,
  Interval,
  OperandValue,
  ParamDeclaration,
  ParamDomain,
  ParamType,
  PatternDeclaration,
  ReferenceMode,
  ResultAction,
  Tightening,
} from './document.ts';
import type { ToolCatalog } from './catalog.ts';
import type { Layer } from './layer.ts';
import type { Located, SourceFile, Span } from './source.ts';
import type { WholePlanBody } from './whole-plan.ts';

/** What all entries of a policy directory mean once inheritance is resolved. Stage: resolve → lower. */
export interface ResolvedPolicies {
  readonly entries: readonly ResolvedPolicy[];
  /** The entry that decides when none is named; `null`: all of them. */
  readonly defaultEntry: string | null;
  /** Name of the bundle as `plan-lint.yaml` gives it. */
  readonly bundleName: string | null;
  /** The tools that agents have, where `plan-lint.yaml` says. */
  readonly catalog: ToolCatalog | null;
  /** What the module is able to do beside deciding whole plans. */
  readonly capabilities: readonly Capability[];
  /** Files that every entry must extend, and does. */
  readonly requiredBase: readonly RequiredFile[];
  /** Who extends whom, every file of the directory, by path. */
  readonly hierarchy: readonly PolicyFile[];
  /** Every file in the closure of `extends` of the entries, and `plan-lint.yaml`, by path. */
  readonly sources: readonly SourceFile[];
}

/** A file that every entry must extend; `isPinned`: with the bytes whose digest is written beside it. */
export interface RequiredFile {
  readonly file: SourceFile;
  readonly isPinned: boolean;
}

/** A file of the policy directory and the files it extends. */
export interface PolicyFile {
  readonly path: string;
  readonly name: string;
  readonly parents: readonly string[];
}

/** One entry: rules, settings among them, each with the place that has the last word on it. */
export interface ResolvedPolicy {
  readonly name: string;
  readonly file: SourceFile;
  /** Files in C3 order, the entry's own first. */
  readonly chain: readonly string[];
  /** The rules, settings among them, over what several entries inherit; `rulesIn` lists them. */
  readonly layer: Layer<ResolvedRule>;
  readonly threshold: number;
  /** What a child may set the threshold to; `null` for a guardrail. */
  readonly thresholdDomain: Interval | null;
  readonly aggregate: Aggregate;
  /** How `fail_risk_threshold` and `aggregate` came to be; empty for a default of the language. */
  readonly history: Readonly<Record<'fail_risk_threshold' | 'aggregate', readonly ChainStep[]>>;
  readonly params: readonly ResolvedParam[];
  readonly exceptions: readonly ResolvedException[];
  /** How long an exception may last at most, in milliseconds; `null`: as long as it likes. */
  readonly maxException: number | null;
}

/** One line that had a say in a value, and what it said. */
export interface ChainStep {
  readonly span: Span;
  readonly says: string;
}

export interface ResolvedParam {
  readonly name: string;
  readonly type: ParamType;
  readonly value: OperandValue;
  /** Whether children may set it anew within the domain, or only tighten it, or neither. */
  readonly mode: ParamDeclaration['mode'];
  readonly tighten: Tightening | null;
  readonly domain: ParamDomain | null;
  readonly chain: readonly ChainStep[];
}

/** An exception to one rule of the entry; `policy` is the policy that grants it. */
export interface ResolvedException extends Omit<ExceptionDeclaration, 'rule'> {
  readonly rule: string;
  readonly policy: string;
}

export interface RuleHead {
  /** Unique in an entry: a rule's own name, or the setting with its key, as `bounds["payments.transfer.amount"]`. */
  readonly id: string;
  readonly policy: string;
  readonly severity: Severity;
  readonly enforcement: Enforcement;
  readonly category: string;
  readonly weight: number;
  readonly description: string;
  readonly span: Span;
  /** A final rule takes no exceptions. */
  readonly final: boolean;
  /** Absent: `check`. */
  readonly references?: ReferenceMode | undefined;
  /** The lines that made the rule what it is, the oldest first. */
  readonly chain: readonly ChainStep[];
}

export type ResolvedRule =
  | PatternRule
  | WholePlanRule
  | AllowRule
  | BoundRule
  | DenyTokenRule
  | MaxStepsRule
  | OnlyCatalogRule
  | ValidateArgsRule
  | ResultRule;

/** Fires on a step for which neither pattern nor condition fails, or once on a plan (`scope`). */
export interface PatternRule extends RuleHead {
  readonly kind: 'pattern';
  readonly pattern: PatternDeclaration;
  readonly when: Located<string> | null;
  readonly scope: 'step' | 'plan';
  /** The parameters that `when` names, with the values they have here; absent until they are known. */
  readonly params?: readonly BoundParam[];
}

export interface BoundParam {
  readonly name: string;
  readonly type: ParamType;
  readonly value: OperandValue;
}

/** Looks at all steps of a plan together, and fires on some of them. */
export interface WholePlanRule extends RuleHead {
  readonly kind: 'whole-plan';
  readonly body: WholePlanBody;
  /** What steps of its tools it governs: those for which it does not fail; `null`: all of them. */
  readonly narrowing: Narrowing | null;
}

/** A condition on a step, as that of a rule over steps. */
export type Narrowing = Pick<PatternRule, 'pattern' | 'when' | 'params'>;

/** The rule over steps that fires on what a narrowed rule governs; `null` for one that is not narrowed. */
export const narrowingRule = (rule: WholePlanRule): PatternRule | null =>
  rule.narrowing && { ...rule, kind: 'pattern', scope: 'step', ...rule.narrowing };

/** Fires on a step whose tool some layer does not cover: each `allow_tools` of the chain is a layer. */
export interface AllowRule extends RuleHead {
  readonly kind: 'allow';
  readonly layers: readonly AllowLayer[];
  /** Globs that a child's own list must stay within; `null` for a guardrail. */
  readonly domain: Located<readonly string[]> | null;
}

export interface AllowLayer {
  readonly globs: readonly string[];
  readonly span: Span;
}

/** Fires on a step of the tool whose argument is not a number within the interval. */
export interface BoundRule extends RuleHead {
  readonly kind: 'bound';
  /** Tool and argument joined by a dot, as written. */
  readonly key: string;
  /**
   * The longest tool name at the start of the key that the declaring file or its parents mention; `null` where
   * they mention none. Settled there: a tool that a child names must not move an inherited bound elsewhere.
   */
  readonly tool: string | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Whether the argument may be left out; `undefined` where the file says nothing of it, which is no. */
  readonly optional: boolean | undefined;
  readonly domain: Located<Interval> | null;
}

/** Fires on a step in whose arguments any text matches. */
export interface DenyTokenRule extends RuleHead {
  readonly kind: 'deny-token';
  readonly regex: string;
}

/** Fires on a plan with more steps than the limit. */
export interface MaxStepsRule extends RuleHead {
  readonly kind: 'max-steps';
  readonly limit: number;
  readonly domain: Located<Interval> | null;
}

/** Fires on a step whose tool is not in the tool catalog. */
export interface OnlyCatalogRule extends RuleHead {
  readonly kind: 'only-catalog';
}

/** Fires on a step whose arguments do not satisfy the input schema that the catalog has for its tool. */
export interface ValidateArgsRule extends RuleHead {
  readonly kind: 'validate-args';
}

/** Fires on the result of a call in which any text matches; never on a plan or a call. */
export interface ResultRule extends RuleHead {
  readonly kind: 'result';
  /** The tool's name or a glob. */
  readonly glob: string;
  readonly regex: string;
  readonly action: ResultAction;
}
