import type { ModuleEntry, Waiver } from './contract.ts';

/**
 * The one place where exceptions are judged: the waiver that suspends a rule on a step, now and for who is asking,
 * or `null`. A waiver that cannot tell does not apply.
 */
export function waiverOf(
  entry: ModuleEntry,
  rule: number,
  step: number,
  plan: unknown,
  context: unknown,
  now: number,
): Waiver | null {
  for (const waiver of entry.waivers) {
    if (waiver.rule !== rule) continue;
    // A clock that is not a number is before nothing and after nothing, so no waiver holds.
    if (!(now >= waiver.notBefore && now < waiver.expires)) continue;
    if (waiver.applies(toolOf(plan, step), context)) return waiver;
  }
  return null;
}

/** The tool of a step; `null` for the plan as a whole. */
function toolOf(plan: unknown, step: number): string | null {
  if (step < 0) return null;
  const { steps } = plan as { readonly steps: readonly { readonly tool: string }[] };
  return steps[step]?.tool ?? null;
}
