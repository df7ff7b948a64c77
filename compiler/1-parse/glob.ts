/** Why a text is neither a tool name nor a glob, or `null`. The only wildcard is `*`: any run of characters. */
export function globProblem(text: string): string | null {
  if (/^\s|\s$|\s\s|[^\S ]|\p{C}/u.test(text))
    return 'it holds an invisible character, or white space that is no single space inside the name';
  if (/[?[\]{}()!]/.test(text)) return '`*` is the only wildcard';
  return null;
}
