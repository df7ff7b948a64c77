/**
 * JSON Schema 2020-12, and 2019-09 or draft-07 where a schema says so, keyword by keyword as the validation vocabulary reads. No
 * library: the emitted validators are ajv's, and what ajv gets wrong a judge made of ajv would get wrong with them.
 */
export type Json = null | boolean | number | string | readonly Json[] | Members;
interface Members {
  readonly [name: string]: Json;
}

export type Schema = boolean | Keywords;
type Named<T> = Readonly<Record<string, T>>;

export interface Keywords {
  readonly $schema?: string;
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly items?: Schema | readonly Schema[];
  readonly additionalItems?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly contains?: Schema;
  readonly minContains?: number;
  readonly maxContains?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Named<Schema>;
  readonly patternProperties?: Named<Schema>;
  readonly additionalProperties?: Schema;
  readonly propertyNames?: Schema;
  readonly dependencies?: Named<Schema | readonly string[]>;
  readonly dependentSchemas?: Named<Schema>;
  readonly dependentRequired?: Named<readonly string[]>;
  readonly unevaluatedProperties?: Schema;
  readonly unevaluatedItems?: Schema;
}

type Rest = 'unevaluatedProperties' | 'unevaluatedItems';

const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !isList(value);
const isTuple = (items: Schema | readonly Schema[] | undefined): items is readonly Schema[] => isList(items);

export class Judge {
  readonly #root: Keywords;
  readonly #isDraft7: boolean;
  readonly #is2019: boolean;
  readonly #standsForAny: (value: Json) => boolean;

  /** `standsForAny`: of which values, in a place of their own, it is not known yet what they will be. */
  constructor(root: Keywords, standsForAny: (value: Json) => boolean = () => false) {
    this.#root = root;
    this.#isDraft7 = root.$schema?.includes('draft-07') ?? false;
    this.#is2019 = root.$schema?.includes('2019-09') ?? false;
    this.#standsForAny = standsForAny;
  }

  admits(value: Json): boolean {
    return this.#admitsPart(this.#root, value);
  }

  /** What is not known yet satisfies every schema but one that says by its own words that nothing does. */
  #admitsPart(schema: Schema, value: Json): boolean {
    return this.#standsForAny(value) ? !this.#isNever(schema) : this.#holds(schema, value);
  }

  #isNever(schema: Schema): boolean {
    if (typeof schema === 'boolean') return !schema;
    const { enum: listed, not, allOf = [], anyOf = [], oneOf = [], $ref } = schema;
    const never = (each: Schema): boolean => this.#isNever(each);
    return (
      listed?.length === 0 ||
      ['true', '{}', '{"not":false}'].includes(JSON.stringify(not)) ||
      allOf.some(never) ||
      [anyOf, oneOf].some((some) => some.length > 0 && some.every(never)) ||
      // No definition of those that are asked about refers to itself but for its members.
      ($ref !== undefined && never(this.#at($ref)))
    );
  }

  #holds(schema: Schema, value: Json): boolean {
    if (typeof schema === 'boolean') return schema;
    if (!this.#holdsOfAny(schema, value)) return false;
    if (typeof value === 'number') return holdsOfNumber(schema, value);
    if (typeof value === 'string') return holdsOfText(schema, value);
    if (isList(value)) return this.#holdsOfList(schema, value);
    return isObject(value) ? this.#holdsOfObject(schema, value) : true;
  }

  /** Validation §6.1, core §8.2.3 and §10.2. */
  #holdsOfAny(schema: Keywords, value: Json): boolean {
    const {
      type,
      $ref,
      not,
      allOf = [],
      anyOf,
      oneOf,
      if: condition,
      then = true,
      else: otherwise = true,
    } = schema;
    const holds = (each: Schema): boolean => this.#holds(each, value);
    return (
      (type === undefined || [type].flat().some((name) => isOfType(name, value))) &&
      (schema.enum === undefined || schema.enum.some((each) => isSame(each, value))) &&
      (schema.const === undefined || isSame(schema.const, value)) &&
      ($ref === undefined || holds(this.#at($ref))) &&
      allOf.every(holds) &&
      (anyOf === undefined || anyOf.some(holds)) &&
      (oneOf === undefined || oneOf.filter(holds).length === 1) &&
      (not === undefined || !holds(not)) &&
      (condition === undefined || holds(holds(condition) ? then : otherwise))
    );
  }

  /** Validation §6.4, core §10.3.1; what 2020-12 calls `prefixItems` and `items` was `items` and `additionalItems`. */
  #holdsOfList(schema: Keywords, list: readonly Json[]): boolean {
    const { items, contains, minItems = 0, maxItems = Infinity, uniqueItems = false } = schema;
    const first = this.#firstOf(schema);
    const rest = isTuple(items) ? schema.additionalItems : items;
    const found = list.filter((each) => contains === undefined || this.#admitsPart(contains, each)).length;
    const { minContains = 1, maxContains = Infinity } = this.#isDraft7 ? {} : schema;
    return (
      list.length >= minItems &&
      list.length <= maxItems &&
      !(uniqueItems && list.some((a, i) => list.slice(0, i).some((b) => isSame(a, b)))) &&
      list.every((each, i) => this.#admitsPart(first[i] ?? rest ?? true, each)) &&
      this.#holdsOfRest(schema, 'unevaluatedItems', list) &&
      (contains === undefined || (found >= minContains && found <= maxContains))
    );
  }

  /** Validation §6.5, core §10.3.2 and §10.2.2.4. */
  #holdsOfObject(schema: Keywords, object: Members): boolean {
    const { minProperties = 0, maxProperties = Infinity, required = [], propertyNames = true } = schema;
    const names = Object.keys(object);
    const has = (name: string): boolean => Object.hasOwn(object, name);
    const depends = Object.entries(schema.dependencies ?? {});
    if (!this.#isDraft7) {
      depends.push(...Object.entries(schema.dependentSchemas ?? {}));
      depends.push(...Object.entries(schema.dependentRequired ?? {}));
    }
    return (
      names.length >= minProperties &&
      names.length <= maxProperties &&
      required.every(has) &&
      names.every((name) => this.#holds(propertyNames, name)) &&
      Object.entries(object).every(([name, value]) =>
        schemasOf(schema, name).every((each) => this.#admitsPart(each, value)),
      ) &&
      depends.every(([name, needs]) => !has(name) || this.#isMet(needs, object)) &&
      this.#holdsOfRest(schema, 'unevaluatedProperties', object)
    );
  }

  #firstOf({ items, prefixItems = [] }: Keywords): readonly Schema[] {
    if (isTuple(items)) return items;
    return this.#isDraft7 || this.#is2019 ? [] : prefixItems;
  }

  /** Core §11: what nothing beside the keyword has evaluated, by the name of its member or the number of its place. */
  #holdsOfRest(schema: Keywords, keyword: Rest, value: readonly Json[] | Members): boolean {
    const { [keyword]: rest, ...beside } = schema;
    if (rest === undefined || this.#isDraft7) return true;
    const evaluated = this.#evaluated(beside, keyword, value);
    return Object.entries(value).every(([key, part]) => evaluated.has(key) || this.#admitsPart(rest, part));
  }

  /** Annotations of a schema that holds of the value, collected from all in it that hold. */
  #evaluated(schema: Schema, keyword: Rest, value: readonly Json[] | Members): ReadonlySet<string> {
    if (typeof schema === 'boolean') return new Set();
    const { $ref, allOf = [], anyOf = [], oneOf = [], if: condition, dependentSchemas = {} } = schema;
    const { then = true, else: otherwise = true } = schema;
    const holds = (each: Schema): boolean => this.#holds(each, value);
    const within = [...allOf, ...anyOf, ...oneOf];
    if ($ref !== undefined) within.push(this.#at($ref));
    if (condition !== undefined) within.push(condition, holds(condition) ? then : otherwise);
    for (const [name, each] of Object.entries(dependentSchemas)) {
      if (!isList(value) && Object.hasOwn(value, name)) within.push(each);
    }
    const own = Object.entries(value).flatMap(([key, part]) =>
      this.#isOwn(schema, keyword, key, part) ? [key] : [],
    );
    const below = within.filter(holds).map((each) => this.#evaluated(each, keyword, value));
    return new Set([...own, ...below.flatMap((each) => [...each])]);
  }

  #isOwn(schema: Keywords, keyword: Rest, key: string, part: Json): boolean {
    if (schema[keyword] !== undefined) return true;
    if (keyword === 'unevaluatedProperties') {
      const { properties = {}, patternProperties = {}, additionalProperties } = schema;
      const patterns = Object.keys(patternProperties);
      return (
        additionalProperties !== undefined ||
        Object.hasOwn(properties, key) ||
        patterns.some((pattern) => new RegExp(pattern, 'u').test(key))
      );
    }
    const { items, additionalItems, contains } = schema;
    const isWhole = isTuple(items) ? additionalItems !== undefined : items !== undefined;
    // In 2019-09 `contains` evaluates nothing.
    const isContained = contains !== undefined && !this.#is2019 && this.#admitsPart(contains, part);
    return isWhole || Number(key) < this.#firstOf(schema).length || isContained;
  }

  #isMet(needs: Schema | readonly string[], object: Members): boolean {
    return Array.isArray(needs)
      ? (needs as readonly string[]).every((name) => Object.hasOwn(object, name))
      : this.#holds(needs as Schema, object);
  }

  /** The schema at a JSON pointer into the whole one (RFC 6901). */
  #at(ref: string): Schema {
    let at: unknown = this.#root;
    for (const part of ref.split('/').slice(1)) {
      const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      at = (at as Named<unknown>)[name];
    }
    return at as Schema;
  }
}

/** The schemas for a member of that name; `additionalProperties` where there is no other. */
function schemasOf(schema: Keywords, name: string): readonly Schema[] {
  const { properties = {}, patternProperties = {}, additionalProperties = true } = schema;
  const found = Object.entries(patternProperties)
    .filter(([pattern]) => new RegExp(pattern, 'u').test(name))
    .map(([, each]) => each);
  if (Object.hasOwn(properties, name)) found.push(properties[name] ?? true);
  return found.length > 0 ? found : [additionalProperties];
}

/** Validation §6.2. */
function holdsOfNumber(schema: Keywords, value: number): boolean {
  const { minimum = -Infinity, maximum = Infinity, multipleOf } = schema;
  const { exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = schema;
  return (
    value >= minimum &&
    value <= maximum &&
    value > exclusiveMinimum &&
    value < exclusiveMaximum &&
    (multipleOf === undefined || shifted(value) % shifted(multipleOf) === 0n)
  );
}

/** A number, by its decimal text, as a whole number of units so small that there is none smaller. */
function shifted(value: number): bigint {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(400 + Number(exponent) - fraction.length);
}

/** Validation §6.3. */
function holdsOfText(schema: Keywords, value: string): boolean {
  const { minLength = 0, maxLength = Infinity, pattern = '' } = schema;
  const { length } = Array.from(value);
  return length >= minLength && length <= maxLength && new RegExp(pattern, 'u').test(value);
}

function isOfType(name: string, value: Json): boolean {
  if (name === 'null') return value === null;
  if (name === 'array') return isList(value);
  if (name === 'object') return isObject(value);
  if (name === 'integer') return Number.isInteger(value);
  return typeof value === name;
}

/** Core §4.2.2. */
function isSame(a: Json, b: Json): boolean {
  if (isList(a) && isList(b))
    return a.length === b.length && a.every((each, i) => isSame(each, b[i] ?? null));
  if (!isObject(a) || !isObject(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name] ?? null, b[name] ?? null))
  );
}
