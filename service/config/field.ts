/** The members of a configuration as data: each stands in the JSON Schema that a configuration is held to, and says how it is read. */
import { ServiceError } from '../failure.ts';

/** A JSON Schema, as it is published. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How a value is written, in words. */
export interface Form {
  /** Behind “it is not”. */
  readonly expected: string;
  /** Behind “write it as”. */
  readonly hint: string;
}

/** One member: what may stand there, and what stands there when nobody says. */
export interface Field<T> {
  readonly description: string;
  /** What is written must satisfy it. */
  readonly schema: JsonSchema;
  readonly form: Form;
  /** @param value - as the schema has it */
  readonly read: (value: unknown) => T;
  /** What `read` is given where nothing is written. */
  readonly fallback: unknown;
  /** The members of an object; `null` for all else. */
  readonly members: Readonly<Record<string, Field<unknown>>> | null;
  /** Of a list or a map. */
  readonly item: Field<unknown> | null;
}

export type Read<F> = F extends Field<infer T> ? T : never;

/** A value that cannot be taken, and where it stands. */
export class ConfigError extends ServiceError {
  override readonly name = 'ConfigError';
}

interface Told<T> {
  readonly description: string;
  /** As it would be written. */
  readonly fallback?: T | string | number | null;
}

interface Leaf<T> {
  readonly schema: JsonSchema;
  readonly form: Form;
  readonly read?: (value: unknown) => T;
  readonly item?: Field<unknown>;
}

function leaf<T>(
  { description, fallback = null }: { readonly description: string; readonly fallback?: unknown },
  { schema, form, read = (value) => value as T, item }: Leaf<T>,
): Field<T> {
  return {
    description,
    schema: { ...schema, description },
    form,
    read,
    fallback,
    members: null,
    item: item ?? null,
  };
}

const formOf = (expected: string, hint = expected): Form => ({ expected, hint });

/** The same, or `null` for nothing. */
function orNull<T>({ schema, read = (value) => value as T, ...parts }: Leaf<T>): Leaf<T | null> {
  return {
    ...parts,
    schema: { anyOf: [schema, { type: 'null' }] },
    read: (value) => (value === null ? null : read(value)),
  };
}

/** Without a default, nothing may be written. */
const leafOrNull = <T>(told: Told<unknown>, parts: Leaf<T>): Field<T | null> =>
  leaf(told, told.fallback === undefined || told.fallback === null ? orNull(parts) : parts);

/** A text. */
export function text(told: Told<string> & { readonly fallback: string }): Field<string>;
export function text(told: Told<string>): Field<string | null>;
export function text(told: Told<string>): Field<string | null> {
  return leafOrNull<string>(told, { schema: { type: 'string' }, form: formOf('a text', '`"text"`') });
}

/** One of some words. */
export function word<const W extends string>(
  words: readonly W[],
  told: Told<W> & { readonly fallback: W },
): Field<W> {
  return leaf<W>(told, {
    schema: { enum: words },
    form: formOf(`one of ${words.join(', ')}`, words.join(' or ')),
  });
}

/** Yes or no. */
export function flag(told: { readonly description: string; readonly fallback: boolean }): Field<boolean> {
  return leaf<boolean>(told, { schema: { type: 'boolean' }, form: formOf('true or false') });
}

interface Range {
  readonly least?: number;
  readonly most?: number;
}

/** A number; `null` turns off what it bounds, where there is no default. */
export function number(told: Told<number> & Range & { readonly fallback: number }): Field<number>;
export function number(told: Told<number> & Range): Field<number | null>;
export function number({
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
  ...told
}: Told<number> & Range): Field<number | null> {
  const schema = { type: 'number', minimum: least, maximum: most };
  return leafOrNull<number>(told, { schema, form: formOf(`a number from ${least} to ${most}`) });
}

/** A share in per cent, or `null` for none. */
export const percent = (told: {
  readonly description: string;
  readonly fallback: number;
}): Field<number | null> =>
  leaf<number | null>(told, {
    schema: { type: ['number', 'null'], minimum: 0, maximum: 100 },
    form: formOf('a percentage or null', '90, or null to turn it off'),
  });

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time, written as `500ms`, `5s`, `10m`, `1h`, `90d` or `0`; read as milliseconds. */
export function span(told: Told<string> & { readonly fallback: string }): Field<number>;
export function span(told: Told<string>): Field<number | null>;
export function span(told: Told<string>): Field<number | null> {
  return leafOrNull<number>(told, {
    schema: { anyOf: [{ type: 'string', pattern: '^(0|\\d+(\\.\\d+)?(ms|s|m|h|d))$' }, { const: 0 }] },
    form: formOf('a time', '`500ms`, `5s`, `10m`, `1h`, `90d` or `0`'),
    read: (value) => {
      const [, count = '0', unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(value)) ?? [];
      return Number(count) * UNITS[unit as keyof typeof UNITS];
    },
  });
}

const SIZES = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** A number of bytes, written as a number or as `1MiB`. */
export function bytes(told: Told<string> & { readonly fallback: string }): Field<number>;
export function bytes(told: Told<string>): Field<number | null>;
export function bytes(told: Told<string>): Field<number | null> {
  const most = Number.MAX_SAFE_INTEGER;
  return leafOrNull<number>(told, {
    schema: {
      anyOf: [
        { type: 'string', pattern: '^\\d{1,15}$|^\\d{1,6}(KiB|MiB|GiB)$' },
        { type: 'integer', minimum: 0, maximum: most },
      ],
    },
    form: formOf('a size', '`1MiB`, `64KiB` or a number of bytes'),
    read: (value) => {
      const [, count = '0', unit = ''] = /^(\d+)(KiB|MiB|GiB)?$/.exec(String(value)) ?? [];
      return Number(count) * SIZES[unit as keyof typeof SIZES];
    },
  });
}

/** A list of one kind; a single value stands for a list of one. */
export function list<T>(
  item: Field<T>,
  description: string,
  fallback: readonly unknown[] = [],
): Field<readonly T[]> {
  return leaf<readonly T[]>(
    { description, fallback },
    {
      schema: { anyOf: [{ type: 'array', items: item.schema }, item.schema] },
      form: formOf('a list', `a list, each ${item.form.hint}`),
      read: (value) => (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map(item.read),
      item,
    },
  );
}

/** Values of one kind by names that whoever writes it chooses. */
export function map<T>(item: Field<T>, description: string): Field<ReadonlyMap<string, T>> {
  return leaf<ReadonlyMap<string, T>>(
    { description, fallback: {} },
    {
      schema: { type: 'object', additionalProperties: item.schema },
      form: formOf('an object', '`name: value` lines'),
      read: (value) =>
        new Map(Object.entries(value as object).map(([name, each]) => [name, item.read(each)])),
      item,
    },
  );
}

type Members = Readonly<Record<string, Field<unknown>>>;
type ReadMembers<M extends Members> = { readonly [K in keyof M]: Read<M[K]> };

/** Exactly these members. */
export function section<const M extends Members>(description: string, members: M): Field<ReadMembers<M>> {
  const entries = Object.entries(members);
  return {
    description,
    schema: {
      type: 'object',
      description,
      additionalProperties: false,
      properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
    },
    form: formOf('an object', '`key: value` lines'),
    fallback: {},
    members,
    item: null,
    read: (value) => {
      const written = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        entries.map(([name, field]) => [
          name,
          field.read(Object.hasOwn(written, name) ? written[name] : field.fallback),
        ]),
      ) as ReadMembers<M>;
    },
  };
}

/** A section that may be left out, and is then `null`. */
export function optional<const M extends Members>(
  description: string,
  members: M,
): Field<ReadMembers<M> | null> {
  const whole = section(description, members);
  return {
    ...whole,
    schema: { ...whole.schema, type: ['object', 'null'] },
    fallback: null,
    read: (value) => (value === null ? null : whole.read(value)),
  };
}
