import type { Kit } from './contract.ts';
import { freeze, getPrototypeOf, hasOwn, isArray, prototype } from './platform.ts';

/** What emitted code may use: intrinsics captured before any module is loaded. */
export const kit: Kit = freeze({
  isArray,
  hasOwn,
  isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || isArray(value)) return false;
    const parent: unknown = getPrototypeOf(value);
    return parent === prototype || parent === null;
  },
  Map,
  RegExp,
  Int32Array,
  fromCodePoint: String.fromCodePoint,
});
