/**
 * JSON-RPC 2.0 as MCP uses it, read strictly: one message a text, no batch, no member twice, nothing that another reader could read as
 * something else. What goes on is written anew from what was read, so what was decided is what arrives.
 */
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import type { JsonValue } from '@plan-lint/runtime/json';
import { isRecord } from '../../record.ts';
import type { JsonRecord } from '../../record.ts';

export { isRecord };
export type { JsonRecord };

export type Id = string | number;

export interface Request {
  readonly kind: 'request';
  readonly id: Id;
  readonly method: string;
  readonly params: JsonRecord | undefined;
}

export interface Notification {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: JsonRecord | undefined;
}

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}

export interface Response {
  readonly kind: 'response';
  /** `null` where the other side could not tell what it answers. */
  readonly id: Id | null;
  readonly result?: JsonRecord;
  readonly error?: RpcError;
}

export type Message = Request | Notification | Response;

/** JSON-RPC 2.0 §5.1, and what we answer where a policy says no (the range that is left to servers). */
export const RPC = {
  parse: -32700,
  invalid: -32600,
  unknownMethod: -32601,
  invalidParams: -32602,
  internal: -32603,
  denied: -32000,
} as const;

/** A text that is no message; it quotes nothing of it. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: number;
  /** Of the request, where it can be told. */
  readonly id: Id | null;

  constructor(code: number, message: string, id: Id | null = null) {
    super(message);
    this.code = code;
    this.id = id;
  }
}

const DEEPEST = 128;

/** A member of an object; `undefined` of anything else. */
export const member = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** The elements of a list; none of anything else. */
export const items = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]) : [];

/** A copy of an object without some of its members. */
export const without = (record: JsonRecord, names: readonly string[]): JsonRecord =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));

const isId = (value: JsonValue | undefined): value is Id =>
  typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value));

/** Two ids are the same where this is. */
export const keyOf = (id: Id): string => JSON.stringify(id);

/** @throws WireError */
export function readMessage(text: string): Message {
  let value: JsonValue;
  try {
    value = parseJson(text, DEEPEST);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new WireError(RPC.parse, `the message cannot be read: ${error.message}`);
  }
  if (Array.isArray(value)) throw new WireError(RPC.invalid, 'batches are not taken');
  if (!isRecord(value)) throw new WireError(RPC.invalid, 'a message is an object');
  const id = value['id'];
  const invalid = (why: string): WireError => new WireError(RPC.invalid, why, isId(id) ? id : null);
  if (value['jsonrpc'] !== '2.0') throw invalid('`jsonrpc` is not "2.0"');
  if (!isFinite(value)) throw invalid('a number is too large');
  return 'method' in value ? asked(value, invalid) : answered(value, invalid);
}

type Invalid = (why: string) => WireError;

function only(value: JsonRecord, names: readonly string[], invalid: Invalid): void {
  if (!Object.keys(value).every((name) => names.includes(name)))
    throw invalid('a message has members that do not belong together');
}

function asked(value: JsonRecord, invalid: Invalid): Request | Notification {
  only(value, ['jsonrpc', 'id', 'method', 'params'], invalid);
  const { id, method, params } = value;
  if (typeof method !== 'string') throw invalid('`method` is a text');
  if (params !== undefined && !isRecord(params)) throw invalid('`params` is an object');
  if (!('id' in value)) return { kind: 'notification', method, params };
  if (!isId(id)) throw invalid('`id` is a text or a whole number');
  return { kind: 'request', id, method, params };
}

function answered(value: JsonRecord, invalid: Invalid): Response {
  only(value, ['jsonrpc', 'id', 'result', 'error'], invalid);
  const { id, result, error } = value;
  if (id !== null && !isId(id)) throw invalid('`id` is a text or a whole number');
  if ('result' in value === 'error' in value) throw invalid('an answer has a `result` or an `error`');
  if (!('error' in value)) {
    if (!isRecord(result)) throw invalid('`result` is an object');
    return { kind: 'response', id, result };
  }
  const code = member(error, 'code');
  const message = member(error, 'message');
  if (typeof code !== 'number' || typeof message !== 'string')
    throw invalid('`error` has a `code` and a `message`');
  const data = member(error, 'data');
  return { kind: 'response', id, error: { code, message, ...(data !== undefined && { data }) } };
}

/** What the reader gives for `1e999` is no number that can be written again. */
function isFinite(value: JsonValue): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value as Readonly<Record<string, JsonValue>>).every(isFinite);
}

/**
 * Whether a name of a member has to be written with an escape. V8 12.9 to 14.6 can be made to read such a name as another one
 * (nodejs/node#63785), so a server could run another call than the one that was decided.
 */
export function hasEscapedName(value: JsonValue | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).some(hasEscapedName);
  return Object.entries(value as JsonRecord).some(
    ([name, inner]) => JSON.stringify(name) !== `"${name}"` || hasEscapedName(inner),
  );
}

/** One line, without its end. */
export const writeMessage = (message: Message): string =>
  JSON.stringify({ jsonrpc: '2.0', ...message, kind: undefined });

export const errorAnswer = (id: Id | null, code: number, message: string, data?: JsonValue): Response => ({
  kind: 'response',
  id,
  error: { code, message, ...(data !== undefined && { data }) },
});
