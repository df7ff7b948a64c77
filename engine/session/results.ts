/**
 * What calls give, before anybody reads it. What cannot be looked at whole is handed on to nobody: binary data, what is no
 * data of JSON, more than a mebibyte of text.
 */
import { decimalText } from '../text/decimal.ts';
import type { ResultRow } from './rows.ts';

declare const Map: MapConstructor;
declare const isArray: (value: unknown) => value is readonly unknown[];
declare const isPlain: (value: object) => boolean;

/** Stands where something was taken out. */
const REDACTED = '[redacted]';
/** Of one result: characters and values that are looked at. */
const MOST_CHARACTERS = 1_048_576;
const MOST_VALUES = 100_000;
const DEEPEST = 64;
/** Of one text: lines that are looked at each on its own. */
const MOST_LINES = 20_000;

/* eslint-disable @typescript-eslint/only-throw-error -- `Error` is a global, and a module has no free name */
/** What a rule has found. */
export interface ResultFinding {
  readonly index: number;
  /** What the result is or holds, and what becomes of it. */
  readonly message: string;
}

export interface LookedAt {
  /** What may be handed on: a copy of all that was looked at; `null` where nothing may. */
  readonly kept: unknown;
  readonly isBlocked: boolean;
  readonly findings: readonly ResultFinding[];
}

/** Why a result cannot be looked at. */
interface Unseen {
  readonly unseen: string;
}

const unseen = (why: string): Unseen => ({ unseen: why });
const BINARY = unseen('is or holds binary data');
const FOREIGN = unseen('is or holds what is no data of JSON');
const LARGE = unseen(`is larger than ${MOST_CHARACTERS} characters or ${MOST_VALUES} values`);
const DEEP = unseen(`is nested deeper than ${DEEPEST} levels`);

export type LookAt = typeof lookAt;

/** @param rules - those that cover the tool, at least one */
export function lookAt(result: unknown, rules: readonly ResultRow[]): LookedAt {
  const counts = new Map<ResultRow, number>();
  let values = 0;
  let characters = 0;
  let isBlocked = false;

  /** The text as it may be handed on. */
  function textOf(text: string): string {
    characters += text.length;
    if (characters > MOST_CHARACTERS) throw LARGE;
    if (isBinaryText(text)) throw BINARY;
    let kept = text;
    for (const rule of rules) {
      const [, , , matches, , blocks] = rule;
      if (!matches(text)) continue;
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
      if (blocks) isBlocked = true;
      else if (matches(kept)) kept = without(kept, rule);
    }
    return kept === text || rules.every(([, , , matches]) => !matches(kept)) ? kept : REDACTED;
  }

  function copyOf(value: unknown, depth: number): unknown {
    values += 1;
    if (values > MOST_VALUES) throw LARGE;
    if (depth > DEEPEST) throw DEEP;
    if (typeof value === 'string') return textOf(value);
    if (typeof value === 'number' && value - value === 0) {
      const text = decimalText(value);
      return textOf(text) === text ? value : REDACTED;
    }
    if (value === null || value === undefined) return value;
    if (typeof value === 'boolean' || typeof value === 'number') return value;
    if (typeof value !== 'object') throw FOREIGN;
    if (isArray(value)) {
      const list: unknown[] = [];
      for (let i = 0; i < value.length; i += 1) list.push(copyOf(value[i], depth + 1));
      return list;
    }
    if (!isPlain(value)) throw FOREIGN;
    // Read once; a member of the name of the prototype is one of its own from here on.
    const copy: Record<string, unknown> = { ...value };
    if (isBinary(copy)) throw BINARY;
    let renamed = 0;
    for (const key in copy) {
      const kept = copyOf(copy[key], depth + 1);
      if (textOf(key) === key) copy[key] = kept;
      else {
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a member of the copy whose name may not be told
        delete copy[key];
        renamed += 1;
        copy[renamed === 1 ? REDACTED : `[redacted ${renamed}]`] = kept;
      }
    }
    return copy;
  }

  try {
    const kept = copyOf(result, 0);
    const findings: ResultFinding[] = [];
    counts.forEach((count, [index, , , , , blocks]) => {
      const where = count === 1 ? 'in one place' : `in ${count} places`;
      findings.push({
        index,
        message: `holds what \`results\` forbids, ${where}: ${blocks ? 'blocked' : 'redacted'}`,
      });
    });
    return { kept: isBlocked ? null : kept, isBlocked, findings };
  } catch (error) {
    const why = isUnseen(error) ? error.unseen : 'cannot be read';
    const [first] = rules;
    const message = `${why}, so nobody can tell what it says: blocked`;
    return { kept: null, isBlocked: true, findings: first ? [{ index: first[0], message }] : [] };
  }
}

const isUnseen = (error: unknown): error is Unseen =>
  error === BINARY || error === FOREIGN || error === LARGE || error === DEEP;

/** The lines that match taken out of a text, where a match is within one; else all of it. */
function without(text: string, [, , , matches, isOfLine]: ResultRow): string {
  if (!isOfLine) return REDACTED;
  const lines = text.split('\n');
  if (lines.length > MOST_LINES) return REDACTED;
  const kept = lines.map((line) => (matches(line) ? REDACTED : line)).join('\n');
  return matches(kept) ? REDACTED : kept;
}

/** A text with a zero character is none, and what is encoded cannot be read. */
const isBinaryText = (text: string): boolean => text.includes('\0') || /^\s*data:[^,]*;base64,/iu.test(text);

const MEDIA_TYPES = ['mimeType', 'mime_type', 'mediaType', 'media_type'];
const DATA = ['data', 'blob', 'base64', 'bytes'];
const BINARY_TYPES = ['image', 'audio', 'base64', 'Buffer'];

/** As MCP and the providers of models write pictures, sounds and files, and Node.js its buffers. */
function isBinary(object: Readonly<Record<string, unknown>>): boolean {
  const hasData = DATA.some((key) => typeof object[key] === 'string' || isArray(object[key]));
  if (!hasData) return false;
  if (typeof object['blob'] === 'string') return true;
  if (MEDIA_TYPES.some((key) => typeof object[key] === 'string')) return true;
  const { type } = object;
  return typeof type === 'string' && BINARY_TYPES.includes(type);
}
