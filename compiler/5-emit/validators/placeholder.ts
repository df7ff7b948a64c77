import type { JsonObject, JsonValue } from '../../ir/catalog.ts';
import type { PatternPlan } from '../../ir/pattern.ts';
import { join, empty, literal, member, supportSource } from '../../code/code.ts';
import type { Code, Json } from '../../code/code.ts';
import type { Scope } from '../scope.ts';

/**
 * Words that stand for the catalog's own text while ajv and esbuild work on a validator: `s_7_` for a name, `v_7_` for
 * a list of values (in a message: their words), `t_7_` for a pattern. They are identifiers and hold nothing to escape, so that no tool can
 * spell out what it is not to; `fill` puts literals in their place, by way of `code.ts` like all text of policies.
 */
export class Placeholders {
  readonly #names = new Numbered<string>();
  readonly #values = new Numbered<readonly JsonValue[]>();
  readonly #patterns = new Numbered<string>();
  readonly #plans: ReadonlyMap<string, PatternPlan>;
  readonly #scope: Scope;

  constructor(plans: ReadonlyMap<string, PatternPlan>, scope: Scope) {
    this.#plans = plans;
    this.#scope = scope;
  }

  name(text: string): string {
    return `s_${this.#names.of(text, text)}_`;
  }

  values(list: readonly JsonValue[]): string {
    return `v_${this.#values.of(JSON.stringify(list), list)}_`;
  }

  pattern(source: string): string {
    return `t_${this.#patterns.of(source, source)}_`;
  }

  /** Whether every object has something of that name without owning it. */
  isInherited(word: string): boolean {
    return INHERITED.has(this.#named(word));
  }

  /** The text with literals in place of the words; every other character is that of ajv and esbuild. */
  fill(text: string): Code {
    const parts: Code[] = [];
    let end = 0;
    for (const found of text.matchAll(WORDS)) {
      if (!/[stv]_\d+_/.test(found[0])) continue;
      parts.push(supportSource(text.slice(end, found.index)), this.#code(found[0]));
      end = found.index + found[0].length;
    }
    return join([...parts, supportSource(text.slice(end))], empty);
  }

  #code(found: string): Code {
    const [, kind, number] = /^"([vt])_(\d+)_"$/.exec(found) ?? [];
    if (kind === 'v') return this.#list(this.#values.at(Number(number)) ?? []);
    if (kind === 't') return this.#test(this.#patterns.at(Number(number)) ?? '');
    if (found.startsWith('.')) return member(empty, this.#named(found.slice(1)));
    // In one pass, for a value may hold what looks like a word of ours.
    const text = found
      .slice(1, -1)
      .replace(/(\/?)(s_\d+_)|\bv_(\d+)_/g, (_, slash: string, word?: string, at?: string) => {
        if (word === undefined) return inWords(this.#values.at(Number(at)) ?? []);
        // In a path (RFC 6901) a name stands behind a slash.
        return slash === '' ? this.#named(word) : `/${escapePointer(this.#named(word))}`;
      });
    return literal(text);
  }

  #named(word: string): string {
    return this.#names.at(Number(/\d+/.exec(word)?.[0])) ?? '';
  }

  #list(values: readonly JsonValue[]): Code {
    return this.#scope.constant('among', literal(values.map(json)));
  }

  #test(source: string): Code {
    const plan = this.#plans.get(source);
    if (!plan) throw new Error(`the pattern ${source} of the catalog was not compiled`);
    // A name too long for esbuild to have given it to something of its own.
    return this.#scope.constant('texttest', this.#scope.pattern(plan));
  }
}

/** As many values as a message lists, and as long as it shows one. */
const MOST_VALUES = 8;
const LONGEST_VALUE = 40;

/** The first of some values as JSON, and how many there are where these are not all. */
function inWords(values: readonly JsonValue[]): string {
  const shown = values.slice(0, MOST_VALUES).map((value) => {
    const text = JSON.stringify(value);
    return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  });
  const more = values.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Reading one of these needs a look whether the object owns it. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Every string, for its quotes must not be taken for those of another, and every access to a named member. */
const WORDS = /"(?:[^"\\]|\\.)*"|\.s_\d+_/g;

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** The same with plain objects, whose own `__proto__` `literal` knows how to write. */
function json(value: JsonValue): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(json);
  return Object.fromEntries(Object.entries(value as JsonObject).map(([name, each]) => [name, json(each)]));
}

/** Distinct things by number, in the order of their first mention. */
class Numbered<T> {
  readonly #all: T[] = [];
  readonly #numbers = new Map<string, number>();

  of(key: string, value: T): number {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#all.push(value) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }

  at(number: number): T | undefined {
    return this.#all[number];
  }
}
