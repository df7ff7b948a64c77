import type { Kit } from './contract.ts';

/** The intrinsics that emitted code may use, captured before any module is loaded. */
export const kit: Kit = Object.freeze({
  isArray: Array.isArray,
  hasOwn: Object.hasOwn,
  Map,
  fromCodePoint: String.fromCodePoint,
});
