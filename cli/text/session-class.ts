/** How a rule is asked in a session, in words. */
import type { SessionClass, SessionClasses } from '../../compiler/index.ts';

const WORDS: Readonly<Record<SessionClass, string>> = {
  online: 'asked of each call, and final',
  prefix: 'asked of all calls so far, at each call',
  obligation: 'told at the close: further calls can mend it',
  plan: 'not asked: it needs a plan',
  result: 'asked of what a call gives',
};

export const sessionWords = (of: SessionClass): string => `in a session: ${WORDS[of]}`;

/** `undefined` for policies without sessions, and for what is no rule. */
export const classOf = (
  classes: SessionClasses | null,
  entry: string,
  rule: string,
): SessionClass | undefined => classes?.get(entry)?.get(rule);
