import type { Kit } from './contract.ts';
import { references } from './references.ts';

/** What emitted code may use: intrinsics captured before any module is loaded, and the reader of references. */
export const kit: Kit = Object.freeze({
  isArray: Array.isArray,
  hasOwn: Object.hasOwn,
  Map,
  fromCodePoint: String.fromCodePoint,
  references,
});
