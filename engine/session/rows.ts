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

/** Where the last is 1, it is about the session and not about the call. */
export type OnlineRow = readonly [index: number, kind: typeof ASKED, rule: OnlineRule, ofAll?: 1];
export type ConditionRow = readonly [
  index: number,
  kind: typeof CONDITION | typeof OBLIGATION,
  fires: (question: Question) => boolean,
];
export type RuleRow = OnlineRow | ConditionRow | readonly [index: number, kind: typeof NEEDS_PLAN];
