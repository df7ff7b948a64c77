/**
 * A text as it may be written to a terminal: characters that control it, break its lines or reorder what is shown
 * become U+FFFD.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
}
