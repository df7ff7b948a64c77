import type { Aggregate } from '@plan-lint/runtime/contract';
import type { JsonObject } from './catalog.ts';
import type { CelExpression, CelType } from './cel.ts';
import type { CallerValue, ExceptionScope, OperandValue, ResultAction, View } from './document.ts';
export type { CallerValue, View } from './document.ts';
import type { Layer } from './layer.ts';
import type { ArgPath } from './path.ts';
import type { PatternPlan } from './pattern.ts';
import type { RuleHead } from './resolved.ts';
import type { Spelling } from './spelling.ts';
import type { Evidence, FailureWord, Order, Window } from './whole-plan.ts';

/** The policies as conditions on steps and plans, nothing of YAML left. Stages: lower → optimize → emit. */
export interface Program {
  readonly entries: readonly ProgramEntry[];
  readonly defaultEntry: string | null;
  /** What `invalid-args` asks; `null` where no rule does. */
  readonly argSchemas: ArgSchemas | null;
  /** Tools with arguments in which nothing is a reference. */
  readonly templates: readonly { readonly tool: string; readonly args: readonly string[] }[];
}

/** The input schemas of the catalog's tools, found fit to be compiled. */
export interface ArgSchemas {
  /** `null` for a tool that the catalog leaves out: no arguments satisfy it. */
  readonly byTool: ReadonlyMap<string, JsonObject | null>;
  /** The text patterns in them, by source. */
  readonly patterns: ReadonlyMap<string, PatternPlan>;
}

export interface ProgramEntry {
  readonly name: string;
  readonly threshold: number;
  readonly aggregate: Aggregate;
  readonly layer: Layer<ProgramRule>;
  readonly waivers: readonly ProgramWaiver[];
}

/** An exception to a rule of the entry, by the rule's id. */
export interface ProgramWaiver {
  readonly rule: string;
  readonly label: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly expires: number;
  readonly scope: ExceptionScope;
}

export type ProgramRule = StepRule | PlanRule | ResultRule;

/** Asked of every step whose tool is one of `tools` (`null`: any); fires unless `condition` is known to fail. */
export interface StepRule {
  readonly scope: 'step';
  readonly head: RuleHead;
  readonly tools: readonly string[] | null;
  readonly condition: Expr;
  /** Of a bound: the argument, and the most that it may be. */
  readonly bound?: { readonly path: ArgPath; readonly max: number | null };
  /** What is not known does not count against a plan that is decided before its values are there. */
  readonly relaxed?: true;
}

/** Asked once of the plan. */
export interface PlanRule {
  readonly scope: 'plan';
  readonly head: RuleHead;
  readonly condition: MoreStepsThan | CelTest | WholePlanTest;
}

/** Asked of what a call gave, where the tool is covered. A plan and a call are never asked. */
export interface ResultRule {
  readonly scope: 'result';
  readonly head: RuleHead;
  readonly condition: ResultToken;
}

export interface ResultToken {
  readonly kind: 'result-token';
  readonly glob: string;
  readonly pattern: PatternPlan;
  readonly action: ResultAction;
  /** Whether all that the pattern can match stands on one line. */
  readonly isOfLine: boolean;
}

export interface MoreStepsThan {
  readonly kind: 'more-steps-than';
  readonly limit: number;
}

/** A test of all steps together, which says on which of them it fires; see `whole-plan.ts` for what each means. */
export type WholePlanTest =
  | MaxCallsTest
  | MaxTotalTest
  | RequireBeforeTest
  | RequireAfterTest
  | FlowsTest
  | SeparateDutyTest
  | OnFailTest;

/** A path to one value. */
export type NamePath = readonly string[];

/** Paths whose values must be alike, in the governed step and in the other. */
export interface NamePathPair {
  readonly here: NamePath;
  readonly there: NamePath;
}

interface WholePlanTestBase {
  /** Globs of the tools that the rule governs. */
  readonly tools: readonly string[];
  /** Of their steps it governs those for which this does not fail. */
  readonly narrowing: Expr | null;
}

export interface MaxCallsTest extends WholePlanTestBase {
  readonly kind: 'max_calls';
  readonly limit: number;
  readonly per: NamePath | null;
  readonly within: Window | null;
}

export interface MaxTotalTest extends WholePlanTestBase {
  readonly kind: 'max_total';
  /** What is added up, by tool. */
  readonly amounts: readonly { readonly tools: readonly string[]; readonly path: NamePath }[];
  readonly limit: number;
  readonly per: NamePath | null;
  readonly within: Window | null;
  /** Tools for which the catalog says what the amount is at most. */
  readonly maxima: readonly (readonly [tool: string, most: number])[];
}

export interface RequireBeforeTest extends WholePlanTestBase {
  readonly kind: 'require_before';
  readonly before: readonly string[];
  readonly same: readonly NamePathPair[];
  readonly order: Order;
  readonly within: Window | null;
}

export interface RequireAfterTest extends WholePlanTestBase {
  readonly kind: 'require_after';
  readonly after: readonly string[];
  readonly same: readonly NamePathPair[];
  readonly order: Order;
  readonly onFailure: boolean;
  /** Tools that a session admits beside those of `after` while something is owed; `null` admits any. */
  readonly whileOwed: readonly string[] | null;
}

export interface FlowsTest extends WholePlanTestBase {
  readonly kind: 'flows';
  /** Globs of tools all of whose arguments must stay clean, and arguments of others. */
  readonly whole: readonly string[];
  readonly into: readonly { readonly tools: readonly string[]; readonly path: ArgPath }[];
  readonly from: readonly string[];
  readonly fromContext: readonly ArgPath[];
  readonly through: readonly string[];
  readonly evidence: Evidence;
}

export interface SeparateDutyTest extends WholePlanTestBase {
  readonly kind: 'separate_duty';
  readonly other: readonly string[];
  readonly by: NamePathPair | null;
  readonly same: readonly NamePathPair[];
}

export interface OnFailTest extends WholePlanTestBase {
  readonly kind: 'on_fail';
  readonly allow: readonly FailureWord[];
  readonly handlers: readonly string[];
}

/**
 * A condition in negation normal form: only tests are negated. Three-valued (a test may be unable to tell), so
 * `and` and `or` follow Kleene: a false operand decides `and`, a true one decides `or`.
 */
export type Expr = Constant | Junction | ToolTest | ArgTest | CelTest | InvalidArgs;

export interface Constant {
  readonly kind: 'constant';
  readonly value: boolean;
}

export interface Junction {
  readonly kind: 'and' | 'or';
  readonly items: readonly Expr[];
}

/** Whether the step's tool is one of the globs; always decided. */
export interface ToolTest {
  readonly kind: 'tool';
  readonly globs: readonly string[];
  readonly negated: boolean;
}

/** Whether the arguments break the input schema that the catalog has for the step's tool. */
export interface InvalidArgs {
  readonly kind: 'invalid-args';
}

/** An operation on one argument, or on every text anywhere in the arguments (`path: null`). */
export interface ArgTest {
  readonly kind: 'arg';
  readonly path: ArgPath | null;
  readonly test: Test;
  readonly negated: boolean;
}

/** A checked CEL condition; never negated. `patterns` are those of its `matches`, by the key it knows them by. */
export interface CelTest {
  readonly kind: 'cel';
  readonly expression: CelExpression;
  readonly patterns: Readonly<Record<string, PatternPlan>>;
  /** The parameters that it names, as the policy has them. */
  readonly params: readonly CelParam[];
}

export interface CelParam {
  readonly name: string;
  readonly type: CelType;
  readonly value: OperandValue;
}

export interface Test {
  readonly operation: string;
  /** As written; `null` for operations without an operand too. */
  readonly operand: OperandValue;
  /** For operations that take a regular expression. */
  readonly pattern: PatternPlan | null;
  /** For operations that compare texts; absent where they are compared as they are written. */
  readonly spelling?: Spelling;
  /** It asks what is written in the plan, references and all. */
  readonly written?: true;
  /** It fires on no argument that is missing, negated or not. */
  readonly optional?: true;
  /** Where the operand comes from when a plan is decided; `operand` is `null` then. */
  readonly from?: CallerValue;
  /** What the value at the path is taken for; the test is of what that holds. */
  readonly view?: View;
}
