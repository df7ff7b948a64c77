import type { Located, Span } from './source.ts';

/**
 * Rules about a plan as a whole, as written and as inheritance leaves them; `kind` is the key of the rule. In each,
 * `tools` are the tools that the rule governs: those that `add_tools` of a refinement adds to.
 */
export type WholePlanBody =
  | MaxCallsBody
  | MaxTotalBody
  | RequireBeforeBody
  | RequireAfterBody
  | FlowsBody
  | SeparateDutyBody
  | OnFailBody;

export const WHOLE_PLAN_KINDS = [
  'max_calls',
  'max_total',
  'require_before',
  'require_after',
  'flows',
  'separate_duty',
  'on_fail',
] as const satisfies readonly WholePlanBody['kind'][];

export const ORDERS = ['dependencies', 'listed'] as const;
/** What precedes what: by the dependencies alone, or also by the place in the list of steps. */
export type Order = (typeof ORDERS)[number];

/** `only`: while something is owed, nothing else is admitted. */
export const UNTIL_WORDS = ['only'] as const;

export const EVIDENCE = ['value', 'order'] as const;
/** `value`: copies of its texts; `order`: whatever comes after it. */
export type Evidence = (typeof EVIDENCE)[number];

export const FAILURE_WORDS = ['abort', 'retry', 'continue'] as const;
/** What a step's `on_fail` may say beside the ids of steps. */
export type FailureWord = (typeof FAILURE_WORDS)[number];

/** Tool names and globs. */
export type ToolList = readonly Located<string>[];

/** An argument of some tools. */
export interface ToolArg {
  readonly tools: ToolList;
  readonly arg: Located<string>;
}

/** Two argument paths whose values are compared: of the step that the rule governs, and of the other one. */
export interface PathPair {
  readonly here: Located<string>;
  readonly there: Located<string>;
}

/** A number, or the parameter that gives it; 2-resolve has put the value in where both are there. */
export interface Limit {
  readonly value: Located<number> | null;
  readonly param: Located<string> | null;
}

interface Body {
  /** Place of the key that names the kind. */
  readonly span: Span;
  readonly tools: ToolList;
}

/** How far back a session counts, in milliseconds, and as it is written; a plan has no times, and counts all of it. */
export interface Window {
  readonly milliseconds: number;
  readonly written: string;
}

/** Fires on every call beyond the limit, counted for each value of `per`. */
export interface MaxCallsBody extends Body {
  readonly kind: 'max_calls';
  readonly limit: Limit;
  readonly per: Located<string> | null;
  readonly within: Window | null;
}

/**
 * Fires where the sum of an argument, for each value of `per`, goes beyond the limit. The argument is one for all of
 * `tools` (`arg`), or said by tool (`of`, empty otherwise; no tool is in two of its items).
 */
export interface MaxTotalBody extends Body {
  readonly kind: 'max_total';
  readonly arg: Located<string> | null;
  readonly of: readonly ToolArg[];
  readonly limit: Limit;
  readonly per: Located<string> | null;
  readonly within: Window | null;
}

/** Fires on a step that no step of `before` dominates with the same values. */
export interface RequireBeforeBody extends Body {
  readonly kind: 'require_before';
  readonly before: ToolList;
  readonly same: readonly PathPair[];
  readonly order: Order;
  readonly within: Window | null;
}

/** Fires on a step behind which no step of `after` surely runs with the same values. */
export interface RequireAfterBody extends Body {
  readonly kind: 'require_after';
  readonly after: ToolList;
  readonly same: readonly PathPair[];
  readonly order: Order;
  /** Whether one must run where the step fails, too. */
  readonly onFailure: boolean;
  /** `until: only`: tools that a session admits beside those of `after` while something is owed; `null` admits any. */
  readonly whileOwed: ToolList | null;
}

/** Fires on a step of `tools` (the sinks, `to`) whose arguments, or one of `into`, hold what comes from a source. */
export interface FlowsBody extends Body {
  readonly kind: 'flows';
  /** Sinks of which one argument alone must stay clean. */
  readonly into: readonly ToolArg[];
  readonly from: ToolList;
  /** Paths into the caller's `context` and into that of the plan; `[*]` may stand in them. */
  readonly fromContext: readonly Located<string>[];
  /** Tools whose results are clean whatever went in. */
  readonly through: ToolList;
  /** What a session takes for a sign that a call carries a result, where nobody says what it reads. */
  readonly evidence: Evidence;
}

/** Fires on a step of `other` that goes with one of `tools`, always or where the two values of `by` may be equal. */
export interface SeparateDutyBody extends Body {
  readonly kind: 'separate_duty';
  readonly other: ToolList;
  readonly by: PathPair | null;
  /** What relates two steps; without it any two are related. */
  readonly same: readonly PathPair[];
}

/** Fires on a step whose `on_fail` is not one of the words and names no handler of these tools. */
export interface OnFailBody extends Body {
  readonly kind: 'on_fail';
  readonly allow: readonly FailureWord[];
  readonly handlers: ToolList;
}

/** The arguments that a `max_total` adds up. */
export const amountsOf = ({ tools, arg, of }: MaxTotalBody): readonly ToolArg[] =>
  arg === null ? of : [{ tools, arg }];

/** The tools that a rule governs, whatever of their calls it looks at. */
export const governedBy = (body: WholePlanBody): ToolList =>
  body.kind === 'flows' ? [...body.tools, ...body.into.flatMap(({ tools }) => tools)] : body.tools;

/** Every tool name and glob that a rule mentions. */
export function wholePlanTools(body: WholePlanBody): ToolList {
  const further = (): readonly ToolList[] => {
    switch (body.kind) {
      case 'require_before':
        return [body.before];
      case 'require_after':
        return [body.after, body.whileOwed ?? []];
      case 'flows':
        return [...body.into.map(({ tools }) => tools), body.from, body.through];
      case 'separate_duty':
        return [body.other];
      case 'on_fail':
        return [body.handlers];
      default:
        return [];
    }
  };
  return [body.tools, ...further()].flat();
}
