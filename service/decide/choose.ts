/** Which policy a request is decided with, within what its caller may ask. */
import type { Caller } from './caller.ts';
import { HttpError } from '../http/error.ts';
import type { Deps } from '../deps.ts';
import type { Chosen } from '../policy/registry.ts';
import { mayAsk } from '../rbac/entries.ts';

/**
 * @param asked - what the request names; `null` for nothing
 * @returns `null` where no bundle decides
 * @throws HttpError `unknown_policy`, `forbidden`
 */
export function choose(
  asked: string | null,
  { entries }: Caller,
  { registry, metrics }: Deps,
): Chosen | null {
  // Who may ask one entry alone means that one.
  const named = asked ?? (entries?.length === 1 ? (entries[0] ?? null) : null);
  const chosen = registry.choose(named);
  if (chosen === 'none') return null;
  if (chosen === 'unknown') {
    metrics.failed('unknown_policy');
    throw new HttpError('unknown_policy', `there is no policy \`${named ?? ''}\``);
  }
  if (!mayAsk(chosen, entries, registry)) {
    metrics.failed('forbidden');
    throw new HttpError('forbidden');
  }
  return chosen;
}
