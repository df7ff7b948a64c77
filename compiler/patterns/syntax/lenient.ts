/**
 * Rewrites what authors bring along from Python and RE2 into ECMAScript with the `u` flag, where the meaning is
 * beyond doubt: leading `(?i)`, `(?P<name>…)`, escaped punctuation that needs no escape (`\-`, `\"`, `\@`) and
 * a hyphen next to a class escape (`[\w-.]`). Everything else is left for the parser to judge.
 */
export interface Rewritten {
  readonly text: string;
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  /** Where the parentheses nest deepest: how deep, and the offset in the author's pattern. */
  readonly deepest: { readonly depth: number; readonly at: number };
  /** Offset in the author's pattern for an offset in `text`. */
  readonly original: (offset: number) => number;
}

const leadingFlags = /^\(\?([ims]+)\)/;
/** ASCII punctuation without a meaning of its own in ECMAScript, so that `/u` refuses to see it escaped. */
const needlessEscape = /^[!"#%&',:;<=>@_`~ -]$/;
const classEscape = /^\\(?:[dwsDWS]|[pP]\{[^}]*\})/;

export function rewrite(source: string): Rewritten {
  let flags = '';
  let start = 0;
  for (let found = leadingFlags.exec(source); found; found = leadingFlags.exec(source.slice(start))) {
    flags += found[1] ?? '';
    start += found[0].length;
  }
  const { text, offsets, deepest } = rewriteBody(source, start);
  return {
    text,
    ignoreCase: flags.includes('i'),
    multiline: flags.includes('m'),
    dotAll: flags.includes('s'),
    deepest,
    original: (offset) => offsets[Math.max(0, Math.min(offset, offsets.length - 1))] ?? source.length,
  };
}

function rewriteBody(
  source: string,
  start: number,
): Pick<Rewritten, 'text' | 'deepest'> & { readonly offsets: readonly number[] } {
  let text = '';
  const offsets: number[] = [];
  let inClass = false;
  let afterClassEscape = false;
  let depth = 0;
  let deepest = { depth, at: start };
  const put = (written: string, from: number): void => {
    for (let i = 0; i < written.length; i++) {
      offsets.push(Math.min(from + i, source.length));
    }
    text += written;
  };
  for (let at = start; at < source.length;) {
    const here = source.charAt(at);
    if (!inClass && here === '(' && ++depth > deepest.depth) deepest = { depth, at };
    if (!inClass && here === ')') depth--;
    const escape = here === '\\' ? classEscape.exec(source.slice(at, at + 80)) : null;
    if (escape) {
      put(escape[0], at);
      at += escape[0].length;
      afterClassEscape = true;
      continue;
    }
    const next = source.charAt(at + 1);
    if (here === '\\') {
      put(needlessEscape.test(next) ? hex(next) : here + next, at);
      at += 2;
    } else if (!inClass && source.startsWith('(?P<', at)) {
      put('(?<', at);
      at += 4;
    } else if (inClass && here === '-' && next !== ']' && isLone(source, at, afterClassEscape)) {
      put(hex('-'), at);
      at += 1;
    } else {
      if (here === '[') inClass = true;
      if (here === ']') inClass = false;
      put(here, at);
      at += 1;
    }
    afterClassEscape = false;
  }
  offsets.push(source.length);
  return { text, offsets, deepest };
}

const hex = (character: string): string => `\\x${character.charCodeAt(0).toString(16)}`;

/** A hyphen beside `\w` or its like cannot make a range; Python, RE2 and Annex B read it as itself. */
function isLone(source: string, at: number, afterClassEscape: boolean): boolean {
  return afterClassEscape || classEscape.test(source.slice(at + 1, at + 81));
}
