import type { JsonValue } from '@plan-lint/runtime/json';

export type JsonRecord = Readonly<Record<string, JsonValue>>;

/** Whether a value is an object of JSON, and no list. */
export const isRecord = (value: JsonValue | undefined): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
