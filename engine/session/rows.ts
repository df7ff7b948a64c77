/** The rules about all steps of a plan, as a module that has sessions lists them. */
import type { OnlineRule } from './online.ts';
import type { Question } from '../module/question.ts';

/** Told of each call. */
export const ASKED = 0;
/** A condition asked of all calls so far, at each call. */
export const CONDITION = 1;
/** A condition that further calls can only mend: asked when the session closes. */
export const OBLIGATION = 2;
/** Of no call anything can be said. */
export const NEEDS_PLAN = 3;

/** Of no call anything, of what it gives. */
export const OF_RESULT = 4;

/** Where the last is 1, it is about the session and not about the call. */
export type OnlineRow = readonly [index: number, kind: typeof ASKED, rule: OnlineRule, ofAll?: 1];
export type ConditionRow = readonly [
  index: number,
  kind: typeof CONDITION | typeof OBLIGATION,
  fires: (question: Question) => boolean,
];
/** What must not stand in the results of some tools. */
export type ResultRow = readonly [
  index: number,
  kind: typeof OF_RESULT,
  covers: (tool: string) => boolean,
  matches: (text: string) => boolean,
  /** All that can match stands on one line. */
  isOfLine: boolean,
  blocks: boolean,
];
export type RuleRow =
  OnlineRow | ConditionRow | ResultRow | readonly [index: number, kind: typeof NEEDS_PLAN];
