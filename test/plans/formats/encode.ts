/** The same calls as each format writes them, by hand. */

export interface Call {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Messages of calls that were made at once. */
type Encode = (groups: readonly (readonly Call[])[]) => unknown;

const json = (value: unknown): string => JSON.stringify(value);

const span = ({ id, tool, args }: Call, n: number): object => ({
  name: `execute_tool ${tool}`,
  spanId: `span${n}`,
  startTimeUnixNano: `${1_700_000_000_000_000_000n + BigInt(n)}`,
  attributes: [
    { key: 'gen_ai.operation.name', value: { stringValue: 'execute_tool' } },
    { key: 'gen_ai.tool.name', value: { stringValue: tool } },
    { key: 'gen_ai.tool.call.id', value: { stringValue: id } },
    { key: 'gen_ai.tool.call.arguments', value: { stringValue: json(args) } },
  ],
});

/** Formats in which calls of one message stay together. */
export const GROUPED: Readonly<Record<string, Encode>> = {
  'openai-chat': (groups) => ({
    messages: [
      { role: 'user', content: 'go' },
      ...groups.map((calls) => ({
        role: 'assistant',
        content: null,
        tool_calls: calls.map(({ id, tool, args }) => ({
          id,
          type: 'function',
          function: { name: tool, arguments: json(args) },
        })),
      })),
      { role: 'tool', tool_call_id: 'x', content: 'done' },
    ],
  }),
  'openai-responses': (groups) => ({
    output: groups.flatMap((calls) => [
      { type: 'reasoning', summary: [] },
      ...calls.map(({ id, tool, args }) => ({
        type: 'function_call',
        id: `fc_${id}`,
        call_id: id,
        name: tool,
        arguments: json(args),
      })),
    ]),
  }),
  anthropic: (groups) => ({
    messages: groups.map((calls) => ({
      role: 'assistant',
      content: [
        { type: 'text', text: 'ok' },
        ...calls.map(({ id, tool, args }) => ({ type: 'tool_use', id, name: tool, input: args })),
      ],
    })),
  }),
  bedrock: (groups) => ({
    messages: groups.map((calls) => ({
      role: 'assistant',
      content: calls.map(({ id, tool, args }) => ({ toolUse: { toolUseId: id, name: tool, input: args } })),
    })),
  }),
  gemini: (groups) => ({
    contents: groups.map((calls) => ({
      role: 'model',
      parts: calls.map(({ id, tool, args }) => ({ functionCall: { id, name: tool, args } })),
    })),
  }),
  langchain: (groups) =>
    groups.map((calls) => ({
      type: 'ai',
      content: '',
      tool_calls: calls.map(({ id, tool, args }) => ({ name: tool, args, id, type: 'tool_call' })),
    })),
  'ai-sdk': (groups) => ({
    messages: groups.map((calls) => ({
      role: 'assistant',
      content: calls.map(({ id, tool, args }) => ({
        type: 'tool-call',
        toolCallId: id,
        toolName: tool,
        input: args,
      })),
    })),
  }),
  autogen: (groups) =>
    groups.map((calls) => ({
      source: 'planner',
      type: 'ToolCallRequestEvent',
      content: calls.map(({ id, tool, args }) => ({ id, name: tool, arguments: json(args) })),
    })),
  'semantic-kernel': (groups) =>
    groups.map((calls) => ({
      Role: { Label: 'assistant' },
      Items: calls.map(({ id, tool, args }) => ({
        $type: 'FunctionCallContent',
        Id: id,
        FunctionName: tool,
        Arguments: args,
      })),
    })),
  'claude-code': (groups) =>
    groups.map((calls, i) => ({
      sessionId: 's',
      uuid: `u${i}`,
      parentUuid: null,
      type: 'assistant',
      message: {
        role: 'assistant',
        content: calls.map(({ id, tool, args }) => ({ type: 'tool_use', id, name: tool, input: args })),
      },
    })),
};

/** Formats of one call at a time. */
export const SINGLE: Readonly<Record<string, Encode>> = {
  mcp: (groups) =>
    groups.flat().map(({ id, tool, args }) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: tool, arguments: args },
    })),
  'claude-hook': (groups) =>
    groups.flat().map(({ id, tool, args }) => ({
      session_id: 's',
      hook_event_name: 'PreToolUse',
      tool_name: tool,
      tool_input: args,
      tool_use_id: id,
    })),
  otel: (groups) => ({ resourceSpans: [{ scopeSpans: [{ spans: groups.flat().map(span).reverse() }] }] }),
};

/** Formats that name no calls. */
export const NAMELESS: Readonly<Record<string, Encode>> = {
  authzen: (groups) => ({
    subject: { type: 'user', id: 'ann' },
    action: { name: 'tools/call' },
    evaluations: groups
      .flat()
      .map(({ tool, args }) => ({ resource: { type: 'tool', id: tool, properties: args } })),
  }),
  taskbench: (groups) => ({
    user_request: 'go',
    task_nodes: groups.flat().map(({ tool, args }) => ({ task: tool, arguments: args })),
    task_links: groups
      .flat()
      .slice(1)
      .map((_, i) => ({ source: i, target: i + 1 })),
  }),
};
