/** A thread in which a bundle is verified, loaded and asked once, before the service itself runs any of it. */
import { BundleError } from '@plan-lint/runtime';
import { loadBundle } from '@plan-lint/runtime/node';
import { answerOnce } from './answer-once.ts';
import { HEALTH_PLAN } from './candidate.ts';
import type { Candidate } from './candidate.ts';

/** `null`, or why the bundle is refused. */
export type TrialAnswer = { readonly code: BundleError['code']; readonly detail: string } | null;

export async function work({ module, sidecars, trust, load }: Candidate): Promise<TrialAnswer> {
  try {
    const bundle = await loadBundle(module, sidecars, trust, load);
    const { violations } = bundle.policy().evaluate(HEALTH_PLAN);
    const failed = violations.find(({ policy, rule }) => policy === 'plan-lint' && rule === 'runtime.error');
    return failed ? { code: 'module_failed', detail: failed.message } : null;
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return { code: error.code, detail: error.message.slice(error.code.length).replace(/^: /, '') };
  }
}

answerOnce(work);
