/** What the validators of tools' arguments call; the code around these calls is ajv's, see `5-emit/validators`. */
import { get } from './core.ts';
import { scaled } from '../text/decimal.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];
declare const hasOwn: (object: object, key: string) => boolean;
declare const Map: MapConstructor;

/** A finding: where (JSON pointer, RFC 6901) and what must be so. */
export type ArgFinding = readonly [pointer: string, phrase: string];

export interface Validator {
  (args: unknown): boolean;
  readonly errors: readonly ArgFinding[] | null;
}

/** How many schemas behind references one step may ask; recursion in two places at once grows without end. */
const MOST_CALLS = 100_000;
/** The same for all steps of one plan. */
const MOST_OF_PLAN = 250_000;
let calls = 0;
let callsOfPlan = 0;

/** Called when a plan is to be decided, or what fired is to be put into words. */
export function beginArgs(): void {
  callsOfPlan = 0;
}

/** Whether one more schema behind a reference may be asked. */
export function enter(): boolean {
  calls += 1;
  callsOfPlan += 1;
  return calls <= MOST_CALLS && callsOfPlan <= MOST_OF_PLAN;
}

/** The findings of one validator, and behind them those of another that it has asked. */
export function taken(held: ArgFinding[] | null, more: ArgFinding[]): ArgFinding[] {
  if (held === null) return more;
  for (const finding of more) held.push(finding);
  return held;
}

/** Whether a step's arguments break the schema of its tool; those of a tool without one do not. */
export function breaks(validators: ReadonlyMap<string, Validator>, tool: string, args: unknown): boolean {
  const validate = validators.get(tool);
  if (validate === undefined) return false;
  calls = 0;
  // Too many calls end in a `false`, which a `not` would turn round.
  return !validate(args) || calls > MOST_CALLS || callsOfPlan > MOST_OF_PLAN;
}

/** The finding to show: the first, or the choice that it belongs to. */
export function firstFinding(validate: Validator | undefined): ArgFinding {
  const findings = validate?.errors ?? [];
  const first = findings[0];
  if (first === undefined) return ['', 'takes more work to be checked than one plan may'];
  for (const finding of findings) {
    const [pointer, phrase] = finding;
    if (phrase.includes('of the forms') && first[0].startsWith(pointer)) return finding;
  }
  return first;
}

/**
 * Whether a value is one reference and nothing else, `${step.result.x}` or `{{step.result.x}}`: it stands for what is
 * not known before the plan runs. A text with a reference in it is a text.
 */
export function isLater(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const end = value.length;
  const dollar = value.startsWith('${') && value.indexOf('}') === end - 1;
  const braces = value.startsWith('{{') && value.indexOf('}}') === end - 2;
  if (!dollar && !braces) return false;
  const inside = value.slice(2, dollar ? end - 1 : end - 2).trim();
  if (inside.includes('{') || inside.includes('}')) return false;
  const dot = inside.indexOf('.result');
  const next = inside.charAt(dot + 7);
  return dot > 0 && (next === '' || next === '.' || next === '[');
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
