/** Whether a bundle may decide: its validity, and what the trust root that was asked last says of it. */
import type { BundlePredicate } from './contract.ts';
import { BundleError, coded } from './errors.ts';
import { outside } from './permit.ts';
import type { VerifiedBundle } from './verify.ts';

/** Why no plan can be asked about. */
export interface Problem {
  readonly rule: string;
  readonly message: string;
}

export interface Life {
  /** @param now - milliseconds since the epoch */
  readonly problem: (now: number) => Problem | null;
  readonly check: (...question: Parameters<VerifiedBundle['check']>) => Promise<void>;
}

/**
 * @param ask - asks a trust root whether it is still trusted; left out for what nobody has signed
 */
export function lifeOf(
  predicate: BundlePredicate,
  ask: VerifiedBundle['check'] = () => Promise.resolve(),
): Life {
  let refusal: BundleError | undefined;
  let last: unknown;
  return {
    problem(now) {
      if (!Number.isFinite(now)) return { rule: 'runtime.error', message: 'the time is not a number' };
      if (refusal) return { rule: 'bundle.refused', message: refusal.message };
      const code = outside('bundle', predicate, now);
      return code ? { rule: code.replace('_', '.'), message: new BundleError(code).message } : null;
    },
    async check(...question) {
      const asked = ask(...question);
      last = asked;
      let said: BundleError | undefined;
      await asked.catch((error: unknown) => (said = coded('input_invalid', error)));
      // The answer of an earlier question may come later; it is not the last word.
      if (last === asked) refusal = said;
      if (said) throw said;
    },
  };
}
