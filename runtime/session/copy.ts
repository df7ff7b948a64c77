/** A frozen copy of what JSON can hold, for what is asked again later must be what was asked. */
import { canonicalJson } from '../jcs.ts';
import { freeze, isArray } from '../platform.ts';

/**
 * @throws CanonicalError for what JSON cannot hold
 */
export function frozenCopy(value: unknown): unknown {
  // Refuses what is no data, whatever its getters say, before it is walked.
  canonicalJson(value);
  return copied(value);
}

function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return freeze(value.map(copied));
  const copy: Record<string, unknown> = { ...value };
  for (const key of Object.keys(copy)) copy[key] = copied(copy[key]);
  return freeze(copy);
}
