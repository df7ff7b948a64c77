import type { Bundle, Policy } from '@plan-lint/runtime';
import { UsageError } from './failure.ts';

/** @throws UsageError if the bundle has no such entry */
export function choosePolicy(bundle: Bundle, entry: string | undefined): Policy {
  if (entry !== undefined && !bundle.entries.includes(entry)) {
    throw new UsageError(`the bundle has no entry \`${entry}\``, `its entries: ${bundle.entries.join(', ')}`);
  }
  return bundle.policy(entry);
}
