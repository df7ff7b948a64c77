import type { SoughtText } from '../ir/guard.ts';
import type { PatternPlan } from '../ir/pattern.ts';
import { js, literal, name, regexLiteral } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { Scope } from './scope.ts';
import {
  casesOf as letterCases,
  LITERAL_TESTS,
  needed,
  noAlternatives,
  rareCharacter,
  take,
} from '../../engine/guard/cells.ts';
import type { Alternatives } from '../../engine/module/draft.ts';
import { quote } from '../../engine/text/spelling.ts';
import { hasCase } from './text.ts';

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
  const head = noAlternatives();
  const any = noAlternatives();
  const tests: Code[] = [];
  for (const sought of all) {
    const native = nativeForm(sought);
    const starts = splitsHead ? firstOf(sought, native) : '';
    const group = starts === '' ? any : head;
    const needs = needsOf(sought);
    const work =
      sought.kind === 'literal' ? LITERAL_TESTS : Math.ceil(sought.plan.worstCase / (native?.length ?? 1));
    if (!native?.every((source) => take(group, source, work, starts, needs)))
      tests.push(testOf(sought, scope));
  }
  return { heads: head.heads, head: regexOf(head), any: regexOf(any), needs: needed(any), tests };
}

const regexOf = ({ sources }: Alternatives): Code | null =>
  sources.length === 0 ? null : regexLiteral(sources.join('|'), 'u');

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
  sought.kind === 'literal' ? [sought.text] : requiredByPlan(sought.plan);

const requiredByPlan = (plan: PatternPlan): readonly string[] =>
  plan.engine === 'literals' ? plan.texts : (plan.required ?? ['']);

/** Characters of which one occurs in all that is found, or ''. */
export function needsOf(sought: SoughtText): string {
  const needs = requiredBy(sought).map(rareCharacter);
  return needs.includes('') ? '' : [...new Set(needs)].join('');
}

const FRAMES = { start: ['^', ''], end: ['', '$'], whole: ['^', '$'], anywhere: ['', ''] } as const;

/**
 * The text in whatever case, for a regular expression with `u` alone, so that it can stand beside others that mind
 * case. Of other cased characters than ASCII's it takes any for any: a guard may trip for nothing.
 */
const inAnyCase = (text: string): string | null =>
  text.isWellFormed() ? Array.from(text, (c) => (hasCase(c) ? `[${casesOf(c)}]` : quote(c))).join('') : null;

const casesOf = (c: string): string =>
  /^[A-Za-z\u017f\u212a]$/.test(c) ? letterCases(LETTERS[c] ?? c) : '^\\0-\\x7f';

/** Letters that are others in another case. */
const LETTERS: Readonly<Record<string, string>> = { '\u017f': 's', '\u212a': 'k' };

/** The character with which everything begins that a pattern matches, where that is plain to see; else ''. */
export const firstCharacter = (source: string): string =>
  /^\^([A-Za-z0-9_/: -])(?![?*{])[^|]*$/.exec(source)?.[1] ?? '';

/** Characters with one of which everything begins that is found, where that is plain to see. */
function firstOf(sought: SoughtText, native: readonly string[] | null): string {
  if (native?.length !== 1) return '';
  if (sought.kind === 'pattern') return firstCharacter(native[0] ?? '');
  const [first] = sought.text;
  if ((sought.where !== 'start' && sought.where !== 'whole') || first === undefined) return '';
  if (!sought.folds || !hasCase(first)) return first.charAt(0);
  const cases = casesOf(first);
  return cases.startsWith('^') ? '' : cases;
}

const METHODS = { start: 'startsWith', end: 'endsWith', anywhere: 'includes' } as const;

function testOf(sought: SoughtText, scope: Scope): Code {
  if (sought.kind === 'pattern') return scope.pattern(sought.plan);
  const v = name('v');
  const { where, text, folds } = sought;
  if (folds && hasCase(text)) {
    const [start, end] = FRAMES[where];
    return scope.constant('t', js`${v}=>${regexLiteral(`${start}${quote(text)}${end}`, 'iu')}.test(${v})`);
  }
  if (where === 'whole') return scope.constant('t', js`${v}=>${v}===${literal(text)}`);
  return scope.constant('t', js`${v}=>${v}.${name(METHODS[where])}(${literal(text)})`);
}
