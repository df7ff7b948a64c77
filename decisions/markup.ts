/**
 * Text as XML 1.0 and HTML take it. Characters that XML cannot carry (§2.2), that control a terminal or reorder what is shown
 * stand as escapes: whoever reads the report sees that they are there.
 */
export function escapeMarkup(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu, (char) =>
      /[\t\n\r]/.test(char) ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
