/** What a module answers that decides call by call (capability `session`). */
import type { Violation } from './outcome.ts';

/**
 * What became of a call. `unknown` counts as happened wherever that is the stricter; `not_started` alone gives back what was
 * counted.
 */
export const OUTCOMES = ['succeeded', 'failed', 'unknown', 'not_started'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What rules keep of a session: data as JSON has it. */
export type Kept = null | number | string | readonly Kept[];

/** What a module says of a call. */
export interface CallVerdict {
  /** 0 pass, 1 warn, 2 approval, 3 deny. */
  readonly status: number;
  /** 0 to 1: of what fires on this call alone. */
  readonly callRisk: number;
  /** 0 to 1: of all that has fired in the session and was not approved, this call with it. */
  readonly risk: number;
  /** In words; empty for most calls. */
  readonly violations: readonly Violation[];
  /** Where it is 2: the rules that ask for an approval, by index, ascending. */
  readonly approvals: readonly number[];
}

/** A call as it is handed to a module. */
export interface AskedCall {
  readonly id: string;
  readonly tool: string;
  readonly args: unknown;
  /** Calls whose results stand in the arguments, all of them; `null` where nobody says. */
  readonly reads: readonly string[] | null;
  /** In a run: where in the arguments they stand; absent or `null` where nobody says. */
  readonly sources?: readonly Source[] | null;
  /** Findings of these rules, by index, were approved for exactly this call. */
  readonly settled: readonly number[];
  /** In a run: the step that is called for the first time; what was set aside for it is its own. Else `null`. */
  readonly planned: PlannedCall | null;
}

/** A place in the arguments, by names and numbers, and a call whose result stands there. */
export interface Source {
  readonly at: readonly (string | number)[];
  readonly call: string;
}

/** A step of a run that has not been called yet, as far as its arguments are known; the others are absent. */
export interface PlannedCall {
  readonly id: string;
  readonly tool: string;
  readonly args: unknown;
}

/** What must follow a call and has not yet. */
export interface Owed {
  readonly violation: Violation;
  readonly id: string;
}

/** What of a result may be handed on. */
export interface ResultVerdict {
  /** What was given where no rule looks at it, else a copy of what was looked at; `null` where nothing may be handed on. */
  readonly result: unknown;
  readonly isBlocked: boolean;
  readonly violations: readonly Violation[];
}

/** One session of a module. It throws only where the arguments of a call do (a getter, a proxy). */
export interface SessionState {
  /** Decides a call; one that comes to pass or warn is admitted, and counted from now on. */
  readonly call: (asked: AskedCall, now: number) => CallVerdict;
  /** Of a call that was admitted and has not ended. */
  readonly end: (id: string, outcome: Outcome, result: unknown) => ResultVerdict;
  /** Sets aside what a step will count, in place of what was set aside for it before. Its call takes it. */
  readonly reserve: (step: PlannedCall) => void;
  readonly owed: (now: number) => readonly Owed[];
  /** What is still owed, as findings. */
  readonly close: (now: number) => CallVerdict;
  /** Characters and numbers that are kept. */
  readonly size: () => number;
  readonly save: () => Kept;
}

/** A text of a plan in which results are to stand. */
export interface Template {
  /** What stands around them, one text more than there are; `null` where the text is not wholly understood. */
  readonly known: readonly string[] | null;
  readonly references: readonly { readonly id: string; readonly path: readonly string[] }[];
}

/** What the module's function `session` gives. */
export interface SessionModule {
  /** Rules that only a plan can be asked, by id: nothing is said of them here. */
  readonly skipped: readonly string[];
  /** The rules of this name in this policy, by index. */
  readonly indexesOf: (rule: string, policy: string) => readonly number[];
  /** What a text of a plan says; `null` where nothing in it is a reference. */
  readonly template: (text: string) => Template | null;
  /** Arguments of a tool in which nothing is a reference. */
  readonly literalArgs: (tool: string) => readonly string[];
  /** The id of a rule, by index. */
  readonly ruleId: (index: number) => string;
  /**
   * @param saved - what `save` gave, `null` for a new session
   * @param head - of a run: what the plan says beside its steps
   */
  readonly open: (context: unknown, saved: Kept, head?: Readonly<Record<string, unknown>>) => SessionState;
}
