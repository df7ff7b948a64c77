/** `plan-lint mcp` before real servers from npm, asked by the clients of both SDKs; each test is a road that an agent takes. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Client as NewClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as NewTransport } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING, FILES, stage, support } from '../../agents/support/stage.ts';
import type { Stage } from '../../agents/support/stage.ts';

interface Answer {
  readonly isError?: boolean;
  readonly content: readonly { readonly text: string }[];
}

const textOf = (answer: unknown): string => (answer as Answer).content.map(({ text }) => text).join('\n');
const isError = (answer: unknown): boolean => (answer as Answer).isError === true;

type Elicit = 'approve' | 'deny' | 'decline' | 'cannot';

/** A client of the first SDK. */
async function connect(args: string[], elicit: Elicit = 'cannot'): Promise<Client> {
  const capabilities = elicit === 'cannot' ? {} : { elicitation: {} };
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities });
  if (elicit !== 'cannot')
    client.setRequestHandler(ElicitRequestSchema, () =>
      elicit === 'decline'
        ? { action: 'decline' as const }
        : { action: 'accept' as const, content: { decision: elicit } },
    );
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
  return client;
}

/** A client of the second SDK: it finds out which era the server speaks, or is told. */
async function connectNew(args: string[], mode: 'auto' | 'legacy', elicit: Elicit): Promise<NewClient> {
  const client = new NewClient(
    { name: 'test', version: '2.0.0' },
    { capabilities: elicit === 'cannot' ? {} : { elicitation: {} }, versionNegotiation: { mode } },
  );
  if (elicit !== 'cannot')
    client.setRequestHandler('elicitation/create', ({ params }) =>
      elicit === 'decline'
        ? { action: 'decline' as const }
        : {
            action: 'accept' as const,
            content: params.message === 'Sure?' ? { sure: true } : { decision: elicit },
          },
    );
  await client.connect(new NewTransport({ command: process.execPath, args, stderr: 'ignore' }));
  return client;
}

const FILE_POLICY = `allow_tools: [read_text_file, write_file, list_directory]
tools: only-catalog
validate_args: true
policies:
  - name: files
    rules:
      - rule: no_env
        severity: high
        description: secrets stay where they are
        pattern: { tool: read_text_file, arg: path, operation: ends_with, value: .env }
      - rule: ask_write
        enforcement: require_approval
        pattern: { tool: write_file, arg: path, operation: exists }
      - rule: few
        max_calls: { tool: list_directory, limit: 2 }
`;

let files: Stage;
beforeAll(() => {
  files = stage();
  files.write({
    'data/note.txt': 'hello',
    'data/.env': 'KEY=1',
    'policies/plan-lint.yaml': 'catalog: tools.json\n',
  });
  const pulled = files.run(
    ...['catalog', 'pull', '--output', 'policies/tools.json', '--', process.execPath, FILES, 'data'],
  );
  expect(pulled).toMatchObject({ status: 0, out: '' });
  files.bundle('policies', FILE_POLICY);
}, 120_000);
afterAll(() => files.remove());

const fileServer = (): string[] => [process.execPath, FILES, files.path('data')];
const filesProxy = (...flags: readonly string[]): string[] =>
  files.proxy(fileServer(), '--catalog', files.path('policies/tools.json'), ...flags);

describe('before the file server, by the first SDK', () => {
  it('shows what may be called, passes it on, says why not, and writes digests down', async () => {
    const client = await connect(filesProxy('--audit', files.path('audit.jsonl'), '--session', 's-1'));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(['list_directory', 'read_text_file', 'write_file']);
    const read = (path: string) =>
      client.callTool({ name: 'read_text_file', arguments: { path: files.path(path) } });
    expect(textOf(await read('data/note.txt'))).toBe('hello');
    const denied = await read('data/.env');
    expect(isError(denied)).toBe(true);
    expect(textOf(denied)).toMatch(/^plan-lint denied `read_text_file`:\n- .+\(rule no_env\)$/);
    const list = () => client.callTool({ name: 'list_directory', arguments: { path: files.path('data') } });
    expect([isError(await list()), isError(await list()), isError(await list())]).toEqual([
      false,
      false,
      true,
    ]);
    const hidden = await client.callTool({ name: 'move_file', arguments: { source: 'a', destination: 'b' } });
    expect(textOf(hidden)).toContain('rule allow_tools');
    const broken = await client.callTool({ name: 'read_text_file', arguments: { path: 7 } });
    expect(textOf(broken)).toContain('rule validate_args');
    await client.close();
    const lines = files.read('audit.jsonl').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ event }) => event)).toEqual([
      ...['decided', 'ended', 'decided', 'decided', 'ended', 'decided', 'ended'],
      ...['decided', 'decided', 'decided', 'closed'],
    ]);
    expect(events.every(({ session }) => session === 's-1')).toBe(true);
    expect(events[2]).toMatchObject({ status: 'deny', rules: ['no_env'] });
    // No value stands in it.
    expect(lines.join('\n')).not.toMatch(/note\.txt|hello|\.env"/);
  });

  it.each([
    ['approve', false, ''],
    ['deny', true, 'nobody gave it'],
    ['decline', true, 'nobody gave it'],
    ['cannot', true, 'can ask nobody'],
  ] as const)('asks, and the answer is %s', async (elicit, isDenied, reason) => {
    const client = await connect(filesProxy(), elicit);
    const path = files.path(`data/${elicit}.txt`);
    const answer = await client.callTool({ name: 'write_file', arguments: { path, content: 'new' } });
    expect(isError(answer)).toBe(isDenied);
    expect(textOf(answer)).toContain(reason);
    await client.close();
    if (isDenied) expect(() => readFileSync(path)).toThrow('ENOENT');
    else expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('a question that nobody answers in time is a no', async () => {
    const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, () => new Promise<never>(() => undefined));
    // A span of the command line is minutes at least; the server sees nothing in any case.
    const args = filesProxy('--ask-timeout', '0m');
    await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
    const path = files.path('data/late.txt');
    const answer = await client.callTool({ name: 'write_file', arguments: { path, content: 'new' } });
    expect(textOf(answer)).toContain('nobody gave it');
    await client.close();
  });

  it('tells its health', async () => {
    const client = await connect(filesProxy('--session', 'health'));
    const { z } = await import('zod');
    const health = await client.request({ method: 'plan-lint/health' }, z.looseObject({}) as never);
    expect(health).toMatchObject({ ok: true, pinned: true, session_id: 'health', bundle: { name: 'acme' } });
    await client.close();
  });
});

describe('before it, by the second SDK', () => {
  it.each(['auto', 'legacy'] as const)('the era is %s', async (mode) => {
    const client = await connectNew(filesProxy(), mode, 'approve');
    const path = files.path(`data/${mode}.txt`);
    const written = await client.callTool({ name: 'write_file', arguments: { path, content: mode } });
    expect(isError(written)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(mode);
    const { tools } = await client.listTools();
    expect(tools).toHaveLength(3);
    await client.close();
  });
});

describe('a server of both eras', () => {
  let pays: Stage;
  const POLICY = `policies:
  - name: pays
    rules:
      - { rule: large, severity: high, pattern: { tool: shop.pay, arg: amount, operation: gt, value: 100 } }
      - { rule: ask, enforcement: require_approval, pattern: { tool: shop.pay, arg: amount, operation: gt, value: 10 } }
      - rule: once
        max_calls: { tool: shop.confirm, limit: 1 }
`;
  beforeAll(() => {
    pays = stage();
    pays.bundle('policies', POLICY);
  }, 60_000);
  afterAll(() => pays.remove());
  const server = (): string[] => [process.execPath, support('two-eras-server.mjs'), pays.path('done.txt')];
  const done = (): string => {
    try {
      return pays.read('done.txt');
    } catch {
      return '';
    }
  };

  it.each([
    ['auto', 'approve'],
    ['auto', 'decline'],
    ['auto', 'cannot'],
    ['legacy', 'approve'],
    ['legacy', 'decline'],
  ] as const)('%s: allow, deny and %s', async (mode, elicit) => {
    pays.write({ 'done.txt': '' });
    const client = await connectNew(pays.proxy(server(), '--prefix', 'shop.'), mode, elicit);
    expect(client.getProtocolEra()).toBe(mode === 'auto' ? 'modern' : 'legacy');
    const pay = (amount: number) => client.callTool({ name: 'pay', arguments: { amount } });
    expect(textOf(await pay(5))).toBe('paid 5');
    expect(textOf(await pay(500))).toContain('rule large');
    const asked = await pay(50);
    expect(isError(asked)).toBe(elicit !== 'approve');
    expect(done()).toBe(elicit === 'approve' ? 'pay 5\npay 50\n' : 'pay 5\n');
    await client.close();
  });

  it('what the server asks back is the same call, counted once, with its own state', async () => {
    pays.write({ 'done.txt': '' });
    const client = await connectNew(pays.proxy(server(), '--prefix', 'shop.'), 'auto', 'approve');
    const confirm = () => client.callTool({ name: 'confirm', arguments: { what: 'it' } });
    expect(textOf(await confirm())).toBe('confirmed it');
    expect(done()).toBe('confirm it state of the server\n');
    expect(textOf(await confirm())).toContain('rule once');
    await client.close();
  });
});

describe('pins', () => {
  let changing: Stage;
  const server = (): string[] => [
    process.execPath,
    support('changing-server.mjs'),
    changing.path('done.txt'),
  ];
  const proxy = (): string[] => changing.proxy(server(), '--catalog', changing.path('policies/tools.json'));
  beforeAll(() => {
    changing = stage();
    changing.write({ 'policies/plan-lint.yaml': 'catalog: tools.json\n' });
    const pulled = changing.run('catalog', 'pull', '--output', 'policies/tools.json', '--', ...server());
    expect(pulled.status, pulled.err).toBe(0);
    changing.bundle('policies', 'max_steps: 100\n');
  }, 60_000);
  afterAll(() => changing.remove());

  it.each([
    ['flip', 'read', 'its definition is not the one in the signed catalog'],
    ['rename', 'read_all', 'it is not in the signed catalog'],
    ['rename', 'read', 'the server does not list it'],
    ['add', 'extra', 'it is not in the signed catalog'],
  ])('after %s, `%s` is hidden and refused', async (change, name, reason) => {
    const client = await connect(proxy());
    expect(textOf(await client.callTool({ name: 'read', arguments: {} }))).toBe('a note');
    await client.callTool({ name: change, arguments: {} });
    changing.write({ 'done.txt': '' });
    const refused = await client.callTool({ name, arguments: {} });
    expect([isError(refused), textOf(refused)]).toEqual([true, `plan-lint denied \`${name}\`: ${reason}.`]);
    expect(changing.read('done.txt')).toBe('');
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).not.toContain(name);
    await client.close();
  });

  it('says what has changed, and replaces nothing unasked', () => {
    const pull = (...flags: readonly string[]) =>
      changing.run('catalog', 'pull', '--output', 'tools-2.json', ...flags, '--', ...server());
    expect(pull()).toMatchObject({ status: 0, err: '4 tools\n' });
    expect(pull().status).toBe(2);
    const text = changing.read('tools-2.json');
    writeFileSync(
      changing.path('tools-2.json'),
      text.replace('Reads a note.', 'Else.').replace('"add"', '"gone"'),
    );
    expect(pull('--force')).toMatchObject({
      status: 0,
      err: '4 tools; added: add; changed: read; gone: gone\n',
    });
  });

  it('another catalog than the signed one is a matter of trust, none at all of usage', () => {
    changing.write({ 'other.json': '{"tools": []}' });
    const other = changing.proxy(server(), '--catalog', changing.path('other.json'));
    expect(changing.run(...other.slice(1))).toMatchObject({
      status: 4,
      err: expect.stringContaining('not the one that the bundle was signed with') as string,
    });
    expect(changing.run(...changing.proxy(server()).slice(1))).toMatchObject({
      status: 2,
      err: expect.stringContaining('--unpinned') as string,
    });
  });
});

describe('at an address', () => {
  it('decides before the server of every feature, resources and prompts too', async () => {
    const port = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port: free } = probe.address() as AddressInfo;
        probe.close(() => resolve(free));
      });
    });
    const server = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], {
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const web = stage();
    try {
      await new Promise<void>((resolve) =>
        server.stderr.on('data', (part: Buffer) => part.toString().includes('listening') && resolve()),
      );
      web.bundle('policies', 'allow_tools: [echo, mcp.resource.read]\n');
      const client = await connect(web.proxy([], '--http', `http://127.0.0.1:${port}/mcp`));
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['echo']);
      expect(textOf(await client.callTool({ name: 'echo', arguments: { message: 'hi' } }))).toContain('hi');
      const sum = await client.callTool({ name: 'get-sum', arguments: { a: 1, b: 2 } });
      expect(textOf(sum)).toContain('rule allow_tools');
      const { resources } = await client.listResources();
      const { contents } = await client.readResource({ uri: resources[0]?.uri ?? '' });
      expect(contents).toHaveLength(1);
      await expect(client.getPrompt({ name: 'simple-prompt' })).rejects.toThrow('rule allow_tools');
      await client.close();
    } finally {
      server.kill();
      web.remove();
    }
  });
});
