import { NO_KIT, type CelFailure } from './value.ts';

/**
 * The one intrinsic that cannot be had without naming a global: a character from its number. Only text that is
 * decoded from bytes needs it, and ASCII does without.
 */
export interface CelKit {
  /** `String.fromCodePoint` */
  readonly fromCodePoint: (code: number) => string;
}

let given: CelKit | null = null;

/** Called once, when the module is loaded, if `emitCel` says that a condition needs it. */
export function celUseKit(kit: CelKit): void {
  given = kit;
}

const ASCII =
  '\x00\x01\x02\x03\x04\x05\x06\x07\b\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f' +
  ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7f';

export function fromCodePoint(code: number): string | CelFailure {
  if (code < 0x80) return ASCII.charAt(code);
  return given ? given.fromCodePoint(code) : NO_KIT;
}
