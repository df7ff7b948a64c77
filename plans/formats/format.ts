/** What people have instead of a plan, and how calls are found in it. */
import type { JsonValue } from '@plan-lint/runtime/json';

export type JsonRecord = Readonly<Record<string, JsonValue>>;

/** Members and places on the way to a value, for a message: `choices[0].message.tool_calls[1]`. */
export type Place = readonly (string | number)[];

/** A call as a format has it. */
export interface FoundCall {
  /** How its own format names it; `null` where it does not. */
  readonly id: string | null;
  readonly tool: string;
  readonly args: JsonRecord;
  readonly at: Place;
  /** Ids, of the format, of what must have ended before; left out where the order of the file says it. */
  readonly after?: readonly string[];
  readonly onFail?: 'continue';
}

/** What a reader of a format found. Calls of one group were made at once; groups follow one another. */
export interface Found {
  readonly groups: readonly (readonly FoundCall[])[];
  /** What is not in the plan, in words: `3 results`. */
  readonly lost: readonly string[];
  readonly goal?: string;
  /** A plan as it stands, where the format wraps one. */
  readonly plan?: JsonValue;
}

export interface Format {
  readonly name: string;
  /** Whose it is, as a list of formats says it. */
  readonly title: string;
  /** `trace`: what was called, in order; its arguments are values. `plan`: what is meant to be called. */
  readonly kind: 'plan' | 'trace';
  /** Whether a text of this format is seen here. */
  readonly detects: (documents: readonly JsonValue[]) => boolean;
  /** @throws FormatError */
  readonly read: (documents: readonly JsonValue[]) => Found;
}

/** Why a text of a format is no plan; the message is one lower-case sentence and quotes no argument. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly at: Place;

  constructor(message: string, at: Place) {
    super(message);
    this.at = at;
  }
}

export const isRecord = (value: JsonValue | undefined): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

/** A member of an object; `undefined` of anything else. */
export const member = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** The elements of a list; none of anything else. */
export const items = (value: JsonValue | undefined): readonly JsonValue[] => (isList(value) ? value : []);

export const textIn = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' ? value : null;

/** A member that is a text; `''` where it is none. */
export const textOf = (value: JsonValue | undefined, name: string): string =>
  textIn(member(value, name)) ?? '';

export const shownPlace = (at: Place): string =>
  at.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${part}`)).join('');
