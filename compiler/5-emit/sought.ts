import type { SoughtText } from '../ir/guard.ts';
import { js, literal, name, regexLiteral } from './code.ts';
import type { Code } from './code.ts';
import type { Scope } from './scope.ts';
import { hasCase, quote } from './text.ts';

/** Alternatives of one regular expression, and character tests it may cost: what goes in must stay linear. */
const MOST_ALTERNATIVES = 48;
const MOST_TESTS = 512;

/** Looking for two characters costs less than the regular expression; for more it does not. */
const MOST_NEEDS = 2;

/** Shorter texts occur too often to stand for a pattern. */
const SHORTEST_REQUIRED = 3;

export interface EmittedSought {
  /** Bit n: some text that `head` matches begins with a unit that is n modulo 32. */
  readonly heads: number;
  readonly head: Code | null;
  readonly any: Code | null;
  /** One or two characters without which `any` does not match, or ''. */
  readonly needs: string;
  readonly tests: readonly Code[];
}

/** One regular expression for what is found at the start, one for what is found anywhere, the rest on its own. */
export function emitSought(all: readonly SoughtText[], scope: Scope, splitsHead: boolean): EmittedSought {
  const heads = new Alternatives();
  const anywhere = new Alternatives();
  const tests: Code[] = [];
  const needs = new Set<string>();
  let bits = 0;
  for (const sought of all) {
    const native = nativeForm(sought);
    const first = splitsHead ? firstUnits(sought, native) : null;
    const group = first === null ? anywhere : heads;
    if (!native || !group.take(native, workOf(sought))) tests.push(testOf(sought, scope));
    else if (first !== null) for (const unit of first) bits |= 1 << (unit & 31);
    else for (const text of requiredBy(sought)) needs.add(rareCharacter(text));
  }
  const needed = needs.size <= MOST_NEEDS && !needs.has('') ? [...needs].join('') : '';
  return { heads: bits, head: heads.regex, any: anywhere.regex, needs: needed, tests };
}

class Alternatives {
  readonly #sources = new Set<string>();
  #work = 0;

  take(sources: readonly string[], work: number): boolean {
    if (this.#sources.size + sources.length > MOST_ALTERNATIVES || this.#work + work > MOST_TESTS)
      return false;
    for (const source of sources) this.#sources.add(source);
    this.#work += work;
    return true;
  }

  get regex(): Code | null {
    return this.#sources.size === 0 ? null : regexLiteral([...this.#sources].join('|'), 'u');
  }
}

/** As alternatives of a regular expression with the flag `u`; `null` where it cannot be one. */
function nativeForm(sought: SoughtText): readonly string[] | null {
  if (sought.kind === 'literal') {
    const source = sought.folds ? inAnyCase(sought.text) : escaped(sought.text);
    if (source === null) return null;
    const [start, end] = FRAMES[sought.where];
    return [`${start}${source}${end}`];
  }
  const { plan } = sought;
  if (plan.engine === 'native' && plan.flags === 'u') return [plan.printed];
  // A guard may trip for nothing: where the pattern itself is no matter for a backtracking engine, texts that must
  // occur are.
  const texts = plan.engine === 'literals' && !plan.ignoreCase ? plan.texts : plan.required;
  if (!texts) return null;
  if (texts === plan.required && texts.some((text) => text.length < SHORTEST_REQUIRED)) return null;
  const sources = texts.map(escaped);
  return sources.every((source) => source !== null) ? sources : null;
}

/** Half a surrogate pair would be found inside a pair by `includes`, and not by a regular expression. */
const escaped = (text: string): string | null => (text.isWellFormed() ? quote(text) : null);

/** Texts of which one must occur; '' where nothing is certain. */
const requiredBy = (sought: SoughtText): readonly string[] =>
  sought.kind === 'literal'
    ? [sought.text]
    : sought.plan.engine === 'literals'
      ? sought.plan.texts
      : (sought.plan.required ?? ['']);

/** A character that arguments seldom hold; '' where the text has none. One unit, so that `includes` finds it. */
const rareCharacter = (text: string): string =>
  /[!-~]/.exec(text.replace(/[A-Za-z0-9 ._:,/\\-]/g, ''))?.[0] ?? '';

const workOf = (sought: SoughtText): number => (sought.kind === 'literal' ? 2 : sought.plan.worstCase);

const FRAMES = { start: ['^', ''], end: ['', '$'], whole: ['^', '$'], anywhere: ['', ''] } as const;

/**
 * The text in whatever case, for a regular expression with `u` alone, so that it can stand beside others that mind
 * case. Of other cased characters than ASCII's it takes any for any: a guard may trip for nothing.
 */
const inAnyCase = (text: string): string | null =>
  text.isWellFormed() ? Array.from(text, (c) => (hasCase(c) ? `[${casesOf(c)}]` : quote(c))).join('') : null;

const casesOf = (c: string): string => {
  if (!/^[A-Za-z\u017f\u212a]$/.test(c)) return '^\\0-\\x7f';
  const low = c.toLowerCase();
  const letter = low === '\u017f' ? 's' : low;
  const others = letter === 's' ? '\u017f' : letter === 'k' ? '\u212a' : '';
  return `${letter}${letter.toUpperCase()}${others}`;
};

/** Units with one of which everything must begin that is found, where that is plain to see. */
function firstUnits(sought: SoughtText, native: readonly string[] | null): readonly number[] | null {
  if (native?.length !== 1) return null;
  if (sought.kind === 'pattern') {
    const found = /^\^([A-Za-z0-9_/: -])(?![?*{])[^|]*$/.exec(native[0] ?? '');
    return found?.[1] === undefined ? null : [found[1].charCodeAt(0)];
  }
  const [first] = sought.text;
  if ((sought.where !== 'start' && sought.where !== 'whole') || first === undefined) return null;
  if (!sought.folds || !hasCase(first)) return [first.charCodeAt(0)];
  const cases = casesOf(first);
  return cases.startsWith('^') ? null : Array.from(cases, (c) => c.charCodeAt(0));
}

function testOf(sought: SoughtText, scope: Scope): Code {
  if (sought.kind === 'pattern') return scope.pattern(sought.plan);
  const v = name('v');
  const { where, text, folds } = sought;
  if (folds && hasCase(text)) {
    const [start, end] = FRAMES[where];
    return scope.constant('t', js`${v}=>${regexLiteral(`${start}${quote(text)}${end}`, 'iu')}.test(${v})`);
  }
  if (where === 'whole') return scope.constant('t', js`${v}=>${v}===${literal(text)}`);
  const method = where === 'start' ? 'startsWith' : where === 'end' ? 'endsWith' : 'includes';
  return scope.constant('t', js`${v}=>${v}.${name(method)}(${literal(text)})`);
}
