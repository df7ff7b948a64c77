/** One scenario on every road: the same calls, the same decisions, the same rules named. Frameworks are the real ones, with their own fake models. */
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- the frameworks stand outside this tree, and so do their types */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadBundle } from '@plan-lint/runtime';
import { openSession } from '@plan-lint/runtime/session';
import { createGuard } from '@plan-lint/agents';
import type { Guard, GuardedCall } from '@plan-lint/agents';
import { guardTools } from '@plan-lint/agents/ai-sdk';
import { guardMiddleware } from '@plan-lint/agents/langchain';
import { guardTool } from '@plan-lint/agents/openai-agents';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partsDirectory } from '../../../scripts/parts-directory.mjs';
import { MAIN, stage } from '../../agents/support/stage.ts';
import type { Stage } from '../../agents/support/stage.ts';

interface Step {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly result: string;
  /** What of the result the model reads, where that is not all; `null` where it is nothing. */
  readonly kept?: string | null;
  readonly verdict: 'allow' | 'deny';
  readonly rules: readonly string[];
}

const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const STEPS = JSON.parse(readFileSync(own('scenario.json'), 'utf8')) as readonly Step[];
const TOOLS = [...new Set(STEPS.map(({ tool }) => tool))];
/** Instead of a blocked result the model reads why. */
const KEPT_BACK = 'plan-lint kept back the result of';
const EXPECTED = STEPS.map(({ verdict, rules, result, kept = result }) => ({
  verdict,
  rules,
  read: verdict === 'allow' ? (kept ?? KEPT_BACK) : '',
}));

const POLICY = `results:
  - { tool: Look, deny_tokens_regex: ['AKIA[A-Z0-9]+'], action: redact }
  - { tool: Look, deny_tokens_regex: [TOP SECRET], action: block }
policies:
  - name: roads
    rules:
      - { rule: no_rm, severity: critical, pattern: { tool: Bash, arg: command, operation: contains, value: rm -rf } }
      - { rule: leak, severity: critical, flows: { from: Read, to: Post } }
      - { rule: total, severity: critical, max_total: { tool: Pay, arg: amount, limit: 100 } }
      - { rule: ask, enforcement: require_approval, pattern: { tool: Mail, arg: to, operation: exists } }
`;

/** What a framework's own package has; it stands outside this tree. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- its types are not installed here
async function framework(name: string): Promise<any> {
  const require = createRequire(join(partsDirectory(), 'frameworks/package.json'));
  return import(pathToFileURL(require.resolve(name)).href) as Promise<unknown>;
}

type Verdict = Pick<Step, 'verdict' | 'rules'> & { readonly read: string };

/** What a model reads, of a call that was made or not. */
function verdictIn(text: string, isMade: boolean): Verdict {
  if (text.startsWith(KEPT_BACK)) return { verdict: 'allow', rules: [], read: KEPT_BACK };
  const rules = [...text.matchAll(/\(rule ([\w-]+)\)/g)].map(([, rule = '']) => rule);
  return isMade ? { verdict: 'allow', rules: [], read: text } : { verdict: 'deny', rules, read: '' };
}

let at: Stage;
beforeAll(() => {
  at = stage();
  at.bundle('policies', POLICY);
}, 60_000);
afterAll(() => at.remove());

const policyOf = async () => {
  const read = (name: string): Uint8Array => readFileSync(at.path(name));
  const bundle = await loadBundle(read('acme.mjs'), read('acme.mjs.sigstore.json'), read('keys/trust.json'));
  return bundle.policy();
};
const guardOf = async (): Promise<Guard> => createGuard({ policy: await policyOf(), session: 'scenario' });

const verdictOf = (
  isMade: boolean,
  violations: readonly { readonly rule: string }[],
  read: unknown,
): Verdict => ({
  verdict: isMade ? 'allow' : 'deny',
  rules: violations.map(({ rule }) => rule),
  read: isMade ? ((read as string | null) ?? KEPT_BACK) : '',
});

/** A tool that answers as the scenario has it, and notes that it ran. */
const resultOf = (tool: string, args: unknown): string =>
  STEPS.find((step) => step.tool === tool && JSON.stringify(step.args) === JSON.stringify(args))?.result ??
  'sent';

describe('the same decisions', () => {
  it('in a session of the runtime', async () => {
    const session = openSession(await policyOf(), { id: 'scenario' });
    const told = STEPS.map(({ tool, args, result }) => {
      const { id, admitted, violations } = session.call({ tool, args });
      const ended = admitted ? session.end(id, { outcome: 'succeeded', result }) : null;
      return verdictOf(admitted, violations, ended && (ended.blocked ? null : ended.result));
    });
    expect(told).toEqual(EXPECTED);
  });

  it('by `plan-lint session`', () => {
    const lines = STEPS.flatMap(({ tool, args, result }, i) => [
      { op: 'call', id: `c${i}`, tool, args },
      ...(EXPECTED[i]?.verdict === 'allow' ? [{ op: 'end', id: `c${i}`, outcome: 'succeeded', result }] : []),
    ]);
    const { stdout } = spawnSync(
      process.execPath,
      [MAIN, 'session', '--bundle', 'acme.mjs', '--trust', 'keys/trust.json'],
      {
        cwd: at.directory,
        input: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
        encoding: 'utf8',
      },
    );
    const ends = new Map<string, { result?: string; blocked?: boolean }>();
    const told = stdout
      .trim()
      .split('\n')
      .flatMap((line) => {
        const answer = JSON.parse(line) as {
          op: string;
          id: string;
          result?: string;
          blocked?: boolean;
          decision: { admitted: boolean; violations: { rule: string }[] };
        };
        ends.set(answer.op === 'end' ? answer.id : '', answer);
        return answer.op === 'call' ? [{ id: answer.id, ...answer.decision }] : [];
      });
    expect(
      told.map(({ id, admitted, violations }, i) => {
        const { blocked = false, result = STEPS[i]?.result } = ends.get(id) ?? {};
        return verdictOf(admitted, violations, blocked ? null : result);
      }),
    ).toEqual(EXPECTED);
  });

  it('by the hook', () => {
    const hook = own('../../../agents/dist/hook/main.js');
    const flags = [
      '--agent',
      'claude',
      '--bundle',
      'acme.mjs',
      '--trust',
      'keys/trust.json',
      '--state',
      'state',
    ];
    const told = STEPS.map(({ tool, args, result }, i) => {
      const input = {
        session_id: 's',
        hook_event_name: 'PreToolUse',
        tool_name: tool,
        tool_input: args,
        tool_use_id: `t${i}`,
      };
      const ask = (more: object): string =>
        spawnSync(process.execPath, [hook, ...flags], {
          cwd: at.directory,
          input: JSON.stringify({ ...input, ...more }),
          encoding: 'utf8',
        }).stdout;
      const out = ask({});
      if (out !== '') return verdictIn(out, false);
      const after = ask({ hook_event_name: 'PostToolUse', tool_response: result });
      const { hookSpecificOutput } = JSON.parse(after || '{}') as {
        hookSpecificOutput?: { updatedToolOutput: string };
      };
      return verdictIn(hookSpecificOutput?.updatedToolOutput ?? result, true);
    });
    expect(told).toEqual(EXPECTED);
  });

  it('by the MCP proxy', async () => {
    const args = at.proxy([process.execPath, own('scenario-server.mjs'), own('scenario.json')]);
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
    const told: Verdict[] = [];
    for (const { tool, args: input } of STEPS) {
      const answer = await client.callTool({ name: tool, arguments: { ...input } });
      const text = (answer.content as { text: string }[]).map((part) => part.text).join('\n');
      told.push(verdictIn(text, answer.isError !== true));
    }
    await client.close();
    expect(told).toEqual(EXPECTED);
  });

  it('in the AI SDK', async () => {
    const [{ generateText, stepCountIs, tool }, { MockLanguageModelV3 }] = [
      await framework('ai'),
      await framework('ai/test'),
    ];
    const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
    let turn = 0;
    const model = new MockLanguageModelV3({
      doGenerate: () => {
        const step = STEPS[turn];
        turn += 1;
        const content = step
          ? [
              {
                type: 'tool-call',
                toolCallId: `c${turn}`,
                toolName: step.tool,
                input: JSON.stringify(step.args),
              },
            ]
          : [{ type: 'text', text: 'done' }];
        const finishReason = { unified: step ? 'tool-calls' : 'stop', raw: undefined };
        return Promise.resolve({ content, finishReason, usage, warnings: [] });
      },
    });
    const tools = Object.fromEntries(
      TOOLS.map((name) => [
        name,
        tool({ inputSchema: z.looseObject({}), execute: (args: unknown) => resultOf(name, args) }),
      ]),
    ) as Parameters<typeof guardTools>[0];
    const { steps } = await generateText({
      model,
      tools: guardTools(tools, await guardOf()),
      prompt: 'go',
      stopWhen: stepCountIs(20),
    });
    const told = (steps as { content: { type: string; output?: unknown; error?: Error }[] }[]).flatMap(
      ({ content }) =>
        content.flatMap((part) => {
          if (part.type === 'tool-result') return [verdictIn(String(part.output), true)];
          return part.type === 'tool-error' ? [verdictIn(part.error?.message ?? '', false)] : [];
        }),
    );
    expect(told).toEqual(EXPECTED);
  });

  it('in LangChain', async () => {
    const [{ createAgent, createMiddleware, tool, ToolMessage }, { fakeModel }] = [
      await framework('langchain'),
      await framework('@langchain/core/testing'),
    ];
    let model = fakeModel();
    for (const [i, { tool: name, args }] of STEPS.entries())
      model = model.respondWithTools([{ name, args, id: `c${i}` }]);
    const { AIMessage } = await framework('@langchain/core/messages');
    const agent = createAgent({
      model: model.respond(new AIMessage('done')),
      tools: TOOLS.map((name) =>
        tool((args: unknown) => resultOf(name, args), { name, description: name, schema: z.looseObject({}) }),
      ),
      middleware: [
        createMiddleware(
          guardMiddleware(await guardOf(), { refuse: (fields) => new ToolMessage(fields) as unknown }),
        ),
      ],
    });
    const { messages } = await agent.invoke(
      { messages: [{ role: 'user', content: 'go' }] },
      { recursionLimit: 100 },
    );
    const told = (messages as { type: string; status?: string; content: string }[])
      .filter(({ type }) => type === 'tool')
      .map(({ status, content }) => verdictIn(content, status !== 'error'));
    expect(told).toEqual(EXPECTED);
  });

  it('in OpenAI Agents', async () => {
    const { Agent, Runner, tool, Usage } = await framework('@openai/agents');
    let turn = 0;
    const model = {
      getResponse: () => {
        const step = STEPS[turn];
        turn += 1;
        const output = step
          ? [
              {
                type: 'function_call',
                callId: `c${turn}`,
                name: step.tool,
                arguments: JSON.stringify(step.args),
                status: 'completed',
              },
            ]
          : [
              {
                type: 'message',
                role: 'assistant',
                status: 'completed',
                content: [{ type: 'output_text', text: 'done' }],
              },
            ];
        return Promise.resolve({ usage: new Usage(), output, responseId: `r${turn}` });
      },
      getStreamedResponse: () => {
        throw new Error('not streamed here');
      },
    };
    const guard = await guardOf();
    const made: number[] = [];
    const tools = TOOLS.map((name) =>
      tool({
        name,
        description: name,
        parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
        strict: false,
        execute: (args: unknown) => {
          made.push(turn - 1);
          return resultOf(name, args);
        },
        ...guardTool(name, guard),
      }),
    );
    const runner = new Runner({ tracingDisabled: true });
    const { newItems } = await runner.run(new Agent({ name: 'test', model, tools }), 'go', { maxTurns: 20 });
    const outputs = (newItems as { type: string; output?: unknown }[]).filter(
      ({ type }) => type === 'tool_call_output_item',
    );
    expect(outputs.map(({ output }, i) => verdictIn(String(output), made.includes(i)))).toEqual(EXPECTED);
  });
});

describe('an approval is asked for by the framework, and settles that call', () => {
  const call = (key: string, to = 'ann') => ({ tool: 'Mail', args: { to }, key });

  it('counts for nothing that nobody was asked about', async () => {
    const guard = await guardOf();
    expect(guard.start(call('a'), 'ann').verdict).toBe('ask');
    expect(guard.decide(call('b')).verdict).toBe('ask');
    expect(guard.start(call('b', 'eve'), 'ann').verdict).toBe('ask');
    expect(guard.decide(call('c')).verdict).toBe('ask');
    expect(guard.start(call('c'), 'ann').verdict).toBe('allow');
    expect(guard.start(call('c'), 'ann').verdict).toBe('deny');
  });

  it('in the AI SDK: the request waits, and runs with the answer', async () => {
    const [{ generateText, stepCountIs, tool }, { MockLanguageModelV3 }] = [
      await framework('ai'),
      await framework('ai/test'),
    ];
    const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
    let turn = 0;
    const model = new MockLanguageModelV3({
      doGenerate: () => {
        turn += 1;
        const content =
          turn === 1
            ? [{ type: 'tool-call', toolCallId: 'm1', toolName: 'Mail', input: '{"to":"ann"}' }]
            : [{ type: 'text', text: 'done' }];
        const finishReason = { unified: turn === 1 ? 'tool-calls' : 'stop', raw: undefined };
        return Promise.resolve({ content, finishReason, usage, warnings: [] });
      },
    });
    const sent: unknown[] = [];
    const mail = tool({ inputSchema: z.looseObject({}), execute: (args: unknown) => sent.push(args) });
    const tools = guardTools({ Mail: mail }, await guardOf());
    const stopWhen = stepCountIs(5);
    const messages = [{ role: 'user', content: 'go' }];
    const first = await generateText({ model, tools, messages, stopWhen });
    expect(sent).toEqual([]);
    const request = (first.content as readonly { type: string; approvalId?: string }[]).find(
      ({ type }) => type === 'tool-approval-request',
    );
    const approval = { type: 'tool-approval-response', approvalId: request?.approvalId, approved: true };
    await generateText({
      model,
      tools,
      stopWhen,
      messages: [...messages, ...first.response.messages, { role: 'tool', content: [approval] }],
    });
    expect(sent).toEqual([{ to: 'ann' }]);
  });
  it('in LangChain: the graph is interrupted, and goes on with the answer', async () => {
    const [{ createAgent, createMiddleware, tool, ToolMessage }, { fakeModel }, { AIMessage }, graph] = [
      await framework('langchain'),
      await framework('@langchain/core/testing'),
      await framework('@langchain/core/messages'),
      await framework('@langchain/langgraph'),
    ];
    const sent: unknown[] = [];
    const ask = (asked: GuardedCall, reason: string): string | null =>
      (graph.interrupt({ tool: asked.tool, reason }) as { readonly by: string | null }).by;
    const answered = async (thread: string, answer: string | null): Promise<string> => {
      const agent = createAgent({
        model: fakeModel()
          .respondWithTools([{ name: 'Mail', args: { to: thread }, id: 'm1' }])
          .respond(new AIMessage('done')),
        tools: [
          tool((args: unknown) => String(sent.push(args)), {
            name: 'Mail',
            description: 'Mail',
            schema: z.looseObject({}),
          }),
        ],
        middleware: [
          createMiddleware(
            guardMiddleware(await guardOf(), { refuse: (fields) => new ToolMessage(fields) as unknown, ask }),
          ),
        ],
        checkpointer: new graph.MemorySaver(),
      });
      const config = { configurable: { thread_id: thread } };
      const first = await agent.invoke({ messages: [{ role: 'user', content: 'go' }] }, config);
      const before = sent.length;
      const [{ value }] = first.__interrupt__ as readonly [{ readonly value: { readonly reason: string } }];
      expect(value.reason).toContain('(rule ask)');
      const { messages } = await agent.invoke(new graph.Command({ resume: { by: answer } }), config);
      const told = (messages as { type: string; content: string }[]).find(({ type }) => type === 'tool');
      expect(sent.length - before).toBe(answer === null ? 0 : 1);
      return told?.content ?? '';
    };
    expect(await answered('ann', 'user')).toBe('1');
    expect(await answered('eve', null)).toContain('(rule ask)');
    expect(sent).toEqual([{ to: 'ann' }]);
  });

  it('in OpenAI Agents: the run is interrupted, and goes on with the answer', async () => {
    const { Agent, Runner, tool, Usage } = await framework('@openai/agents');
    const sent: unknown[] = [];
    const answered = async (to: string, isYes: boolean): Promise<void> => {
      let turn = 0;
      const model = {
        getResponse: () => {
          turn += 1;
          const wanted = { type: 'function_call', callId: 'm1', name: 'Mail', status: 'completed' };
          const text = { type: 'output_text', text: 'done' };
          const output =
            turn === 1
              ? { ...wanted, arguments: JSON.stringify({ to }) }
              : { type: 'message', role: 'assistant', status: 'completed', content: [text] };
          return Promise.resolve({ usage: new Usage(), output: [output], responseId: `r${turn}` });
        },
        getStreamedResponse: () => {
          throw new Error('not streamed here');
        },
      };
      const mail = tool({
        name: 'Mail',
        description: 'Mail',
        parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
        strict: false,
        execute: (args: unknown) => String(sent.push(args)),
        ...guardTool('Mail', await guardOf()),
      });
      const runner = new Runner({ tracingDisabled: true });
      const agent = new Agent({ name: 'test', model, tools: [mail] });
      const first = await runner.run(agent, 'go');
      expect([first.interruptions.length, sent.length]).toEqual([1, isYes ? 0 : 1]);
      if (isYes) first.state.approve(first.interruptions[0]);
      else first.state.reject(first.interruptions[0]);
      await runner.run(agent, first.state);
    };
    await answered('ann', true);
    await answered('eve', false);
    expect(sent).toEqual([{ to: 'ann' }]);
  });
});
