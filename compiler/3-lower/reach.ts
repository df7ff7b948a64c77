/**
 * What the arguments of a tool can be, read off its input schema. Everything here errs to the wide side: a value that
 * satisfies the schema is always among those told, so that what is called impossible is.
 */
import type { JsonObject, JsonValue, Schema } from '../ir/catalog.ts';
import type { ArgPath } from '../ir/path.ts';
import { isList, isObject, isSchema, resolveRef } from '../ir/schema.ts';

/** JSON's types, numbers divided into those without and those with a fraction. */
const TYPES = ['null', 'boolean', 'string', 'integer', 'fraction', 'array', 'object'] as const;
export type ReachType = (typeof TYPES)[number];

export interface Reach {
  /** Empty where no value can be there. */
  readonly types: ReadonlySet<ReachType>;
  /** The values it can have, where they are counted. */
  readonly values: readonly JsonValue[] | null;
  /**
   * Whether the schema speaks of the place; `unlisted`: it lists others, and admits this one only by not refusing;
   * `open`: it lists none, or says that there may be more.
   */
  readonly place: 'listed' | 'unlisted' | 'open';
  /** Where the path leaves the schema: the name it does not have, and those it has. */
  readonly gone: { readonly name: string; readonly known: readonly string[] } | null;
}

const ALL: ReadonlySet<ReachType> = new Set(TYPES);
const OPEN: Reach = { types: ALL, values: null, place: 'open', gone: null };
const LISTED: Reach = { ...OPEN, place: 'listed' };
const NEVER: Reach = { types: new Set(), values: null, place: 'open', gone: null };

export const isNever = ({ types }: Reach): boolean => types.size === 0;

/** What can stand at a path into the arguments of a tool. */
export function reachOf(input: JsonObject, path: ArgPath): Reach {
  return new Explorer(input, path).at(input, 0);
}

class Explorer {
  readonly #root: JsonObject;
  readonly #path: ArgPath;
  /** What is known already, for each schema and depth; a schema that is being looked at admits everything. */
  readonly #known = new Map<Schema, Map<number, Reach>>();

  constructor(root: JsonObject, path: ArgPath) {
    this.#root = root;
    this.#path = path;
  }

  at(schema: Schema, depth: number): Reach {
    if (typeof schema === 'boolean') return schema ? this.#anything(depth) : NEVER;
    const known = this.#known.get(schema) ?? new Map<number, Reach>();
    this.#known.set(schema, known);
    const before = known.get(depth);
    if (before) return before;
    known.set(depth, this.#anything(depth));
    const found = this.#look(schema, depth);
    known.set(depth, found);
    return found;
  }

  #anything(depth: number): Reach {
    return depth === this.#path.length ? LISTED : OPEN;
  }

  #look(schema: JsonObject, depth: number): Reach {
    let found = this.#own(schema, depth);
    const { $ref: ref, allOf, anyOf, oneOf, if: condition } = schema;
    const target = typeof ref === 'string' ? resolveRef(this.#root, ref) : null;
    if (target !== null) found = meet(found, this.at(target, depth));
    for (const each of schemas(allOf)) found = meet(found, this.at(each, depth));
    for (const choice of [anyOf, oneOf]) {
      if (isList(choice)) found = meet(found, this.#any(schemas(choice), depth));
    }
    if (isSchema(condition)) {
      found = meet(
        found,
        this.#any([schema['then'] ?? true, schema['else'] ?? true].filter(isSchema), depth),
      );
    }
    return found;
  }

  #any(choices: readonly Schema[], depth: number): Reach {
    return choices.map((each) => this.at(each, depth)).reduce(either, NEVER);
  }

  #own(schema: JsonObject, depth: number): Reach {
    const types = typesOf(schema['type']);
    const segment = this.#path[depth];
    if (segment === undefined) return { ...LISTED, types, values: valuesOf(schema) };
    if (typeof segment !== 'string') return types.has('array') ? this.#element(schema, depth) : NEVER;
    if (!types.has('object')) return NEVER;
    // Which of the listed values have the name is not looked at.
    if (valuesOf(schema)) return LISTED;
    return this.#member(schema, segment, depth);
  }

  #member(schema: JsonObject, name: string, depth: number): Reach {
    const { properties, patternProperties, additionalProperties: rest } = schema;
    const listed = isObject(properties) ? properties : {};
    const own = listed[name];
    if (Object.hasOwn(listed, name) && isSchema(own)) return this.at(own, depth + 1);
    if (isObject(patternProperties) && Object.keys(patternProperties).length > 0) return OPEN;
    const known = Object.keys(listed);
    if (rest === false) return { ...NEVER, gone: { name, known } };
    if (isSchema(rest)) return this.at(rest, depth + 1);
    return known.length === 0 ? OPEN : { ...OPEN, place: 'unlisted', gone: { name, known } };
  }

  #element(schema: JsonObject, depth: number): Reach {
    const { items, prefixItems, additionalItems } = schema;
    const first = [...schemas(prefixItems), ...schemas(items)];
    const rest = isList(items) ? (additionalItems ?? true) : (items ?? true);
    return this.#any(isSchema(rest) ? [...first, rest] : first, depth + 1);
  }
}

const schemas = (value: JsonValue | undefined): readonly Schema[] =>
  isList(value) ? value.filter(isSchema) : [];

function typesOf(type: JsonValue | undefined): ReadonlySet<ReachType> {
  if (type === undefined) return ALL;
  const names = isList(type) ? type : [type];
  return new Set(
    names.flatMap((name) => (name === 'number' ? ['integer', 'fraction'] : [name])) as ReachType[],
  );
}

function valuesOf({ enum: listed, const: only }: JsonObject): readonly JsonValue[] | null {
  if (only !== undefined) return [only];
  return isList(listed) ? listed : null;
}

export function typeOf(value: JsonValue): ReachType {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction';
  if (typeof value === 'object') return isList(value) ? 'array' : 'object';
  return typeof value === 'boolean' ? 'boolean' : 'string';
}

/** Values that both admit. */
function meet(a: Reach, b: Reach): Reach {
  const types = new Set([...a.types].filter((type) => b.types.has(type)));
  const values =
    a.values && b.values ? a.values.filter((value) => has(b.values, value)) : (a.values ?? b.values);
  const place = firstOf(['listed', 'unlisted', 'open'], a, b);
  return { types, values, place, gone: bothGone(a, b) };
}

/** Values that one of them admits. */
function either(a: Reach, b: Reach): Reach {
  if (isNever(a)) return isNever(b) ? { ...b, gone: bothGone(a, b) } : b;
  if (isNever(b)) return a;
  return {
    types: new Set([...a.types, ...b.types]),
    values: a.values && b.values && [...new Set([...a.values, ...b.values])],
    place: firstOf(['listed', 'open', 'unlisted'], a, b),
    gone: bothGone(a, b),
  };
}

/** The first of these that one of them is. */
const firstOf = (order: readonly [...Reach['place'][], Reach['place']], a: Reach, b: Reach): Reach['place'] =>
  order.find((place) => a.place === place || b.place === place) ?? a.place;

function bothGone(a: Reach, b: Reach): Reach['gone'] {
  if (!a.gone || !b.gone) return a.gone ?? b.gone;
  return { name: a.gone.name, known: [...new Set([...a.gone.known, ...b.gone.known])] };
}

/** Objects and arrays are taken for equal: what is kept for nothing is on the wide side. */
const has = (values: readonly JsonValue[] | null, value: JsonValue): boolean =>
  values === null ||
  values.some((each) => each === value || (typeof each === 'object' && typeof value === 'object'));
