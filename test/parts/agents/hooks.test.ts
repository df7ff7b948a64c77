/** `plan-lint-hook` as agents run it: a process before each call and one after. What an answer means is told by each agent's own rules. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stage } from '../../agents/support/stage.ts';
import type { Stage } from '../../agents/support/stage.ts';

const HOOK = fileURLToPath(new URL('../../../agents/dist/hook/main.js', import.meta.url));

type Agent = 'claude' | 'codex' | 'gemini' | 'copilot';
const AGENTS: readonly Agent[] = ['claude', 'codex', 'gemini', 'copilot'];

interface Ran {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** What an agent makes of a hook, by its documentation. */
type Effect = 'runs' | 'blocked' | 'asks';

function decisionIn(out: string): Readonly<Record<string, unknown>> {
  return out.trim() === '' ? {} : (JSON.parse(out) as Readonly<Record<string, unknown>>);
}

function ofClaude({ exit, out }: Ran): Effect {
  if (exit === 2) return 'blocked';
  // Any other code lets the call run.
  if (exit !== 0) return 'runs';
  const own = decisionIn(out)['hookSpecificOutput'] as { readonly permissionDecision?: string } | undefined;
  if (own?.permissionDecision === 'deny') return 'blocked';
  return own?.permissionDecision === 'ask' ? 'asks' : 'runs';
}

const EFFECTS: Readonly<Record<Agent, (ran: Ran) => Effect>> = {
  claude: ofClaude,
  // `ask` is read, not heeded: the call runs.
  codex: (ran) => (ofClaude(ran) === 'blocked' ? 'blocked' : 'runs'),
  gemini({ exit, out }) {
    if (exit === 2) return 'blocked';
    return exit === 0 && ['deny', 'block'].includes(String(decisionIn(out)['decision'])) ? 'blocked' : 'runs';
  },
  // Fails open: only a denial that is said, by a hook that ends well, counts.
  copilot: ({ exit, out }) =>
    exit === 0 && decisionIn(out)['permissionDecision'] === 'deny' ? 'blocked' : 'runs',
};

interface Call {
  readonly tool: string;
  readonly args: object;
  readonly id?: string;
  readonly session?: string;
  /** What it gave, where it has ended. */
  readonly result?: unknown;
}

function claudeInput({ tool, args, id = 'toolu_1', session = 's', result }: Call): object {
  return {
    session_id: session,
    transcript_path: '/nowhere',
    cwd: '/',
    hook_event_name: result === undefined ? 'PreToolUse' : 'PostToolUse',
    tool_name: tool,
    tool_input: args,
    tool_use_id: id,
    ...(result !== undefined && { tool_response: result }),
  };
}

const INPUTS: Readonly<Record<Agent, (call: Call) => object>> = {
  claude: claudeInput,
  codex: claudeInput,
  gemini: ({ tool, args, session = 's', result }) => ({
    session_id: session,
    hook_event_name: result === undefined ? 'BeforeTool' : 'AfterTool',
    tool_name: tool,
    tool_input: args,
    ...(result !== undefined && { tool_response: result }),
  }),
  copilot: ({ tool, args, session = 's', result }) => ({
    timestamp: 1,
    cwd: '/',
    sessionId: session,
    toolName: tool,
    toolArgs: JSON.stringify(args),
    ...(result !== undefined && { toolResult: { resultType: 'success', textResultForLlm: result } }),
  }),
};

let at: Stage;
const flags = (agent: Agent, state: string, ...more: readonly string[]): string[] => [
  HOOK,
  ...['--agent', agent, '--bundle', at.path('acme.mjs'), '--trust', at.path('keys/trust.json')],
  ...['--state', at.path(`state-${state}`), '--audit', at.path('audit.jsonl'), ...more],
];

function hook(agent: Agent, state: string, input: object | string, ...more: readonly string[]): Ran {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  const { status, stdout, stderr } = spawnSync(process.execPath, flags(agent, state, ...more), {
    input: text,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { exit: status, out: stdout, err: stderr };
}

const effect = (agent: Agent, state: string, call: Call): Effect =>
  EFFECTS[agent](hook(agent, state, INPUTS[agent](call)));

const POLICY = `policies:
  - name: hooks
    rules:
      - { rule: no_rm, severity: critical, description: nothing is removed, pattern: { tool: Bash, arg: command, operation: contains, value: rm -rf } }
      - { rule: ask_push, enforcement: require_approval, pattern: { tool: Bash, arg: command, operation: contains, value: git push } }
      - { rule: five, max_calls: { tool: Fetch, limit: 5 } }
      - { rule: two_mails, max_calls: { tool: Mail, limit: 1 } }
      - { rule: ask_mail, enforcement: require_approval, pattern: { tool: Mail, arg: to, operation: exists } }
      - { rule: leak, severity: critical, flows: { from: Read, to: Post } }
`;

beforeAll(() => {
  at = stage();
  at.bundle('policies', POLICY);
}, 60_000);
afterAll(() => at.remove());

describe.each(AGENTS)('%s', (agent) => {
  const state = agent;

  it('lets run what may run, and says nothing of it', () => {
    const ran = hook(agent, state, INPUTS[agent]({ tool: 'Bash', args: { command: 'ls ${HOME}' } }));
    expect(ran).toEqual({ exit: 0, out: '', err: '' });
  });

  it('stops what is denied, with the reason', () => {
    const ran = hook(
      agent,
      state,
      INPUTS[agent]({ tool: 'Bash', args: { command: 'rm -rf /' }, id: 'toolu_2' }),
    );
    expect(EFFECTS[agent](ran)).toBe('blocked');
    expect(ran.out).toContain('rule no_rm');
  });

  it('asks where the agent asks; elsewhere that is a no', () => {
    const call = { tool: 'Bash', args: { command: 'git push' }, id: 'toolu_3' };
    expect(effect(agent, state, call)).toBe(agent === 'claude' ? 'asks' : 'blocked');
  });

  it.each([
    ['no JSON', 'garbage'],
    ['nothing', ''],
    ['a member twice', '{"tool_name":"Bash","tool_name":"Read"}'],
    ['no event', '{"session_id":"s"}'],
    [
      'an event that nobody knows',
      '{"session_id":"s","hook_event_name":"BeforeEverything","tool_name":"Bash"}',
    ],
    ['no tool', JSON.stringify(INPUTS[agent]({ tool: '', args: {} }))],
  ])('stops the call where the input is %s', (_, input) => {
    const ran = hook(agent, state, input);
    expect(EFFECTS[agent](ran)).toBe('blocked');
    // Said once: it does not wait for anything after that.
    expect(ran.err).toMatch(/^plan-lint-hook: denied: [^\n]+\n$/);
  });

  it('stops the call where it cannot decide', () => {
    const input = INPUTS[agent]({ tool: 'Bash', args: { command: 'ls' }, id: 'toolu_4' });
    for (const wrong of [
      ['--bundle', at.path('none.mjs')],
      ['--trust', at.path('policies/policy.yaml')],
      ['--entry', 'none'],
      ['--name', 'other'],
      ['--state', at.path('acme.mjs')],
      ['--audit', '/dev/full'],
      ['--unknown'],
      ['--deadline', 'soon'],
    ])
      expect(EFFECTS[agent](hook(agent, state, input, ...wrong)), wrong.join(' ')).toBe('blocked');
  });

  it('stops the call before the agent has waited long enough', async () => {
    // Its input never ends.
    const child = spawn(process.execPath, flags(agent, state, '--deadline', '0.3'), { stdio: 'pipe' });
    let out = '';
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect(EFFECTS[agent]({ exit, out, err: '' })).toBe('blocked');
  });

  it('stops the call where something fails that nobody awaits', async () => {
    const fault = 'setTimeout(() => { throw new Error("nobody awaits this") }, 200)';
    const child = spawn(process.execPath, flags(agent, state), {
      stdio: 'pipe',
      env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}` },
    });
    let out = '';
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    const exit = await new Promise<number | null>((done) => child.once('close', done));
    expect(EFFECTS[agent]({ exit, out, err: '' })).toBe('blocked');
  });

  it('remembers from call to call: what was read may not be sent', () => {
    const session = 'flow';
    const secret = 'the launch code is 7741-ALPHA-90';
    expect(effect(agent, state, { tool: 'Post', args: { body: secret }, id: 'a', session })).toBe('runs');
    const read = { tool: 'Read', args: { path: '/code' }, id: 'b', session };
    expect(effect(agent, state, read)).toBe('runs');
    hook(agent, state, INPUTS[agent]({ ...read, result: secret }));
    expect(effect(agent, state, { tool: 'Post', args: { body: `FYI: ${secret}` }, id: 'c', session })).toBe(
      'blocked',
    );
    expect(effect(agent, state, { tool: 'Post', args: { body: 'hello' }, id: 'd', session })).toBe('runs');
    // Another session has read nothing.
    expect(effect(agent, state, { tool: 'Post', args: { body: secret }, id: 'e', session: 'other' })).toBe(
      'runs',
    );
  });
});

it('parallel hooks lose no count', async () => {
  const codes = await Promise.all(
    Array.from({ length: 12 }, (_, i) => {
      const child = spawn(process.execPath, flags('claude', 'parallel'), {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let out = '';
      child.stdout.on('data', (part: Buffer) => (out += part.toString()));
      child.stdin.end(
        JSON.stringify(claudeInput({ tool: 'Fetch', args: { url: `u${i}` }, id: `toolu_${i}` })),
      );
      return new Promise<Effect>((resolve) =>
        child.once('close', (exit) => resolve(ofClaude({ exit, out, err: '' }))),
      );
    }),
  );
  expect(codes.filter((each) => each === 'runs')).toHaveLength(5);
  expect(codes.filter((each) => each === 'blocked')).toHaveLength(7);
}, 60_000);

it('a hook that is listed twice decides a call once, and an id is not used for another call', () => {
  const call = { tool: 'Fetch', args: { url: 'same' }, session: 'twice' };
  for (let i = 0; i < 5; i += 1) {
    expect(effect('claude', 'twice', { ...call, id: `t${i}` })).toBe('runs');
    expect(effect('claude', 'twice', { ...call, id: `t${i}` })).toBe('runs');
  }
  expect(effect('claude', 'twice', { ...call, id: 't9' })).toBe('blocked');
  expect(effect('claude', 'twice', { ...call, id: 't0', args: { url: 'else' } })).toBe('blocked');
});

it('what somebody approved counts once it has run', () => {
  const mail = (id: string): Call => ({ tool: 'Mail', args: { to: 'ann' }, id, session: 'mail' });
  expect(effect('claude', 'mail', mail('m1'))).toBe('asks');
  hook('claude', 'mail', claudeInput({ ...mail('m1'), result: 'sent' }));
  expect(effect('claude', 'mail', mail('m2'))).toBe('blocked');
});

it('writes down no value', () => {
  const lines = readFileSync(at.path('audit.jsonl'), 'utf8');
  expect(lines).toContain('"verdict":"deny"');
  expect(lines).not.toMatch(/rm -rf|launch code|git push/);
});

it('a session that began with another bundle does not go on with this one', () => {
  const call = { tool: 'Fetch', args: { url: 'a' }, session: 'rolled' };
  expect(effect('claude', 'rolled', { ...call, id: 'r1' })).toBe('runs');
  const before = readdirSync(at.path('state-rolled'));
  at.bundle('policies', POLICY.replace('limit: 5', 'limit: 6'));
  const ran = hook('claude', 'rolled', claudeInput({ ...call, id: 'r2' }));
  expect([ofClaude(ran), ran.err]).toEqual(['blocked', expect.stringContaining('begin a new one')]);
  expect(readdirSync(at.path('state-rolled'))).toEqual(before);
});

it('answers over HTTP, on this machine alone, and tells its health', async () => {
  const served = flags('claude', 'served', '--serve', '127.0.0.1:0');
  const child = spawn(process.execPath, served, { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const url = await new Promise<string>((resolve) =>
      child.stderr.on('data', (part: Buffer) => {
        const address = /http:\/\/\S+/.exec(part.toString())?.[0];
        if (address !== undefined) resolve(address);
      }),
    );
    const post = async (path: string, body: string, headers = {}) => {
      const reply = await fetch(`${url}/${path}`, { method: 'POST', body, headers });
      return { status: reply.status, out: await reply.text() };
    };
    const denied = claudeInput({ tool: 'Bash', args: { command: 'rm -rf /' } });
    expect(ofClaude({ exit: 0, err: '', ...(await post('claude', JSON.stringify(denied))) })).toBe('blocked');
    expect(ofClaude({ exit: 0, err: '', ...(await post('claude', 'garbage')) })).toBe('blocked');
    const calls = Array.from({ length: 12 }, (_, i) =>
      post('claude', JSON.stringify(claudeInput({ tool: 'Fetch', args: {}, id: `h${i}` }))),
    );
    const effects = (await Promise.all(calls)).map(({ out }) => ofClaude({ exit: 0, out, err: '' }));
    expect(effects.filter((each) => each === 'runs')).toHaveLength(6);
    expect((await post('claude', '{}', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post('nobody', '{}')).status).toBe(404);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ ok: true, bundle: { name: 'acme' } });
  } finally {
    child.kill();
  }
  expect(hook('claude', 'served', '', '--serve', '0.0.0.0:0')).toMatchObject({ exit: 2 });
  const health = hook('claude', 'served', '', '--health');
  expect([health.exit, JSON.parse(health.out)]).toMatchObject([0, { ok: true }]);
});
