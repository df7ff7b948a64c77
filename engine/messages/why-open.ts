import { isOpaque, isWhole } from '../text/references.ts';
import type { UnknownValue } from '../text/references.ts';

/** Why a value is not known, as part of a sentence about it. */
export function whyOpen(value: UnknownValue): string {
  if (isOpaque(value))
    return 'holds an opener (`${` or `{{`) that is not understood (a text that is meant as it stands is declared by `x-plan-lint-template` in the catalog)';
  return isWhole(value)
    ? 'is a reference, whose value is not known before the plan runs'
    : 'holds a reference, whose value is not known before the plan runs';
}
