/** A bundle is tried in a thread with a deadline first: the thread that answers requests never waits for one that loops. */
import { BundleError } from '@plan-lint/runtime';
import { portable } from './candidate.ts';
import type { Candidate } from './candidate.ts';
import { DeadlineError, inWorker } from './in-worker.ts';
import type { TrialAnswer } from './trial-worker.ts';

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const SCRIPT = new URL(`./trial-worker.${EXTENSION}`, import.meta.url);

/** Of a thread that has to start, beside what the bundle may take. */
const START = 1_000;

/** Not done in time: the bundle may loop, or the machine has too much to do. It is tried again. */
export class TrialTimeout extends BundleError {}

/** @throws BundleError with the loader's code, TrialTimeout (`module_failed`) where it is not done in time */
export async function tryBundle(candidate: Candidate, timeout: number): Promise<void> {
  let answer: TrialAnswer;
  try {
    answer = await inWorker<Candidate, TrialAnswer>(SCRIPT, portable(candidate), timeout + START);
  } catch (error) {
    if (error instanceof DeadlineError)
      throw new TrialTimeout('module_failed', `it does not load within ${timeout} ms`);
    throw new BundleError('module_failed', error instanceof Error ? error.message : String(error));
  }
  if (answer) throw new BundleError(answer.code, answer.detail);
}
