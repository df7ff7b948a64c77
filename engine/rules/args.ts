/** What the validators of tools' arguments call; the code around these calls is ajv's, see `5-emit/validators`. */
import { get } from './core.ts';
import { argsOf, QUIET } from '../module/question.ts';
import type { Question } from '../module/question.ts';
import { scaled } from '../text/decimal.ts';
import { isOpaque, isWhole, UnknownValue } from '../text/references.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];
declare const hasOwn: (object: object, key: string) => boolean;
declare const Map: MapConstructor;

/** A finding: where (JSON pointer, RFC 6901) and what must be so. */
export type ArgFinding = readonly [pointer: string, phrase: string];

export interface Validator {
  (args: unknown, path: string, question: Question): boolean;
  readonly errors: readonly ArgFinding[] | null;
}

/** How many schemas behind references one step may ask; recursion in two places at once grows without end. */
const MOST_CALLS = 100_000;
/** The same for all steps of one plan. */
const MOST_OF_PLAN = 250_000;

/** Whether one more schema behind a reference may be asked. */
export function enter(question: Question): boolean {
  question.calls += 1;
  question.callsOfPlan += 1;
  return isWithinLimits(question);
}

const isWithinLimits = ({ calls, callsOfPlan }: Question): boolean =>
  calls <= MOST_CALLS && callsOfPlan <= MOST_OF_PLAN;

/** The findings of one validator, and behind them those of another that it has asked. */
export function taken(held: ArgFinding[] | null, more: ArgFinding[]): ArgFinding[] {
  if (held === null) return more;
  for (const finding of more) held.push(finding);
  return held;
}

/** What a schema says of its arguments' values: see `Needs` in `5-emit/validators/needs.ts`. */
type Needs = readonly [always: 0 | 1, free: readonly string[], text: readonly string[], others: 0 | 1 | 2];
/** What it says of the arguments that it does not declare: nothing, and no more than that they are texts. */
const OTHERS_FREE = 0;
const OTHERS_TEXT = 2;

/** The schema of a tool, as the module writes it down; `schemaOf` says what stands where. */
export type Schemas = ReadonlyMap<string, readonly [Validator, Needs, declared: readonly string[]]>;

export interface Schema {
  readonly validate: Validator;
  /** What it says of which arguments. */
  readonly needs: Needs;
  /** The names of the arguments that it declares. */
  readonly declared: readonly string[];
}

export function schemaOf(schemas: Schemas, tool: string): Schema | null {
  const packed = schemas.get(tool);
  if (packed === undefined) return null;
  const [validate, needs, declared] = packed;
  return { validate, needs, declared };
}

/**
 * Whether the arguments of the step break the schema of its tool; those of a tool without one do not. Where the question is
 * quiet, what is not known is taken to be as it must be.
 */
export function breaks(schemas: Schemas, question: Question): boolean {
  const { step, mode } = question;
  const schema = schemaOf(schemas, step.tool);
  return schema !== null && breaksSchema(schema, question, mode === QUIET);
}

export function breaksSchema(schema: Schema, question: Question, quiet: boolean): boolean {
  const args = argsOf(question.step);
  question.calls = 0;
  const isOpen = holdsUnknown(args);
  // Too many calls end in a `false`, which a `not` would turn round.
  if (!schema.validate(isOpen ? forSchema(args) : args, '', question) || !isWithinLimits(question))
    return true;
  if (!isOpen) return false;
  const open = firstOpen(schema, args as Members);
  return open !== null && (!quiet || isOpaque(open.value));
}

type Members = Readonly<Record<string, unknown>>;

/** The first argument of whose value the schema says something, though it is not known; what is not understood comes first. */
export function firstOpen(
  { needs: [always, free, text, others], declared }: Schema,
  args: Members,
): { readonly arg: string; readonly value: UnknownValue } | null {
  let reference: { readonly arg: string; readonly value: UnknownValue } | null = null;
  for (const arg in args) {
    const value = args[arg];
    const unknown = firstUnknown(value);
    if (unknown === null) continue;
    if (!always) {
      const isDeclared = declared.includes(arg);
      if (isDeclared ? free.includes(arg) : others === OTHERS_FREE) continue;
      const isText = value === unknown && !isOpaque(unknown) && !isWhole(unknown);
      if (isText && (isDeclared ? text.includes(arg) : others === OTHERS_TEXT)) continue;
    }
    if (isOpaque(unknown)) return { arg, value: unknown };
    reference ??= { arg, value: unknown };
  }
  return reference;
}

/** What is not known at or below a value; what is not understood before references. */
function firstUnknown(value: unknown): UnknownValue | null {
  if (typeof value !== 'object' || value === null) return null;
  if (value instanceof UnknownValue) return value;
  let found: UnknownValue | null = null;
  for (const key in value) {
    const unknown = firstUnknown((value as Members)[key]);
    if (unknown !== null && isOpaque(unknown)) return unknown;
    found ??= unknown;
  }
  return found;
}

function holdsUnknown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof UnknownValue) return true;
  for (const key in value) if (holdsUnknown((value as Members)[key])) return true;
  return false;
}

/** The arguments with a function for what is not known: no keyword takes one for a value of any type. */
function forSchema(value: unknown): unknown {
  if (value instanceof UnknownValue) return () => value.text;
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map(forSchema);
  const copy: Record<string, unknown> = { ...value };
  for (const key in copy) copy[key] = forSchema(copy[key]);
  return copy;
}

/** The finding to show: the first, or the choice that it belongs to. */
export function firstFinding(validate: Validator): ArgFinding {
  const findings = validate.errors ?? [];
  const first = findings[0];
  if (first === undefined) return ['', 'takes more work to be checked than one plan may'];
  for (const finding of findings) {
    const [pointer, phrase] = finding;
    if (phrase.includes('of the forms') && first[0].startsWith(pointer)) return finding;
  }
  return first;
}

/** Whether a value is not known yet, see `forSchema`. */
export function isLater(value: unknown): boolean {
  return typeof value === 'function';
}

export function keysOf(object: object): string[] {
  const keys: string[] = [];
  for (const key in object) if (hasOwn(object, key)) keys.push(key);
  return keys;
}

export function isNotNumber(value: number): boolean {
  return value !== value;
}

/** JSON Schema core §4.2.2: numbers by value, arrays by element, objects by member. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isArray(a) || isArray(b)) {
    if (!isArray(a) || !isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i += 1) if (!same(a[i], b[i])) return false;
    return true;
  }
  const keys = keysOf(a);
  if (keys.length !== keysOf(b).length) return false;
  for (const key of keys) if (!hasOwn(b, key) || !same(get(a, key), get(b, key))) return false;
  return true;
}

export function isAmong(value: unknown, values: readonly unknown[]): boolean {
  for (const each of values) if (same(value, each)) return true;
  return false;
}

/** Whether no element occurs twice. Elements are told apart by one text each, so the time is that of reading them. */
export function isUnique(array: readonly unknown[]): boolean {
  const seen = new Map<string, boolean>();
  for (const element of array) {
    const text = spelled(element);
    if (seen.has(text)) return false;
    seen.set(text, true);
  }
  return true;
}

/** A text that equal values share and no others. */
function spelled(value: unknown): string {
  if (typeof value === 'string') return `"${value.length}:${value}`;
  if (typeof value === 'function') return `=${(value as () => string)()}`;
  if (typeof value !== 'object' || value === null) return `${value as number | boolean | null}`;
  let text = '';
  if (isArray(value)) {
    for (const element of value) text += `${spelled(element)},`;
    return `[${text}]`;
  }
  for (const key of keysOf(value).sort()) text += `${spelled(key)}=${spelled(get(value, key))},`;
  return `{${text}}`;
}

/** Whether a number is a whole multiple of another, both as their decimal texts say. */
export function isMultiple(value: number, of: number): boolean {
  const scale = 10 ** larger(decimals(value), decimals(of));
  const [a, b] = [round(value * scale), round(of * scale)];
  // Up to here the product is off by less than a half; beyond, rounding would not find the digits.
  const exact = a <= 2251799813685248 && a >= -2251799813685248 && scale <= 1e15;
  if (exact) return a % b === 0;
  return value - value === 0 && scaled(value < 0 ? -value : value) % scaled(of) === 0n;
}

const larger = (a: number, b: number): number => (a > b ? a : b);

const round = (x: number): number => {
  const rest = x % 1;
  if (rest >= 0.5) return x - rest + 1;
  return rest <= -0.5 ? x - rest - 1 : x - rest;
};

/** Digits behind the point of a number's decimal text, `1e-7` among them. */
function decimals(x: number): number {
  const text = `${x}`;
  const e = text.indexOf('e');
  const digits = e < 0 ? text : text.slice(0, e);
  const point = digits.indexOf('.');
  const own = point < 0 ? 0 : digits.length - point - 1;
  const exponent = e < 0 ? 0 : +text.slice(e + 1);
  return larger(own - exponent, 0);
}

/** A name of the plan as a part of a JSON pointer. */
export function pointed(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
