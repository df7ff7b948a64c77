/** The members of a configuration as data: each reads itself, says what it is, and stands in the JSON Schema. */
import { nearest } from 'plan-lint/inspect';
import { ServiceError } from '../failure.ts';

/** A JSON Schema, as it is published. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One member: what may stand there, and what stands there when nobody says. */
export interface Field<T> {
  readonly description: string;
  readonly schema: JsonSchema;
  /** @param at - the path of the member, for messages. @throws ConfigError */
  readonly read: (value: unknown, at: string) => T;
  /** What `read` is given where nothing is written. */
  readonly fallback: unknown;
  /** The members of an object; `null` for all else. */
  readonly members: Readonly<Record<string, Field<unknown>>> | null;
}

export type Read<F> = F extends Field<infer T> ? T : never;

/** A value that cannot be taken, and where it stands. */
export class ConfigError extends ServiceError {
  override readonly name = 'ConfigError';
}

const refuse = (at: string, expected: string, hint = expected): never => {
  throw new ConfigError(`\`${at}\` is not ${expected}`, `write \`${at}\` as ${hint}`);
};

interface Told<T> {
  readonly description: string;
  /** As it would be written. */
  readonly fallback?: T | string | number | null;
}

function leaf<T>(
  { description, fallback = null }: { readonly description: string; readonly fallback?: unknown },
  schema: JsonSchema,
  read: Field<T>['read'],
): Field<T> {
  return { description, schema: { ...schema, description }, read, fallback, members: null };
}

/** `null`, where nothing is written and there is no default. */
const orNull =
  <T>(read: Field<T>['read'], isOptional: boolean): Field<T | null>['read'] =>
  (value, at) =>
    value === null && isOptional ? null : read(value, at);

/** A text. */
export function text(told: Told<string> & { readonly fallback: string }): Field<string>;
export function text(told: Told<string>): Field<string | null>;
export function text(told: Told<string>): Field<string | null> {
  const isOptional = told.fallback === undefined;
  return leaf(
    told,
    { type: isOptional ? ['string', 'null'] : 'string' },
    orNull((value, at) => (typeof value === 'string' ? value : refuse(at, 'a text', '`"text"`')), isOptional),
  );
}

/** One of some words. */
export function word<const W extends string>(
  words: readonly W[],
  told: Told<W> & { readonly fallback: W },
): Field<W> {
  return leaf(told, { enum: words }, (value, at) => {
    const written = words.find((each) => each === value);
    return written ?? refuse(at, `one of ${words.join(', ')}`, words.join(' or '));
  });
}

/** Yes or no. */
export function flag(told: { readonly description: string; readonly fallback: boolean }): Field<boolean> {
  return leaf(told, { type: 'boolean' }, (value, at) =>
    typeof value === 'boolean' ? value : refuse(at, 'true or false'),
  );
}

interface Range {
  readonly least?: number;
  readonly most?: number;
}

/** A number; `null` turns off what it bounds where there is no default, or where it is written. */
export function number(told: Told<number> & Range & { readonly fallback: number }): Field<number>;
export function number(told: Told<number> & Range): Field<number | null>;
export function number({
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
  ...told
}: Told<number> & Range): Field<number | null> {
  const isOptional = told.fallback === undefined || told.fallback === null;
  const schema = { type: isOptional ? ['number', 'null'] : 'number', minimum: least, maximum: most };
  const read = (value: unknown, at: string): number =>
    typeof value === 'number' && value >= least && value <= most
      ? value
      : refuse(at, `a number from ${least} to ${most}`, `a number from ${least} to ${most}`);
  return leaf(told, schema, orNull(read, isOptional));
}

/** A share in per cent, or `null` for none. */
export const percent = (told: {
  readonly description: string;
  readonly fallback: number;
}): Field<number | null> =>
  leaf(told, { type: ['number', 'null'], minimum: 0, maximum: 100 }, (value, at) => {
    if (value === null) return null;
    return typeof value === 'number' && value >= 0 && value <= 100
      ? value
      : refuse(at, 'a percentage or null', '90, or null to turn it off');
  });

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time, written as `500ms`, `5s`, `10m`, `1h`, `90d` or `0`; read as milliseconds. */
export function span(told: Told<string> & { readonly fallback: string }): Field<number>;
export function span(told: Told<string>): Field<number | null>;
export function span(told: Told<string>): Field<number | null> {
  const isOptional = told.fallback === undefined;
  const pattern = '^(0|\\d+(\\.\\d+)?(ms|s|m|h|d))$';
  const read = (value: unknown, at: string): number => {
    if (value === 0 || value === '0') return 0;
    const written = typeof value === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value) : null;
    if (!written) return refuse(at, 'a time', '`500ms`, `5s`, `10m`, `1h`, `90d` or `0`');
    return Number(written[1]) * UNITS[written[2] as keyof typeof UNITS];
  };
  return leaf(
    told,
    { anyOf: [{ type: 'string', pattern }, { const: 0 }, { type: 'null' }] },
    orNull(read, isOptional),
  );
}

const SIZES = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** A number of bytes, written as a number or as `1MiB`. */
export function bytes(told: Told<string> & { readonly fallback: string }): Field<number>;
export function bytes(told: Told<string>): Field<number | null>;
export function bytes(told: Told<string>): Field<number | null> {
  const isOptional = told.fallback === undefined;
  const read = (value: unknown, at: string): number => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    const written = typeof value === 'string' ? /^(\d+)(KiB|MiB|GiB)?$/.exec(value) : null;
    if (!written) return refuse(at, 'a size', '`1MiB`, `64KiB` or a number of bytes');
    return Number(written[1]) * SIZES[(written[2] ?? '') as keyof typeof SIZES];
  };
  const pattern = '^\\d+(KiB|MiB|GiB)?$';
  return leaf(
    told,
    { anyOf: [{ type: 'string', pattern }, { type: 'integer' }, { type: 'null' }] },
    orNull(read, isOptional),
  );
}

/** A list of one kind; a single value stands for a list of one. */
export function list<T>(
  item: Field<T>,
  description: string,
  fallback: readonly unknown[] = [],
): Field<readonly T[]> {
  return leaf({ description, fallback }, { type: 'array', items: item.schema }, (value, at) =>
    (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map((each, i) =>
      item.read(each, `${at}[${i}]`),
    ),
  );
}

/** Values of one kind by names that whoever writes it chooses. */
export function map<T>(item: Field<T>, description: string): Field<ReadonlyMap<string, T>> {
  const schema = { type: 'object', additionalProperties: item.schema };
  return leaf({ description, fallback: {} }, schema, (value, at) => {
    if (!isObject(value)) return refuse(at, 'an object', '`name: value` lines');
    return new Map(Object.entries(value).map(([name, each]) => [name, item.read(each, `${at}.${name}`)]));
  });
}

type Members = Readonly<Record<string, Field<unknown>>>;
type ReadMembers<M extends Members> = { readonly [K in keyof M]: Read<M[K]> };

/** Exactly these members. */
export function section<const M extends Members>(description: string, members: M): Field<ReadMembers<M>> {
  return {
    description,
    schema: {
      type: 'object',
      description,
      additionalProperties: false,
      properties: Object.fromEntries(Object.entries(members).map(([name, field]) => [name, field.schema])),
    },
    fallback: {},
    members,
    read: (value, at) => readMembers(members, value, at) as ReadMembers<M>,
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
    schema: { anyOf: [whole.schema, { type: 'null' }], description },
    fallback: null,
    read: (value, at) => (value === null ? null : whole.read(value, at)),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readMembers(members: Members, value: unknown, at: string): object {
  if (!isObject(value))
    return refuse(at === '' ? 'the configuration' : at, 'an object', '`key: value` lines');
  const path = (name: string): string => (at === '' ? name : `${at}.${name}`);
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(members, name)) continue;
    const near = nearest(name, Object.keys(members));
    throw new ConfigError(
      `\`${path(name)}\` is no setting`,
      near === null ? `there are ${Object.keys(members).join(', ')}` : `did you mean \`${path(near)}\`?`,
    );
  }
  return Object.fromEntries(
    Object.entries(members).map(([name, field]) => [
      name,
      field.read(Object.hasOwn(value, name) ? value[name] : field.fallback, path(name)),
    ]),
  );
}
