/** Resolved policies, or mutants of them, as something to ask. */
import { loadBundle } from '@plan-lint/runtime';
import type { Bundle } from '@plan-lint/runtime';
import { build, lower } from '../../compiler/index.ts';
import type { LoweringMemo } from '../../compiler/index.ts';
import { Diagnostics } from '../../compiler/inspect.ts';
import type { ResolvedPolicies } from '../../compiler/inspect.ts';
import { signedSource } from '../../bundles/compiled-source.ts';

/**
 * @param memo - rules lowered so far, where many variants of the same policies are loaded
 * @returns `null` where the policies do not lower, as a mutant may not
 */
export async function loadPolicies(
  policies: ResolvedPolicies,
  now: number,
  memo?: LoweringMemo,
): Promise<Bundle | null> {
  const program = lower(policies, new Diagnostics(), memo);
  if (!program) return null;
  const { module, sidecars, trust, load } = await signedSource(await build(program), 'tests', now, undefined);
  return loadBundle(module, sidecars, trust, load);
}
