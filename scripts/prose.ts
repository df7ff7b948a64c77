/** What a reader has to read: the sentences of a page, without code, tables and headings. */
export function sentencesOf(page: string): readonly string[] {
  const prose = page
    .replace(/^---\n[^]*?\n---\n/, '')
    .replace(/^(```|~~~)[^]*?^\1.*$/gm, '\n\n')
    .replace(/^(?: {4}\S.*\n?)+/gm, '\n')
    .replace(/<!--[^]*?-->/g, '')
    .replace(/^\s*\|.*$/gm, '')
    .replace(/^#.*$/gm, '\n')
    .replace(/^!\[.*$/gm, '')
    .replace(/^(\s*)([-*]|\d+\.) /gm, '\n\n');
  return prose
    .split(/\n\s*\n/)
    .flatMap((paragraph) =>
      paragraph
        .replace(/\s+/g, ' ')
        .trim()
        .split(/(?<=[.!?:;]["')*_`]*) (?=[A-Z`[*(])/),
    )
    .filter((sentence) => /[a-z]/i.test(sentence));
}

/** A code span counts as one word, a link by its text. */
export function wordsIn(sentence: string): number {
  const plain = sentence.replace(/`[^`]*`/g, 'code').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return plain.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
