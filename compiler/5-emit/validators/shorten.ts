/**
 * Makes the code of validators short: ajv's text without its white space, and the variables of each function by short
 * names. It knows what ajv writes, not JavaScript: declarations by a word each, no regular expressions, no templates.
 */

const TOKEN = /"(?:[^"\\]|\\.)*"|[A-Za-z_$][\w$]*|\d[\w.]*|\s+|[^]/g;
const WORD = /^[\w$]/;
const NAME = /^[A-Za-z_$]/;
const DECLARES = new Set(['const', 'let', 'var']);
const FUNCTION = /^function validate\d+\(/gm;

/** The same value, in fewer characters and not by a name. */
const SHORTER = new Map([['undefined', 'void 0']]);

const RESERVED = new Set(
  'as at do if in is of for let new try var case else enum eval null this true void with await break catch class const false super throw while yield'.split(
    ' ',
  ),
);

/** @throws Error for text that ajv does not write: a regular expression, a template */
export function shorten(text: string): string {
  const foreign = /`|=\s*\/(?!\*)|'/.exec(text.replace(/"(?:[^"\\]|\\.)*"/g, '""'));
  if (foreign) throw new Error(`the validators hold what cannot be shortened: ${foreign[0]}`);
  const parts = cutAtFunctions(text).map(({ isFunction, part }) =>
    isFunction ? withShortNames(part) : part,
  );
  return withoutSpace(parts.join(''))
    .replace(/\(\(([^()]*)\)\)/g, '($1)')
    .replace(/\+("[^"\\]*)"\+"([^"\\]*")/g, '+$1$2');
}

interface Part {
  readonly isFunction: boolean;
  readonly part: string;
}

/** The functions at top level, and what stands between them. */
function cutAtFunctions(text: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const { index } of text.matchAll(FUNCTION)) {
    parts.push({ isFunction: false, part: text.slice(end, index) });
    end = endOfBlock(text, index);
    parts.push({ isFunction: true, part: text.slice(index, end) });
  }
  return [...parts, { isFunction: false, part: text.slice(end) }];
}

/** Behind the `}` that closes the first `{` from `start` on. */
function endOfBlock(text: string, start: number): number {
  let depth = 0;
  for (const { 0: token, index } of text.slice(start).matchAll(TOKEN)) {
    if (token === '{') depth += 1;
    if (token === '}') depth -= 1;
    if (token === '}' && depth === 0) return start + index + 1;
  }
  return text.length;
}

/** One function: what it declares, its parameters too, gets names that nothing in it has. */
function withShortNames(text: string): string {
  const tokens = text.match(TOKEN) ?? [];
  const declared = declaredIn(tokens);
  const taken = new Set(tokens.filter((token) => NAME.test(token) && !declared.has(token)));
  const names = namesBeside(taken);
  const uses = new Map<string, number>();
  tokens.forEach((token, at) => {
    if (declared.has(token) && isVariable(tokens, at)) uses.set(token, (uses.get(token) ?? 0) + 1);
  });
  const short = new Map(
    [...uses].sort(([, one], [, other]) => other - one).map(([name]) => [name, names.next().value] as const),
  );
  return tokens
    .map((token, at) => (isVariable(tokens, at) ? (short.get(token) ?? SHORTER.get(token) ?? token) : token))
    .join('');
}

/** Not the name of a member. */
const isVariable = (tokens: readonly string[], at: number): boolean => tokens[at - 1] !== '.';

function declaredIn(tokens: readonly string[]): ReadonlySet<string> {
  const declared = new Set<string>();
  tokens.forEach((token, at) => {
    if (DECLARES.has(token)) declared.add(tokens[at + 2] ?? '');
  });
  // `function`, a space, its name, `(`.
  for (let at = 4; at < tokens.length && tokens[at] !== ')'; at += 1) {
    const token = tokens[at] ?? '';
    if (NAME.test(token)) declared.add(token);
  }
  return declared;
}

function* namesBeside(taken: ReadonlySet<string>): Generator<string, string> {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$';
  for (let number = 0; ; number += 1) {
    let name = '';
    for (let left = number; left >= 0; left = Math.floor(left / letters.length) - 1) {
      name = letters.charAt(left % letters.length) + name;
    }
    if (!taken.has(name) && !RESERVED.has(name)) yield name;
  }
}

function withoutSpace(text: string): string {
  const tokens = text.match(TOKEN) ?? [];
  const kept: string[] = [];
  let spaced = false;
  for (const token of tokens) {
    if (/^\s/.test(token)) {
      spaced = true;
      continue;
    }
    const before = kept.at(-1) ?? '';
    const touches = (WORD.test(token) && WORD.test(before)) || (token === before && /[+-]/.test(token));
    if (spaced && touches) kept.push(' ');
    // Ajv writes no empty statement.
    if (token === '}' && before === ';') kept.pop();
    kept.push(token);
    spaced = false;
  }
  return kept.join('');
}
