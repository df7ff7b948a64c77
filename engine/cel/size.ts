import { keysOf } from './compare.ts';
import { spendText } from './budget.ts';
import type { Budget } from './budget.ts';
import { toBigint } from './number.ts';
import { countCharacters } from './text.ts';
import { CelBytes, CelMap, failed, isList, isPlain, TOO_MUCH } from './value.ts';

/** `size`: characters, octets, elements or entries. */
export function celSize(budget: Budget, value: unknown): unknown {
  if (typeof value === 'string')
    return spendText(budget, value.length) ? toBigint(countCharacters(value)) : TOO_MUCH;
  if (isList(value)) return toBigint(value.length);
  if (value instanceof CelBytes) return toBigint(value.octets.length);
  if (value instanceof CelMap || isPlain(value)) return toBigint(keysOf(budget, value).length);
  return failed(value);
}
