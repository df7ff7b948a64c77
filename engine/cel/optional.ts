import type { Budget } from './budget.ts';
import { celOptionalNone, celOptionalOf } from './access.ts';
import { keysOf } from './compare.ts';
import {
  CelBytes,
  CelDuration,
  CelFailure,
  CelMap,
  CelOptional,
  CelTimestamp,
  CelUint,
  isList,
  isPlain,
} from './value.ts';

/** `optional.ofNonZeroValue`: none for the zero value of a type. */
export function celOptionalOfNonZero(budget: Budget, value: unknown): unknown {
  if (value instanceof CelFailure) return value;
  return isZero(budget, value) ? celOptionalNone() : celOptionalOf(value);
}

function isZero(budget: Budget, value: unknown): boolean {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return true;
  if (isList(value)) return value.length === 0;
  if (value instanceof CelMap || isPlain(value)) return keysOf(budget, value).length === 0;
  if (value instanceof CelUint) return value.value === 0n;
  if (value instanceof CelBytes) return value.octets.length === 0;
  if (value instanceof CelDuration || value instanceof CelTimestamp) return value.nanos === 0n;
  return value instanceof CelOptional && !value.present;
}
