import type { SoughtText } from '../ir/guard.ts';
import { js, literal, name, regexLiteral } from './code.ts';
import type { Code } from './code.ts';
import type { Scope } from './scope.ts';

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
    const first = splitsHead && native?.length === 1 ? firstUnit(native[0] ?? '') : null;
    const group = first === null ? anywhere : heads;
    if (!native || !group.take(native, workOf(sought))) tests.push(testOf(sought, scope));
    else if (first !== null) bits |= 1 << (first & 31);
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
    const source = escaped(sought.text);
    if (source === null) return null;
    return [sought.where === 'start' ? `^${source}` : sought.where === 'end' ? `${source}$` : source];
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
const escaped = (text: string): string | null =>
  text.isWellFormed() ? text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : null;

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

/** The unit with which everything must begin that a source matches, where that is plain to see. */
function firstUnit(source: string): number | null {
  const found = /^\^([A-Za-z0-9_/: -])(?![?*{])[^|]*$/.exec(source);
  return found?.[1]?.charCodeAt(0) ?? null;
}

function testOf(sought: SoughtText, scope: Scope): Code {
  if (sought.kind === 'pattern') return scope.pattern(sought.plan);
  const v = name('v');
  const method = sought.where === 'start' ? 'startsWith' : sought.where === 'end' ? 'endsWith' : 'includes';
  return scope.constant('t', js`${v}=>${v}.${name(method)}(${literal(sought.text)})`);
}
