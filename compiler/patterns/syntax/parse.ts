/** Author's text → tree of the pattern, or a refusal in the author's terms. */
import { RegExpParser, RegExpSyntaxError } from '@eslint-community/regexpp';
import { desugar } from './desugar.ts';
import { rewrite, type Rewritten } from './lenient.ts';
import type { PatternNode } from './node.ts';
import { refuse, type Refused } from './refusal.ts';

const parser = new RegExpParser({ ecmaVersion: 2025 });

/** Longest pattern that is looked at, in UTF-16 units. */
const MAX_SOURCE = 100_000;
/** Deepest nesting of groups; parsing and compiling recurse. */
const MAX_DEPTH = 200;

export interface ParsedPattern {
  readonly node: PatternNode;
  readonly ignoreCase: boolean;
}

/** @throws Refused when the text is no pattern or uses what no linear engine can do. */
export function parsePattern(source: string, ignoreCase: boolean): ParsedPattern {
  if (source.length > MAX_SOURCE) {
    throw refuse(
      'too-large',
      `the pattern has ${source.length} characters; at most ${MAX_SOURCE} are read`,
      'split it into several patterns',
      { start: MAX_SOURCE, end: source.length },
    );
  }
  const rewritten = rewrite(source);
  if (rewritten.deepest.depth > MAX_DEPTH) {
    const { at } = rewritten.deepest;
    throw refuse(
      'too-large',
      `this \`(\` is nested ${rewritten.deepest.depth} deep; at most ${MAX_DEPTH} are read`,
      'remove groups that are not needed',
      { start: at, end: at + 1 },
    );
  }
  const flags = {
    ignoreCase: ignoreCase || rewritten.ignoreCase,
    multiline: rewritten.multiline,
    dotAll: rewritten.dotAll,
  };
  try {
    const tree = parser.parsePattern(rewritten.text, 0, rewritten.text.length, { unicode: true });
    return { node: desugar(tree, flags, rewritten.original, source), ignoreCase: flags.ignoreCase };
  } catch (error) {
    if (error instanceof RegExpSyntaxError) throw syntaxRefusal(error, source, rewritten);
    throw error;
  }
}

interface SyntaxRule {
  /** The parser's words. */
  readonly when: RegExp;
  /** What to underline, searched in the source so that it ends at or spans the parser's place. */
  readonly construct: RegExp;
  readonly message: (construct: string) => string;
  readonly hint: string;
}

/** Constructs of other dialects come first: the parser calls most of them an invalid group or escape. */
const SYNTAX_RULES: readonly SyntaxRule[] = [
  {
    when: /Invalid group/,
    construct: /\(\?[imsux]+\)/gu,
    message: (it) => `the flags ${it} stand where they cannot apply to the whole pattern`,
    hint: 'put `(?i)`, `(?m)` or `(?s)` at the very start, or write `(?i:…)` around the part it is for',
  },
  {
    when: /Invalid group/,
    construct: /\(\?>/gu,
    message: (it) => `${it} (an atomic group) is not known`,
    hint: 'write `(?:…)`; no pattern here can backtrack for long',
  },
  {
    when: /Invalid group/,
    construct: /\(\?P=\w*\)?/gu,
    message: (it) => `the back-reference ${it} cannot be matched in linear time`,
    hint: 'spell out the texts it may stand for, or use a condition instead of a pattern',
  },
  {
    when: /Invalid group|Invalid capture group name/,
    construct: /\(\?[^\s()]{0,3}/gu,
    message: (it) => `${it} does not begin a group that is known`,
    hint: 'write `(…)` or `(?:…)`; to match a parenthesis write `\\(`',
  },
  {
    when: /Unterminated group/,
    construct: /\((?:\?(?:<?[=!:]|<\w*>|:))?/gu,
    message: (it) => `${it} is never closed`,
    hint: 'add `)`; to match a parenthesis write `\\(`',
  },
  {
    when: /Unmatched '\)'/,
    construct: /\)/gu,
    message: (it) => `${it} closes a group that was never opened`,
    hint: 'remove it; to match a parenthesis write `\\)`',
  },
  {
    when: /Unterminated character class/,
    construct: /\[/gu,
    message: (it) => `${it} is never closed`,
    hint: 'add `]`; to match a bracket write `\\[`',
  },
  {
    when: /Lone quantifier brackets/,
    construct: /\[:\^?\w+:\]\]/gu,
    message: (it) => `the POSIX class ${it} is not known`,
    hint: 'write the characters, as in `[A-Za-z]` or `[0-9]`',
  },
  {
    when: /Lone quantifier brackets|Incomplete quantifier/,
    construct: /[{}\]]/gu,
    message: (it) => `${it} stands alone`,
    hint: 'to match the character itself put a backslash before it',
  },
  {
    when: /Nothing to repeat/,
    construct: /[*+?]|\{\d+(?:,\d*)?\}/gu,
    message: (it) => `the quantifier ${it} has nothing to repeat`,
    hint: 'put before it what is to be repeated, other than a quantifier; for the character itself write a backslash before it',
  },
  {
    when: /numbers out of order/,
    construct: /\{\d+,\d+\}/gu,
    message: (it) => `the quantifier ${it} has its bounds in the wrong order`,
    hint: 'write the smaller number first',
  },
  {
    when: /Range out of order|Invalid character class/,
    construct: /(?:\\.|[^\\\]])-(?:\\.|[^\\\]])/gu,
    message: (it) => `the range ${it} has its ends in the wrong order or is not between two characters`,
    hint: 'write the smaller character first; to match a hyphen write `\\-`',
  },
  {
    when: /Invalid property name/,
    construct: /\\[pP]\{[^}]*\}?/gu,
    message: (it) => `${it} is no Unicode property that is known`,
    hint: 'properties are written as in `\\p{L}` or `\\p{Script=Greek}`',
  },
  {
    when: /Invalid named capture referenced|Invalid named reference/,
    construct: /\\k(?:<\w*>?)?/gu,
    message: (it) => `the back-reference ${it} cannot be matched in linear time`,
    hint: 'spell out the texts it may stand for, or use a condition instead of a pattern',
  },
  {
    when: /Invalid escape/,
    construct: /\\[1-9]\d*/gu,
    message: (it) => `the back-reference ${it} cannot be matched in linear time`,
    hint: 'spell out the texts it may stand for, or use a condition instead of a pattern',
  },
  {
    when: /Invalid escape/,
    construct: /\\[AzZ]/gu,
    message: (it) => `${it} is not known`,
    hint: 'write `^` for the start of the text and `$` for its end',
  },
  {
    when: /Invalid .*escape/,
    construct: /\\(?:[xu](?:\{[0-9a-fA-F]*\}?|[0-9a-fA-F]{0,4})|[^])?/gu,
    message: (it) => `the escape ${it} is not known`,
    hint: 'to match a backslash write `\\\\`',
  },
  {
    when: /Duplicate capture group name/,
    construct: /\(\?P?<\w+>/gu,
    message: (it) => `the group name of ${it} is used twice`,
    hint: 'names are not needed here: write `(…)`',
  },
];

function syntaxRefusal(error: RegExpSyntaxError, source: string, rewritten: Rewritten): Refused {
  const place = rewritten.original(error.index);
  for (const rule of SYNTAX_RULES) {
    if (!rule.when.test(error.message)) continue;
    const found = nearest(source, rule.construct, place);
    if (!found) continue;
    const end = found.index + found[0].length;
    return refuse('syntax', rule.message(`\`${found[0]}\``), rule.hint, { start: found.index, end });
  }
  const said = error.message.replace(/^.*\/u: /su, '');
  return refuse(
    'syntax',
    `the pattern cannot be read: ${said.charAt(0).toLowerCase()}${said.slice(1)}`,
    'patterns are ECMAScript regular expressions with the `u` flag',
    { start: place, end: Math.min(place + 1, source.length) },
  );
}

/** The construct at the parser's place: the last one that begins at or before it, unless it ended long ago. */
function nearest(
  source: string,
  construct: RegExp,
  place: number,
): (RegExpMatchArray & { index: number }) | undefined {
  let best: (RegExpMatchArray & { index: number }) | undefined;
  for (const found of source.matchAll(construct)) {
    if (found.index > place) break;
    best = found;
  }
  return best;
}
