/** Formats of which a document asks for one call: requests of protocols, inputs of hooks. */
import type { JsonValue } from '@plan-lint/runtime/json';
import { callOf, counted } from './calls.ts';
import { FormatError, isRecord, items, member } from './format.ts';
import type { Format, Found, FoundCall, JsonRecord, Place } from './format.ts';

interface Request extends Pick<Format, 'name' | 'title'> {
  readonly isOwn: (document: JsonValue) => boolean;
  readonly call: (document: JsonValue, at: Place) => FoundCall;
  /** Whether a document is the answer to one. */
  readonly isResult: (document: JsonValue) => boolean;
}

function requestsOf({ name, title, isOwn, call, isResult }: Request): Format {
  return {
    name,
    title,
    kind: 'trace',
    detects: (documents) => documents.some(isOwn),
    read(documents): Found {
      const groups = documents.flatMap((document, i) =>
        isOwn(document) ? [[call(document, documents.length > 1 ? [i] : [])]] : [],
      );
      return { groups, lost: counted(documents.filter(isResult).length, 'result') };
    },
  };
}

const isJsonRpc = (document: JsonValue): boolean => member(document, 'jsonrpc') === '2.0';

export const mcp = requestsOf({
  name: 'mcp',
  title: 'Model Context Protocol: `tools/call` requests, one or a stream of them',
  isOwn: (document) => isJsonRpc(document) && member(document, 'method') === 'tools/call',
  isResult: (document) => isJsonRpc(document) && member(document, 'result') !== undefined,
  call(document, at) {
    const params = member(document, 'params');
    return callOf({
      id: member(document, 'id'),
      tool: member(params, 'name'),
      args: member(params, 'arguments'),
      at: [...at, 'params'],
    });
  },
});

export const claudeHook = requestsOf({
  name: 'claude-hook',
  title: 'Claude Code: the input of a `PreToolUse` hook',
  isOwn: (document) =>
    member(document, 'hook_event_name') === 'PreToolUse' && member(document, 'tool_name') !== undefined,
  isResult: (document) => member(document, 'hook_event_name') === 'PostToolUse',
  call: (document, at) =>
    callOf({
      id: member(document, 'tool_use_id'),
      tool: member(document, 'tool_name'),
      args: member(document, 'tool_input'),
      at,
    }),
});

const isEvaluation = (value: JsonValue): boolean =>
  ['subject', 'action', 'resource'].every((name) => isRecord(member(value, name)));

/** The tuples of a request: one, or a list with defaults. */
function tuplesOf(
  document: JsonValue,
  at: Place,
): readonly { readonly value: JsonRecord; readonly at: Place }[] {
  if (!isRecord(document)) return [];
  const { evaluations, ...defaults } = document;
  const all = items(evaluations);
  if (all.length === 0) return [{ value: defaults, at }];
  return all.map((each, i) => ({
    value: { ...defaults, ...(isRecord(each) ? each : {}) },
    at: [...at, 'evaluations', i],
  }));
}

/** AuthZEN Authorization API 1.0: a tuple is a call, unless it holds a plan. */
export const authzen: Format = {
  name: 'authzen',
  title: 'OpenID AuthZEN: an evaluation, or several',
  kind: 'trace',
  detects: (documents) =>
    documents.some((document) => tuplesOf(document, []).some(({ value }) => isEvaluation(value))),
  read(documents) {
    const tuples = documents.flatMap((document, i) => tuplesOf(document, documents.length > 1 ? [i] : []));
    for (const { value, at } of tuples)
      if (!isEvaluation(value))
        throw new FormatError('an evaluation has `subject`, `action` and `resource`', at);
    const [first] = tuples;
    if (first && tuples.length === 1 && member(first.value['resource'], 'type') === 'plan')
      return { groups: [], lost: [], plan: member(first.value['resource'], 'properties') ?? null };
    return {
      groups: tuples.map(({ value, at }) => [callOfTuple(value, at)]),
      lost: counted(tuples.length, 'subject'),
    };
  },
};

function callOfTuple({ action, resource }: JsonRecord, at: Place): FoundCall {
  const [type, id, name] = [member(resource, 'type'), member(resource, 'id'), member(action, 'name')];
  const own = { ...record(member(resource, 'properties')), ...record(member(action, 'properties')) };
  if (type === 'tool' && name === 'tools/call') return callOf({ tool: id, args: own, at });
  if (typeof type !== 'string' || typeof name !== 'string')
    throw new FormatError('an evaluation here names no type of resource, or no action', at);
  return callOf({ tool: `${type}.${name}`, args: { ...own, ...(id !== undefined && { id }) }, at });
}

const record = (value: JsonValue | undefined): JsonRecord => (isRecord(value) ? value : {});
