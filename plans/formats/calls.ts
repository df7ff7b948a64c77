/** The parts of a call, as nearly all formats have them. */
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import type { JsonValue } from '@plan-lint/runtime/json';
import { FormatError, isRecord, textIn } from './format.ts';
import type { FoundCall, JsonRecord, Place } from './format.ts';

/** Depth of a text within a text. */
const MAX_DEPTH = 32;

interface Parts {
  readonly id?: JsonValue | undefined;
  readonly tool: JsonValue | undefined;
  readonly args: JsonValue | undefined;
  readonly at: Place;
}

/** A call whose arguments are an object. @throws FormatError where there is no name, or no object */
export function callOf({ id, tool, args, at }: Parts): FoundCall {
  return { id: idOf(id), tool: nameOf(tool, at), args: argsOf(args, at), at };
}

/** A call whose arguments are a text that holds an object. @throws FormatError */
export function callOfText({ id, tool, args, at }: Parts): FoundCall {
  return { id: idOf(id), tool: nameOf(tool, at), args: argsIn(args, at), at };
}

function nameOf(tool: JsonValue | undefined, at: Place): string {
  if (typeof tool === 'string' && tool !== '') return tool;
  throw new FormatError('a call here names no tool', at);
}

function idOf(id: JsonValue | undefined): string | null {
  if (typeof id === 'number') return `${id}`;
  return textIn(id) === '' ? null : textIn(id);
}

/** No arguments are no arguments; anything but an object is not understood. */
function argsOf(args: JsonValue | undefined, at: Place): JsonRecord {
  if (args === undefined || args === null) return {};
  if (isRecord(args)) return args;
  throw new FormatError('the arguments of a call here are no object', at);
}

function argsIn(args: JsonValue | undefined, at: Place): JsonRecord {
  if (typeof args !== 'string') return argsOf(args, at);
  // What a call without arguments is streamed as.
  if (args.trim() === '') return {};
  return argsOf(parsed(args, at), at);
}

function parsed(text: string, at: Place): JsonValue {
  try {
    return parseJson(text, MAX_DEPTH);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new FormatError(`the text of the arguments here is no plain JSON: ${error.message}`, at);
  }
}

/** `3 results`, `1 result`; nothing of none. */
export const counted = (count: number, one: string, many = `${one}s`): readonly string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
