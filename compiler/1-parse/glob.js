/** Why a text is neither a tool name nor a glob, or `null`. The only wildcard is `*`: any run of characters. */
export function globProblem(text) {
  if (/[\s\p{C}]/u.test(text)) return 'it holds a space or an invisible character';
  if (/[?[\]{}()!]/.test(text)) return '`*` is the only wildcard';
  return null;
}
