import type { Kind, TestReason } from '../module/reason.ts';
import { asWritten } from '../rules/unknown.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** Gives a rule by its index. */
declare function rule(index: number): unknown;

/** The kinds of the module's rules. */
declare const kinds: readonly Kind[];

/** Whether a rule asks of each text what is written, and nothing else: a reference is a text to it like any other. */
export function isWrittenText(index: number): boolean {
  const own = rule(index);
  if (!isArray(own)) return false;
  const [path, kind] = own as unknown as TestReason;
  const of = kinds[kind];
  return path === null && of?.onText === true && of.foresight === asWritten;
}
