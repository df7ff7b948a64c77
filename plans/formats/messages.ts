/** Formats that are lists of messages: what one message calls is called at once, and messages follow one another. */
import type { JsonValue } from '@plan-lint/runtime/json';
import { callOf, callOfText, counted } from './calls.ts';
import { FormatError, isList, isRecord, items, member, textOf } from './format.ts';
import type { Format, FoundCall, Place } from './format.ts';

/** A message, and where it stands. */
export interface Message {
  readonly value: JsonValue;
  readonly at: Place;
}

/** Of a message, what it calls; of a part that is a result, that it is one. */
interface Calls {
  readonly calls: readonly FoundCall[];
  readonly results: number;
}

interface Dialect extends Pick<Format, 'name' | 'title'> {
  /** The messages in a document, which may be one itself. */
  readonly messages: (document: Message) => readonly Message[];
  /** @throws FormatError */
  readonly calls: (message: Message) => Calls;
  readonly isOwn: (message: JsonValue) => boolean;
}

function traceOf({ name, title, messages, calls, isOwn }: Dialect): Format {
  const all = (documents: readonly JsonValue[]): readonly Message[] =>
    documents.flatMap((value, i) => messages({ value, at: documents.length > 1 ? [i] : [] }));
  return {
    name,
    title,
    kind: 'trace',
    detects: (documents) => all(documents).some(({ value }) => isOwn(value)),
    read(documents) {
      const found = all(documents).map(calls);
      const results = found.reduce((sum, each) => sum + each.results, 0);
      return {
        groups: found.map((each) => each.calls).filter((group) => group.length > 0),
        lost: counted(results, 'result'),
      };
    },
  };
}

/** The lists of messages under some members of a document; the document itself where it has none of them. */
export const under =
  (...names: readonly string[]) =>
  (document: Message): readonly Message[] => {
    const holder = names.find((name) => Array.isArray(member(document.value, name)));
    if (holder === undefined) return [document];
    return elements(document, holder);
  };

/** What a member lists. None where it is absent or a text; @throws FormatError for anything else, which might hide a call */
export function elements({ value, at }: Message, name: string): readonly Message[] {
  const list = member(value, name);
  if (!isList(list) && list !== undefined && list !== null && typeof list !== 'string')
    throw new FormatError(`\`${name}\` is no list`, at);
  return items(list).map((each, i) => ({ value: each, at: [...at, name, i] }));
}

const partsOf = (message: Message, name = 'content'): readonly Message[] => elements(message, name);
const isOfType = (value: JsonValue, ...types: readonly string[]): boolean =>
  types.includes(textOf(value, 'type'));

const hasFunction = (call: JsonValue): boolean => isRecord(member(call, 'function'));

/** Chat Completions: messages, a request, or an answer with choices. */
export const openAiChat = traceOf({
  name: 'openai-chat',
  title: 'OpenAI Chat Completions: messages with `tool_calls[].function`',
  messages(document) {
    if (isList(member(document.value, 'choices')))
      return elements(document, 'choices').map(({ value, at }) => ({
        value: member(value, 'message') ?? null,
        at: [...at, 'message'],
      }));
    return under('messages')(document);
  },
  isOwn: (message) =>
    items(member(message, 'tool_calls')).some(hasFunction) || isRecord(member(message, 'function_call')),
  calls(message) {
    const { value, at } = message;
    const written = elements(message, 'tool_calls').map(({ value: call, at: place }) => {
      const own = member(call, 'function');
      return callOfText({
        id: member(call, 'id'),
        tool: member(own, 'name'),
        args: member(own, 'arguments'),
        at: place,
      });
    });
    const old = member(value, 'function_call');
    const single = isRecord(old)
      ? [callOfText({ tool: old['name'], args: old['arguments'], at: [...at, 'function_call'] })]
      : [];
    const isResult = ['tool', 'function'].includes(textOf(value, 'role'));
    return { calls: [...written, ...single], results: isResult ? 1 : 0 };
  },
});

/** Responses: items one after the other; those without anything between are made at once. */
export const openAiResponses = traceOf({
  name: 'openai-responses',
  title: 'OpenAI Responses: items of the type `function_call`',
  messages: (document) => batches(under('output', 'input')(document)),
  isOwn: (batch) => items(batch).some((each) => isOfType(each, 'function_call')),
  calls({ value, at }) {
    const all = items(value);
    const calls = all.flatMap((call, i) =>
      isOfType(call, 'function_call')
        ? [
            callOfText({
              id: member(call, 'call_id') ?? member(call, 'id'),
              tool: member(call, 'name'),
              args: member(call, 'arguments'),
              at: placeIn(at, i),
            }),
          ]
        : [],
    );
    return { calls, results: all.filter((each) => isOfType(each, 'function_call_output')).length };
  },
});

/** Neighbouring calls as one message, whose place is that of the first. */
function batches(all: readonly Message[]): readonly Message[] {
  const groups: { value: JsonValue[]; at: Place; isCalls: boolean }[] = [];
  for (const { value, at } of all) {
    const isCalls = isOfType(value, 'function_call');
    const last = groups.at(-1);
    if (last && last.isCalls === isCalls) last.value.push(value);
    else groups.push({ value: [value], at, isCalls });
  }
  return groups;
}

/** The place of the n-th after one. */
const placeIn = (at: Place, n: number): Place => {
  const last = at.at(-1);
  return typeof last === 'number' ? [...at.slice(0, -1), last + n] : at;
};

function anthropicCalls(message: Message): Calls {
  const parts = partsOf(message);
  const calls = parts.flatMap(({ value, at }) =>
    isOfType(value, 'tool_use')
      ? [callOf({ id: member(value, 'id'), tool: member(value, 'name'), args: member(value, 'input'), at })]
      : [],
  );
  return { calls, results: parts.filter(({ value }) => isOfType(value, 'tool_result')).length };
}

const hasToolUse = (message: JsonValue | undefined): boolean =>
  items(member(message, 'content')).some((part) => isOfType(part, 'tool_use'));

export const anthropic = traceOf({
  name: 'anthropic',
  title: 'Anthropic Messages: content of the type `tool_use`',
  messages: under('messages'),
  isOwn: hasToolUse,
  calls: anthropicCalls,
});

/** A transcript: a line has `sessionId` and holds a message of the API. */
export const claudeCode = traceOf({
  name: 'claude-code',
  title: 'Claude Code: the lines of a transcript',
  messages: ({ value, at }) => [{ value, at }],
  isOwn: (line) => typeof member(line, 'sessionId') === 'string' && hasToolUse(member(line, 'message')),
  calls: ({ value, at }) =>
    anthropicCalls({ value: member(value, 'message') ?? null, at: [...at, 'message'] }),
});

export const bedrock = traceOf({
  name: 'bedrock',
  title: 'Amazon Bedrock Converse: content with `toolUse`',
  messages(document) {
    const output = member(member(document.value, 'output'), 'message');
    return output === undefined
      ? under('messages')(document)
      : [{ value: output, at: [...document.at, 'output', 'message'] }];
  },
  isOwn: (message) => items(member(message, 'content')).some((part) => isRecord(member(part, 'toolUse'))),
  calls(message) {
    const parts = partsOf(message);
    const calls = parts.flatMap(({ value, at }) => {
      const use = member(value, 'toolUse');
      return isRecord(use)
        ? [callOf({ id: use['toolUseId'], tool: use['name'], args: use['input'], at: [...at, 'toolUse'] })]
        : [];
    });
    return { calls, results: parts.filter(({ value }) => isRecord(member(value, 'toolResult'))).length };
  },
});

/** Gemini and the Agent Development Kit: parts with `functionCall`. */
export const gemini = traceOf({
  name: 'gemini',
  title: 'Gemini and Google ADK: parts with `functionCall`',
  messages(document) {
    return under(
      'candidates',
      'contents',
      'events',
    )(document).map(({ value, at }) => {
      const content = member(value, 'content');
      return isRecord(content) ? { value: content, at: [...at, 'content'] } : { value, at };
    });
  },
  isOwn: (message) => items(member(message, 'parts')).some((part) => isRecord(member(part, 'functionCall'))),
  calls(message) {
    const parts = elements(message, 'parts');
    const calls = parts.flatMap(({ value, at }) => {
      const call = member(value, 'functionCall');
      return isRecord(call)
        ? [callOf({ id: call['id'], tool: call['name'], args: call['args'], at: [...at, 'functionCall'] })]
        : [];
    });
    return {
      calls,
      results: parts.filter(({ value }) => isRecord(member(value, 'functionResponse'))).length,
    };
  },
});

/** A message, or the constructor of one as LangChain serialises it. */
const langchainMessage = ({ value, at }: Message): Message => {
  const inner = member(value, 'lc') === undefined ? undefined : member(value, 'kwargs');
  return isRecord(inner) ? { value: inner, at: [...at, 'kwargs'] } : { value, at };
};

export const langchain = traceOf({
  name: 'langchain',
  title: 'LangChain: messages with `tool_calls[].args`',
  messages: (document) => under('messages')(document).map(langchainMessage),
  isOwn: (message) =>
    items(member(message, 'tool_calls')).some((call) => !hasFunction(call) && isRecord(member(call, 'args'))),
  calls(message) {
    const calls = elements(message, 'tool_calls').map(({ value, at }) =>
      callOf({ id: member(value, 'id'), tool: member(value, 'name'), args: member(value, 'args'), at }),
    );
    return { calls, results: isOfType(message.value, 'tool') ? 1 : 0 };
  },
});

const UI_PART = /^tool-(?!call$|result$|approval)/;
const isUiPart = (part: JsonValue): boolean =>
  typeof member(part, 'toolCallId') === 'string' &&
  (isOfType(part, 'dynamic-tool') || UI_PART.test(textOf(part, 'type')));

/** The AI SDK: a result with `toolCalls`, model messages, messages of a user interface. */
export const aiSdk = traceOf({
  name: 'ai-sdk',
  title: 'AI SDK: `toolCalls`, and parts of the type `tool-call` or `tool-NAME`',
  messages: under('messages', 'steps'),
  isOwn: (message) =>
    ['toolCalls', 'content', 'parts'].some((name) => items(member(message, name)).some(isSdkCall)),
  calls(message) {
    const parts = sdkParts(message);
    const calls = parts.flatMap(({ value, at }) => {
      if (!isSdkCall(value)) return [];
      const tool = UI_PART.test(textOf(value, 'type'))
        ? textOf(value, 'type').replace(UI_PART, '')
        : member(value, 'toolName');
      const args = member(value, 'input') ?? member(value, 'args');
      return [callOf({ id: member(value, 'toolCallId'), tool, args, at })];
    });
    return { calls, results: parts.filter(({ value }) => isOfType(value, 'tool-result')).length };
  },
});

const isSdkCall = (part: JsonValue): boolean => isOfType(part, 'tool-call') || isUiPart(part);

const sdkParts = (message: Message): readonly Message[] => {
  const calls = elements(message, 'toolCalls');
  if (calls.length > 0) return calls;
  return [...partsOf(message), ...partsOf(message, 'parts')];
};

export const autogen = traceOf({
  name: 'autogen',
  title: 'AutoGen: `ToolCallRequestEvent`',
  messages: under('messages'),
  isOwn: (message) => isOfType(message, 'ToolCallRequestEvent'),
  calls(message) {
    const isRequest = isOfType(message.value, 'ToolCallRequestEvent');
    const calls = (isRequest ? partsOf(message) : []).map(({ value, at }) =>
      callOfText({
        id: member(value, 'id'),
        tool: member(value, 'name'),
        args: member(value, 'arguments'),
        at,
      }),
    );
    return {
      calls,
      results: isOfType(message.value, 'ToolCallExecutionEvent') ? partsOf(message).length : 0,
    };
  },
});

export const semanticKernel = traceOf({
  name: 'semantic-kernel',
  title: 'Semantic Kernel: items of the type `FunctionCallContent`',
  messages: ({ value, at }) => [{ value, at }],
  isOwn: (message) => items(member(message, 'Items')).some(isKernelCall),
  calls(message) {
    const parts = elements(message, 'Items');
    const calls = parts.flatMap(({ value, at }) => {
      if (!isKernelCall(value)) return [];
      const plugin = member(value, 'PluginName');
      const own = member(value, 'FunctionName');
      const tool =
        typeof plugin === 'string' && plugin !== '' && typeof own === 'string' ? `${plugin}.${own}` : own;
      return [callOf({ id: member(value, 'Id'), tool, args: member(value, 'Arguments'), at })];
    });
    const results = parts.filter(({ value }) => member(value, '$type') === 'FunctionResultContent').length;
    return { calls, results };
  },
});

const isKernelCall = (part: JsonValue): boolean => member(part, '$type') === 'FunctionCallContent';
