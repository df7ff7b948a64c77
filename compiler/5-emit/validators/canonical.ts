/**
 * A tool's input schema written anew for ajv: only keywords that say which values satisfy it, in the words of draft-07
 * as far as it has any, every reference to a definition of the schema's own. Nothing of the policy author's text is in
 * it: names and values stand in the text as placeholders (`placeholder.ts`), which become literals in the end.
 */
import type { JsonObject, JsonValue, Schema } from '../../ir/catalog.ts';
import { evaluatedBy } from '../../ir/evaluated.ts';
import type { Inside } from '../../ir/evaluated.ts';
import { dialectOf, isList, isObject, isSchema, resolveRef } from '../../ir/schema.ts';
import type { Dialect } from '../../ir/schema.ts';
import { isNever } from './never.ts';
import type { Known } from './never.ts';
import type { Placeholders } from './placeholder.ts';
import { restOf } from './rest.ts';

const AS_THEY_ARE = [
  'type',
  'multipleOf',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
] as const;
const COUNTS = ['minContains', 'maxContains'] as const;
const OF_ONE = ['not', 'if', 'then', 'else'] as const;
const OF_MANY = ['allOf', 'anyOf', 'oneOf'] as const;

type Draft = Record<string, JsonValue>;

const isText = (value: JsonValue): value is string => typeof value === 'string';

export function canonical(input: JsonObject, placeholders: Placeholders): JsonObject {
  return new Writer(input, placeholders).whole();
}

class Writer {
  readonly #root: JsonObject;
  readonly #placeholders: Placeholders;
  readonly #dialect: Dialect;
  /** Keywords that came with 2019-09 are annotations where the schema is older. */
  readonly #isNew: boolean;
  readonly #known: Known = new Map();
  /** Targets of references, by number. */
  readonly #targets: { readonly schema: Schema; readonly ofName: boolean }[] = [];
  readonly #ofValues = new Map<Schema, number>();
  readonly #ofNames = new Map<Schema, number>();
  /** Whether what is being written is about a name. */
  #ofName = false;

  constructor(root: JsonObject, placeholders: Placeholders) {
    this.#root = root;
    this.#placeholders = placeholders;
    this.#dialect = dialectOf(root) ?? '2020-12';
    this.#isNew = this.#dialect.startsWith('20');
  }

  whole(): JsonObject {
    const root = this.#object(this.#root);
    // Writing one may find more.
    const definitions: Draft = {};
    for (let i = 0; i < this.#targets.length; i += 1) {
      const { schema = true, ofName = false } = this.#targets[i] ?? {};
      definitions[`r${i}`] = ofName ? { ofName: this.#nameSchema(schema) } : this.#schema(schema);
    }
    return this.#targets.length === 0 ? root : { ...root, $defs: definitions };
  }

  #schema(schema: Schema): Schema {
    return typeof schema === 'boolean' ? schema : this.#object(schema);
  }

  /** The schema of something inside the value. References stand for every value there, unless nothing may be there. */
  #part(schema: Schema): Schema {
    return isNever(schema, this.#root, this.#known) ? { never: true } : this.#schema(schema);
  }

  /** The same for what is not listed; `false` has a message of its own. */
  #rest(schema: Schema): Schema {
    return schema === false ? false : this.#part(schema);
  }

  #nameSchema(schema: Schema): Schema {
    const outside = this.#ofName;
    this.#ofName = true;
    const written = this.#schema(schema);
    this.#ofName = outside;
    return written;
  }

  #object(schema: JsonObject): JsonObject {
    const out: Draft = {};
    for (const key of AS_THEY_ARE) if (schema[key] !== undefined) out[key] = schema[key];
    for (const key of OF_ONE) if (isSchema(schema[key])) out[key] = this.#schema(schema[key]);
    for (const key of OF_MANY) {
      if (!isList(schema[key])) continue;
      const isChoice = key !== 'allOf';
      out[key] = schema[key]
        .filter(isSchema)
        .map((each) => (isChoice ? this.#form(each) : this.#schema(each)));
    }
    this.#values(schema, out);
    this.#names(schema, out);
    this.#items(schema, out);
    this.#rests(schema, out);
    const { $ref: ref } = schema;
    if (typeof ref === 'string') out['$ref'] = this.#reference(ref);
    return out;
  }

  /**
   * One of the forms of a choice. A member that must have a certain value tells forms apart, so it is asked first: of
   * a schema that refers to itself in several forms all would be asked at each level otherwise.
   */
  #form(schema: Schema): Schema {
    const written = this.#schema(schema);
    const ref = isObject(schema) ? (schema['$ref'] ?? null) : null;
    const target = isText(ref) ? resolveRef(this.#root, ref) : schema;
    if (!isObject(target) || !JSON.stringify(target).includes('"$ref"') || !isObject(target['properties']))
      return written;
    const telling: Draft = {};
    for (const [name, member] of Object.entries(target['properties'])) {
      if (!isObject(member) || (member['const'] === undefined && !isList(member['enum']))) continue;
      const values: Draft = {};
      this.#values(member, values);
      telling[this.#placeholders.name(name)] = values;
    }
    if (Object.keys(telling).length === 0) return written;
    return { if: { properties: telling }, then: written, else: { never: true } };
  }

  #values({ enum: listed, const: only, pattern }: JsonObject, out: Draft): void {
    if (isList(listed)) out['among'] = this.#placeholders.values(listed);
    if (only !== undefined) out['equal'] = this.#placeholders.values([only]);
    if (typeof pattern === 'string') out['form'] = this.#placeholders.pattern(pattern);
  }

  #names(schema: JsonObject, out: Draft): void {
    const { properties, patternProperties, additionalProperties, propertyNames, required } = schema;
    type Write<T> = (each: T) => T;
    const named = (of: JsonValue | undefined, write: Write<string>, each: Write<JsonValue>): Draft | null =>
      isObject(of)
        ? Object.fromEntries(Object.entries(of).map(([key, value]) => [write(key), each(value)]))
        : null;
    const name: Write<string> = (text) => this.#placeholders.name(text);
    const part: Write<JsonValue> = (each) => this.#part(isSchema(each) ? each : true);
    const members = named(properties, name, part);
    if (members) out['properties'] = members;
    const patterns = named(patternProperties, (text) => this.#placeholders.pattern(text), part);
    if (patterns) out['patternProperties'] = patterns;
    if (isSchema(additionalProperties)) out['additionalProperties'] = this.#rest(additionalProperties);
    if (isSchema(propertyNames)) out['propertyNames'] = this.#nameSchema(propertyNames);
    if (isList(required)) out['required'] = required.filter(isText).map(name);
    // Draft 2020-12 has two keywords for what draft-07 calls `dependencies`, and both may stand beside it.
    const keys = this.#isNew ? ['dependencies', 'dependentSchemas', 'dependentRequired'] : ['dependencies'];
    const together = keys.flatMap((key) => named(schema[key], name, (each) => this.#dependency(each)) ?? []);
    const [first, ...others] = together;
    if (first) out['dependencies'] = first;
    if (others.length > 0) {
      const all = isList(out['allOf']) ? out['allOf'] : [];
      out['allOf'] = [...all, ...others.map((dependencies) => ({ dependencies }))];
    }
  }

  /** A schema, or a list of names. */
  #dependency(each: JsonValue): JsonValue {
    if (isList(each)) return each.filter(isText).map((name) => this.#placeholders.name(name));
    return isSchema(each) ? this.#schema(each) : true;
  }

  #items(schema: JsonObject, out: Draft): void {
    const { items, prefixItems, additionalItems, contains } = schema;
    const prefix = this.#dialect === '2020-12' && isList(prefixItems) ? prefixItems : [];
    const first = isList(items) ? items : prefix;
    const rest = isList(items) ? additionalItems : items;
    if (first.length > 0) {
      out['items'] = first.filter(isSchema).map((each) => this.#part(each));
      if (isSchema(rest)) out['additionalItems'] = this.#rest(rest);
    } else if (isSchema(rest)) out['items'] = this.#part(rest);
    if (!isSchema(contains)) return;
    out['contains'] = this.#part(contains);
    for (const key of COUNTS) if (this.#isNew && schema[key] !== undefined) out[key] = schema[key];
  }

  #rests(schema: JsonObject, out: Draft): void {
    const { unevaluatedProperties: members, unevaluatedItems: elements } = schema;
    if (!this.#isNew) return;
    if (isSchema(members)) this.#restInside('members', 'restOfMembers', members, schema, out);
    if (isSchema(elements)) this.#restInside('elements', 'restOfElements', elements, schema, out);
  }

  #restInside(inside: Inside, keyword: string, rest: Schema, schema: JsonObject, out: Draft): void {
    const evaluated = evaluatedBy(schema, this.#root, inside);
    if (!evaluated) throw new Error('a schema whose rest is not known was let through');
    if (rest === true || evaluated.all) return;
    out[keyword] = restOf(evaluated, this.#part(rest), {
      name: (text) => this.#placeholders.name(text),
      pattern: (source) => this.#placeholders.pattern(source),
      // Asked again beside where it stands: as a function its code is there once for all who ask.
      test: (each) => (typeof each === 'boolean' ? each : { $ref: this.#referenceTo(each) }),
      part: (each) => this.#part(each),
    });
  }

  #reference(ref: string): string {
    return this.#referenceTo(resolveRef(this.#root, ref) ?? true);
  }

  #referenceTo(target: Schema): string {
    const ofName = this.#ofName;
    if (target === this.#root && !ofName) return '#';
    const numbers = ofName ? this.#ofNames : this.#ofValues;
    const at = numbers.get(target) ?? this.#targets.push({ schema: target, ofName }) - 1;
    numbers.set(target, at);
    return `#/$defs/r${at}`;
  }
}
