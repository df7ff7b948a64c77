/**
 * Deciding while an agent acts: `@plan-lint/runtime/session`. A subpath, so that who decides plans alone carries none of it;
 * bundles need the capability `session`.
 */
export { openSession, type OpenSessionOptions, type Session, type SessionCall } from './session.ts';
export type { Approval, EndAnswer, EndAnswerData, EndOptions, Obligation, SessionOptions } from './core.ts';
export type { CallDecision, CallDecisionData, CallViolation } from './decision.ts';
export { SESSION_ERRORS, SessionError, type SessionErrorCode } from './errors.ts';
export type { SessionLimits } from './limits.ts';
export { openRun, type Run, type RunCall, type RunOptions } from './run.ts';
export type { Sealing } from './snapshot.ts';
