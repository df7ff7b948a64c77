/** What a rule about all steps of a plan is in a session: it is told of each call, and keeps of them what it needs. */
import type { Cause } from '../module/cause.ts';
import type { Question } from '../module/question.ts';
import { mayGovern, withReason } from '../whole-plan/narrowing.ts';
import type { Narrowing } from '../whole-plan/narrowing.ts';
import type { Rule } from '../rules/ask.ts';
import type { Facts, Step } from '../whole-plan/shape.ts';
import type { Kept, Outcome, Source } from '@plan-lint/runtime/contract';

/** A call that is asked about. Its arguments are values: nothing in them is a reference. */
export interface Call {
  readonly step: Step;
  readonly facts: Facts;
  /** To ask conditions with. */
  readonly question: Question;
  /** The calls whose results stand in its arguments, where the caller knows them all; `null` where nobody says. */
  readonly reads: readonly string[] | null;
  /** In a run: where in the arguments the results of which calls stand; else `null`. */
  readonly sources: readonly Source[] | null;
  /** How many calls were admitted before. */
  readonly place: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** In a run: the same as it was known when the plan was decided, at its first call; else `null`. */
  readonly planned: Planned | null;
}

/** A step of a run, as far as its arguments are known. */
export type Planned = Pick<Call, 'step' | 'facts' | 'question'>;

/** Whether the rule governs a call of its tools. */
export const governsCall = (narrowing: Narrowing, { question, facts }: Planned): boolean =>
  mayGovern(narrowing, question, facts, 0);

export interface Ending {
  readonly id: string;
  readonly outcome: Outcome;
  /** `undefined` where it was not handed over. */
  readonly result: unknown;
}

/** Something that must follow a call and has not yet. */
export interface Debt {
  readonly id: string;
  readonly tool: string;
  readonly place: number;
}

/** A rule, as the module carries it. */
export interface OnlineRule {
  /** Whether it is told of the calls of a tool. */
  readonly concerns: (tool: string) => boolean;
  /**
   * The rule's memory of one session.
   *
   * @param saved - what `save` gave, `null` for a new one
   * @param contexts - what the caller vouches for and, in a run, what its plan claims
   */
  readonly open: (saved: Kept, contexts: readonly unknown[]) => RuleState;
  /** What must follow, as a message shows it; of rules that leave something owed. */
  readonly owes?: string;
  /** Whether calls of all tools are asked what is owed to the rule. */
  readonly isFence?: boolean;
}

export interface RuleState {
  /** Whether the rule fires on a call, as things stand. */
  readonly fires: (call: Call) => boolean;
  /** Why it does, in the session's terms; texts that are secret are not shown. */
  readonly why: (call: Call, secret: (text: string) => boolean) => Cause;
  /** The call is admitted: counted from now on. What comes back is handed to `end`. */
  readonly admit: (call: Call) => Kept;
  readonly end: (kept: Kept, ending: Ending) => void;
  readonly save: () => Kept;
  /** A call is older than the rule looks back; `outcome` is how it ended, `null` while it is in flight. */
  readonly lapse?: (kept: Kept, outcome: Outcome | null) => void;
  /** Sets aside what a later step will count (`sign` 1), or gives it back (-1). Of rules that count. */
  readonly reserve?: (planned: Planned, sign: 1 | -1) => void;
  readonly owed?: () => readonly Debt[];
  /** What must follow before a call of the tool is admitted; `null` where it may be. */
  readonly bars?: (tool: string) => Debt | null;
}

/** The rule whose messages say why it governs a call. */
export function onlineNarrowed(
  rule: OnlineRule,
  narrowing: Rule,
  isOf: (tool: string) => boolean,
): OnlineRule {
  return {
    ...rule,
    open(saved, contexts) {
      const state = rule.open(saved, contexts);
      return {
        ...state,
        why(call, secret) {
          const cause = state.why(call, secret);
          const { question, step } = call;
          return isOf(step.tool) ? withReason(cause, narrowing, question, step, secret) : cause;
        },
      };
    },
  };
}

/** A list that was kept; nothing else may stand in its place. */
export const listOf = (kept: Kept): readonly Kept[] => kept as readonly Kept[];

/** The numbers under their names, as they were saved. */
export function openCounts(saved: Kept): Map<string, number> {
  const counts = new Map<string, number>();
  for (const pair of saved === null ? [] : listOf(saved)) {
    const [name, count] = pair as readonly [string, number];
    counts.set(name, count);
  }
  return counts;
}

export function saveCounts(counts: ReadonlyMap<string, number>): Kept {
  const pairs: Kept[] = [];
  counts.forEach((count, name) => pairs.push([name, count]));
  return pairs;
}

/** Adds to what stands under a name; what comes to nothing is forgotten. */
export function addTo(counts: Map<string, number>, name: string, amount: number): void {
  const sum = (counts.get(name) ?? 0) + amount;
  if (sum === 0) counts.delete(name);
  else counts.set(name, sum);
}
