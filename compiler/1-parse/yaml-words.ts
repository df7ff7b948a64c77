/** What a YAML parser refuses, in the words of whoever wrote the file, and at the place where it must be mended. */
import { openAt } from './yaml-structure.ts';

/** What is wrong with a text that is no YAML. */
export interface YamlProblem {
  readonly reason: string;
  /** `null`: nothing better to say than to look at the indentation and quotes around. */
  readonly hint: string | null;
  /** Offsets into the text. */
  readonly start: number;
  readonly end: number;
}

/** What the parser says, and where it stands. */
interface Refusal {
  readonly text: string;
  readonly reason: string;
  readonly position: number;
}

/** The questions, in this order: the first that has an answer gives it. */
const QUESTIONS: readonly ((refusal: Refusal) => YamlProblem | null)[] = [
  oddSpace,
  tab,
  specialStart,
  escape,
  missingComma,
  unclosed,
  closesNothing,
  missingColon,
  secondColon,
  indentation,
];

/** Says what is wrong where the parser has stopped. */
export function yamlProblem(text: string, reason: string, position: number): YamlProblem {
  const refusal = { text, reason, position: Math.min(position, text.length) };
  for (const ask of QUESTIONS) {
    const problem = ask(refusal);
    if (problem) return problem;
  }
  return { reason, hint: null, start: refusal.position, end: refusal.position + 1 };
}

interface Line {
  readonly text: string;
  readonly start: number;
}

function lineAt(text: string, position: number): Line {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  const end = text.indexOf('\n', position);
  return { text: text.slice(start, end < 0 ? text.length : end), start };
}

/** The line of a place and the one above it that says something. */
function linesAround(text: string, position: number): readonly Line[] {
  const lines: Line[] = [];
  for (let at = position; lines.length < 2;) {
    const line = lineAt(text, at);
    if (!/^\s*(?:#|$)/.test(line.text)) lines.push(line);
    if (line.start === 0) break;
    at = line.start - 1;
  }
  return lines;
}

const lineNumber = (text: string, position: number): number => text.slice(0, position).split('\n').length;

/** Blanks that are none to YAML: in front of a line, or where one belongs behind a colon or a dash. */
const ODD_SPACE = /(?:^\s*?|[:-][ \t]*)([\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff])/;

/** The first blank on a line that only looks like one, and where it stands. */
export function oddSpaceIn(line: string): { readonly name: string; readonly index: number } | null {
  const match = ODD_SPACE.exec(line);
  if (!match) return null;
  const space = match[1] ?? '';
  const name = space === '\u00a0' ? 'a no-break space' : `the character U+${hex(space)}`;
  return { name, index: match.index + match[0].length - 1 };
}

const hex = (character: string): string =>
  character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

function oddSpace({ text, position }: Refusal): YamlProblem | null {
  for (const line of linesAround(text, position)) {
    const odd = oddSpaceIn(line.text);
    if (!odd) continue;
    const start = line.start + odd.index;
    const reason = `${odd.name} stands where a blank belongs`;
    return {
      reason,
      hint: 'delete it and type a blank: editors and web pages put it in unseen',
      start,
      end: start + 1,
    };
  }
  return null;
}

function tab({ text, reason, position }: Refusal): YamlProblem | null {
  const line = lineAt(text, position);
  const index = /^[ ]*(?:- +)*\t/.exec(line.text)?.[0].length ?? 0;
  if (index === 0 || !/tab characters|indentation/.test(reason)) return null;
  const start = line.start + index - 1;
  return {
    reason: 'a tab stands in the indentation',
    hint: 'indent with blanks, two for each level',
    start,
    end: start + 1,
  };
}

/** Signs that begin something else than a text. */
function specialStart({ text, reason, position }: Refusal): YamlProblem | null {
  if (/name of an a(?:lias|nchor) node/.test(reason)) {
    const start = position - 1;
    const begun = text.charAt(start);
    const what = begun === '*' ? 'an alias, which repeats what an anchor marks' : 'an anchor';
    return {
      reason: `\`${begun}\` begins ${what}, and no name follows`,
      hint: `put it in quotes if it is a text: "${begun}"`,
      start,
      end: position,
    };
  }
  const first = text.charAt(position);
  if (!['%', '@', '`'].includes(first) || !/indentation|can not read|expected/.test(reason)) return null;
  const word = /^[^\s,\]}]*/.exec(text.slice(position))?.[0] ?? first;
  return {
    reason: `a text without quotes cannot begin with ${first === '`' ? 'a grave accent' : `\`${first}\``}`,
    hint: `put it in quotes: "${word}"`,
    start: position,
    end: position + word.length,
  };
}

function escape({ text, reason, position }: Refusal): YamlProblem | null {
  if (!/escape|hexadecimal|valid JSON/.test(reason)) return null;
  const start = text.lastIndexOf('\\', position);
  if (start < 0 || position - start > 12) return null;
  const written = text.slice(start, start + 2);
  return {
    reason: `\`${written}\` is no escape in double quotes`,
    hint: 'write it in single quotes, where a backslash is a backslash, or double the backslash',
    start,
    end: start + 2,
  };
}

const ONE_LINE = /missed comma|expected the node content/;

function missingComma({ text, reason, position }: Refusal): YamlProblem | null {
  const opener = openAt(text, position).at(-1);
  if (!ONE_LINE.test(reason) || !opener || opener.position < lineAt(text, position).start) return null;
  const isExtra = text.charAt(position) === ',';
  return {
    reason: isExtra ? 'nothing stands before this comma' : 'a comma is missing in front of this',
    hint: isExtra
      ? 'remove it, or write the element'
      : `elements of \`${opener.sign}\` are separated by commas; a text with a sign such as \`"\` or \`:\` in it stands in quotes`,
    start: position,
    end: position + 1,
  };
}

const NAMES: Readonly<Record<string, string>> = { '[': ']', '{': '}', '"': '"', "'": "'" };

function unclosed({ text, position }: Refusal): YamlProblem | null {
  const opener = openAt(text, position).at(-1);
  if (!opener) return null;
  const { sign: begun, position: start } = opener;
  const what = begun === '"' || begun === "'" ? 'quote' : 'bracket';
  const [from, to] = [lineNumber(text, start), lineNumber(text, position)];
  const where = from === to ? '' : ` before line ${to}`;
  return {
    reason: `this ${what} is not closed${where}`,
    hint: `write \`${NAMES[begun] ?? begun}\` where it ends`,
    start,
    end: start + 1,
  };
}

function closesNothing({ text, position }: Refusal): YamlProblem | null {
  const first = text.charAt(position);
  if (first !== ']' && first !== '}') return null;
  return {
    reason: `this \`${first}\` closes nothing`,
    hint: 'remove it, or write what opens it',
    start: position,
    end: position + 1,
  };
}

/** Where a key has no colon behind it, or a colon no blank. */
function missingColon({ text, reason, position }: Refusal): YamlProblem | null {
  if (!/multiline key|end of the stream or a document|indentation of|after a mapping key/.test(reason))
    return null;
  for (const line of linesAround(text, position)) {
    const [, front = '', content = ''] = /^((?:\s|- )*)(.*?)\s*$/.exec(line.text) ?? [];
    const start = line.start + front.length;
    const glued = /^([\w.-]+):(?=[^\s:/])/.exec(content);
    if (glued) {
      const [key] = glued;
      const end = start + key.length;
      return {
        reason: 'a blank is missing behind this colon',
        hint: `write \`${key} ${content.slice(key.length)}\``,
        start: end - 1,
        end,
      };
    }
    const [, key, value = ''] = /^([\w.-]+)(?:\s+([^:]*))?$/.exec(content) ?? [];
    if (key === undefined) continue;
    const written = value === '' ? `${key}:` : `${key}: ${value}`;
    return {
      reason: `a colon is missing behind \`${key}\``,
      hint: `write \`${written}\``,
      start,
      end: start + key.length,
    };
  }
  return null;
}

function secondColon({ text, reason, position }: Refusal): YamlProblem | null {
  const line = lineAt(text, position);
  const before = text.slice(line.start, position);
  const first = /^(?:\s|- )*[^\s"':][^"':]*:\s+/.exec(before);
  if (text.charAt(position) !== ':' || !first || !/indentation of/.test(reason)) return null;
  const start = line.start + first[0].length;
  const value = line.text.slice(first[0].length).trimEnd();
  return {
    reason: 'a colon and a blank inside a text make a key of what stands before them',
    hint: 'put the text in quotes',
    start,
    end: start + value.length,
  };
}

function indentation({ text, reason, position }: Refusal): YamlProblem | null {
  if (!/indentation of/.test(reason)) return null;
  const [line, above] = linesAround(text, position);
  if (!line || !above) return null;
  const [own, upper] = [line, above].map((each) => each.text.search(/[^ ]/));
  if (own === undefined || upper === undefined) return null;
  const start = line.start + own;
  if (own > upper)
    return {
      reason: 'this line is indented deeper than the one above, whose value is complete',
      hint: upper === 0 ? 'begin it at the start of the line' : `indent it by ${upper}, as the line above`,
      start,
      end: line.start + line.text.length,
    };
  const others = [
    ...new Set(
      text
        .slice(0, line.start)
        .split('\n')
        .filter((each) => /^ *[^\s#]/.test(each))
        .map((each) => each.search(/[^ ]/)),
    ),
  ];
  return {
    reason: `this line is indented by ${own}, as no level above it`,
    hint: `lines above are indented by ${others.sort((a, b) => a - b).join(', ')}; behind a dash count it and its blank, too`,
    start,
    end: line.start + line.text.length,
  };
}
