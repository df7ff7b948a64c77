/**
 * What a schema evaluates of an object's members or a list's elements (JSON Schema 2020-12 core §11): the rest is what
 * `unevaluatedProperties` and `unevaluatedItems` speak of. Some of it hangs on which alternatives hold of the value.
 */
import type { JsonObject, JsonValue, Schema } from './catalog.ts';
import { dialectOf, isList, isObject, isSchema, resolveRef } from './schema.ts';

export type Inside = 'members' | 'elements';

export interface Evaluated {
  /** Whether it leaves no rest. */
  readonly all: boolean;
  readonly names: readonly string[];
  /** Sources of the patterns whose members it evaluates. */
  readonly patterns: readonly string[];
  /** How many elements at the front. */
  readonly first: number;
  /** Elements that one of these holds of. */
  readonly matching: readonly Schema[];
  readonly conditional: readonly Conditional[];
}

export interface Conditional {
  /** A schema asked of the same value, or the name of a member that must be there. */
  readonly test: { readonly schema: Schema } | { readonly present: string };
  readonly then: Evaluated;
  readonly otherwise: Evaluated;
}

const KEYWORDS = { members: 'unevaluatedProperties', elements: 'unevaluatedItems' } as const;

/** References may lead to the same place in many ways; what they say is written out each time. */
const MOST_PARTS = 1000;

const NOTHING: Evaluated = { all: false, names: [], patterns: [], first: 0, matching: [], conditional: [] };

/**
 * What a schema evaluates without `unevaluated…` of its own; `null` where writing it out would take too much. No
 * reference may lead back to its schema without going into the value.
 */
export function evaluatedBy(schema: JsonObject, root: JsonObject, inside: Inside): Evaluated | null {
  const walker = new Walker(root, inside);
  const isOther = ([key]: readonly [string, JsonValue]): boolean => key !== KEYWORDS[inside];
  const evaluated = walker.of(Object.fromEntries(Object.entries(schema).filter(isOther)));
  return walker.isTooMuch ? null : evaluated;
}

class Walker {
  readonly #root: JsonObject;
  readonly #inside: Inside;
  readonly #is2020: boolean;
  #parts = 0;

  constructor(root: JsonObject, inside: Inside) {
    this.#root = root;
    this.#inside = inside;
    this.#is2020 = dialectOf(root) === '2020-12';
  }

  get isTooMuch(): boolean {
    return this.#parts > MOST_PARTS;
  }

  of(schema: Schema): Evaluated {
    this.#parts += 1;
    if (typeof schema === 'boolean' || this.isTooMuch) return NOTHING;
    const own = this.#inside === 'members' ? ofMembers(schema) : this.#ofElements(schema);
    if (own.all) return own;
    const { $ref: ref } = schema;
    const target = typeof ref === 'string' ? resolveRef(this.#root, ref) : null;
    const together = [target, ...listed(schema['allOf'])].flatMap((each) =>
      each === null ? [] : [this.of(each)],
    );
    return [...together, ...this.#conditional(schema)].reduce(both, own);
  }

  #conditional(schema: JsonObject): readonly Evaluated[] {
    const alternatives = [...listed(schema['anyOf']), ...listed(schema['oneOf'])];
    const found = alternatives.map((each) => conditional({ schema: each }, this.of(each)));
    const { if: test, then: then_ = true, else: otherwise = true, dependentSchemas: depending } = schema;
    if (isSchema(test) && isSchema(then_) && isSchema(otherwise))
      found.push(conditional({ schema: test }, both(this.of(test), this.of(then_)), this.of(otherwise)));
    for (const [name, each] of isObject(depending) ? Object.entries(depending) : []) {
      if (isSchema(each)) found.push(conditional({ present: name }, this.of(each)));
    }
    return found;
  }

  #ofElements(schema: JsonObject): Evaluated {
    const { items, prefixItems, additionalItems, unevaluatedItems, contains } = schema;
    if (isSchema(unevaluatedItems)) return { ...NOTHING, all: true };
    const isTuple = isList(items);
    if (isTuple ? isSchema(additionalItems) : isSchema(items)) return { ...NOTHING, all: true };
    const prefix = this.#is2020 && isList(prefixItems) ? prefixItems : [];
    const tuple = isTuple ? items : prefix;
    // In 2019-09 `contains` evaluates nothing.
    const matching = this.#is2020 && isSchema(contains) ? [contains] : [];
    return { ...NOTHING, first: tuple.length, matching };
  }
}

function ofMembers(schema: JsonObject): Evaluated {
  const { properties, patternProperties, additionalProperties, unevaluatedProperties } = schema;
  const all = isSchema(additionalProperties) || isSchema(unevaluatedProperties);
  return { ...NOTHING, all, names: keysOf(properties), patterns: keysOf(patternProperties) };
}

const keysOf = (value: JsonValue | undefined): readonly string[] =>
  isObject(value) ? Object.keys(value) : [];

const listed = (value: JsonValue | undefined): readonly Schema[] =>
  isList(value) ? value.filter(isSchema) : [];

const isNothing = ({ all, names, patterns, first, matching, conditional: some }: Evaluated): boolean =>
  !all && first === 0 && [names, patterns, matching, some].every(({ length }) => length === 0);

function conditional(test: Conditional['test'], then: Evaluated, otherwise = NOTHING): Evaluated {
  const isIdle = isNothing(then) && isNothing(otherwise);
  return isIdle ? NOTHING : { ...NOTHING, conditional: [{ test, then, otherwise }] };
}

function both(a: Evaluated, b: Evaluated): Evaluated {
  return {
    all: a.all || b.all,
    names: [...new Set([...a.names, ...b.names])],
    patterns: [...new Set([...a.patterns, ...b.patterns])],
    first: Math.max(a.first, b.first),
    matching: [...a.matching, ...b.matching],
    conditional: [...a.conditional, ...b.conditional],
  };
}
