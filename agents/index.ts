/** Signed policies where agents run: a session behind a framework. Each framework has an entry of its own. */
export { createGuard, PolicyDenied, ResultKeptBack } from './guard.ts';
export type { Guard, GuardedCall, GuardOptions, Handed, RunOptions, Told } from './guard.ts';
