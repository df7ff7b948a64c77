/** Texts of other formats become plans: each by its own reader, told apart by detectors of which one alone may say yes. */
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import type { JsonValue } from '@plan-lint/runtime/json';
import { FormatError, isList, items, member, shownPlace, textOf } from './format.ts';
import type { Format } from './format.ts';
import { n8n, taskBench } from './graphs.ts';
import {
  aiSdk,
  anthropic,
  autogen,
  bedrock,
  claudeCode,
  gemini,
  langchain,
  openAiChat,
  openAiResponses,
  semanticKernel,
} from './messages.ts';
import { authzen, claudeHook, mcp } from './requests.ts';
import { openTelemetry } from './spans.ts';
import { toPlan } from './to-plan.ts';
import type { ImportedPlan } from './to-plan.ts';

export type { ImportedPlan, ImportedStep } from './to-plan.ts';

/** Every format but the plan itself. */
export const FORMATS: readonly Format[] = [
  openAiChat,
  openAiResponses,
  anthropic,
  bedrock,
  gemini,
  langchain,
  aiSdk,
  autogen,
  semanticKernel,
  mcp,
  claudeHook,
  claudeCode,
  authzen,
  openTelemetry,
  taskBench,
  n8n,
];

export type ImportProblemCode =
  | 'format.unreadable'
  | 'format.unknown'
  | 'format.ambiguous'
  | 'format.prose'
  | 'format.not_this'
  | 'format.broken';

export interface ImportProblem {
  readonly code: ImportProblemCode;
  /** One lower-case sentence. */
  readonly message: string;
  readonly hint: string;
}

export type Importing =
  | { readonly ok: true; readonly format: string; readonly imported: ImportedPlan }
  | { readonly ok: false; readonly problem: ImportProblem };

/** Transcripts and spans nest deeper than plans do. */
const MAX_DEPTH = 64;
const MARK = '\ufeff';

/**
 * Reads a text of another format as a plan. It never throws, and no call is left out: what is not understood is refused.
 *
 * @param name - a format, or `auto`: the one that alone recognises the text
 * @example importPlan(await readFile('messages.json', 'utf8'), 'openai-chat')
 */
export function importPlan(text: string, name: string): Importing {
  const documents = documentsIn(text.startsWith(MARK) ? text.slice(MARK.length) : text);
  if (documents instanceof JsonError)
    return refused('format.unreadable', documents.message, 'give it JSON, or a JSON value a line');
  return importDocuments(documents, name);
}

/** The same of values that have been read. */
export function importDocuments(documents: readonly JsonValue[], name: string): Importing {
  const seen = FORMATS.filter((format) => format.detects(documents));
  const format = name === 'auto' ? only(seen) : FORMATS.find((each) => each.name === name);
  if (!format) return unrecognised(documents, seen, name);
  if (!seen.includes(format))
    return refused('format.not_this', `no call in the format \`${format.name}\` is here`, seenHint(seen));
  try {
    return { ok: true, format: format.name, imported: toPlan(format.kind, format.read(documents)) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const where = error.at.length > 0 ? ` (\`${shownPlace(error.at)}\`)` : '';
    return refused('format.broken', `${error.message}${where}`, `that is no ${format.title}`);
  }
}

const only = (seen: readonly Format[]): Format | undefined => (seen.length === 1 ? seen[0] : undefined);

const refused = (code: ImportProblemCode, message: string, hint: string): Importing => ({
  ok: false,
  problem: { code, message, hint },
});

const seenHint = (seen: readonly Format[]): string =>
  seen.length > 0
    ? `it looks like ${seen.map((format) => `\`${format.name}\``).join(' or ')}`
    : `these are read: ${FORMATS.map((format) => `\`${format.name}\``).join(', ')}`;

function unrecognised(documents: readonly JsonValue[], seen: readonly Format[], name: string): Importing {
  if (name !== 'auto') return refused('format.unknown', 'there is no such format', seenHint([]));
  if (seen.length > 1)
    return refused('format.ambiguous', 'more than one format is seen here', seenHint(seen));
  if (documents.some(isProse))
    return refused(
      'format.prose',
      'its steps are prose, which names no tool and no argument',
      'have the planner write tool calls, or decide the calls themselves, as they are made',
    );
  return refused('format.unknown', 'no call of a known format is here', seenHint([]));
}

/** Steps as sentences (plan-and-execute), or a task for another agent (A2A). */
function isProse(document: JsonValue): boolean {
  const lists = ['plan', 'steps'].map((name) => items(member(document, name)));
  if (lists.some((list) => list.length > 0 && list.every((step) => typeof step === 'string'))) return true;
  return ['message/send', 'message/stream', 'SendMessage'].includes(textOf(document, 'method'));
}

/** One JSON value, the elements of one that is a list, or a value a line. */
function documentsIn(text: string): readonly JsonValue[] | JsonError {
  try {
    const value = parseJson(text, MAX_DEPTH);
    return isList(value) ? value : [value];
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return linesOf(text) ?? error;
  }
}

function linesOf(text: string): readonly JsonValue[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2) return null;
  try {
    return lines.map((line) => parseJson(line, MAX_DEPTH));
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}
