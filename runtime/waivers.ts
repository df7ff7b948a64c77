import type { ModuleEntry, Waiver } from './contract.ts';
import type { Question } from './question.ts';

/**
 * The one place where exceptions are judged: the waiver that suspends a rule on a step, now and for who is asking,
 * if there is one. A waiver that cannot tell does not apply.
 */
export function waiverOf(
  { plan, context, now }: Question,
  entry: ModuleEntry,
  rule: number,
  step: number,
): Waiver | undefined {
  return entry.waivers.find(
    (waiver) =>
      waiver.rule === rule &&
      // A clock that is not a number is before nothing and after nothing, so no waiver holds.
      now >= waiver.notBefore &&
      now < waiver.expires &&
      // The plan as a whole uses no tool.
      waiver.applies(step < 0 ? null : ((plan as Steps).steps[step]?.tool ?? null), context),
  );
}

interface Steps {
  readonly steps: readonly { readonly tool: string }[];
}
