/** What goes over the wire of `plan-lint mcp`: hostile messages, forged states, ends of all kinds. The server writes down what reaches it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stage, support } from './support/stage.ts';
import type { Stage } from './support/stage.ts';

type Answer = Readonly<Record<string, unknown>> & {
  readonly id?: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
};

/** A client that writes lines, and waits for the answer to an id. */
class Wire {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  readonly unasked: Answer[] = [];
  err = '';

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, args, { stdio: 'pipe' });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stderr?.on('data', (part: Buffer) => (this.err += part.toString()));
    if (this.child.stdout)
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        const answer = JSON.parse(line) as Answer;
        const key = JSON.stringify(answer.id);
        const resolve = 'method' in answer ? undefined : this.#waiting.get(key);
        this.#waiting.delete(key);
        if (resolve) resolve(answer);
        else this.unasked.push(answer);
      });
  }

  send(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  wait(id: unknown): Promise<Answer> {
    return new Promise((resolve) => this.#waiting.set(JSON.stringify(id), resolve));
  }

  ask(id: unknown, method: string, params: object = {}): Promise<Answer> {
    const answer = this.wait(id);
    this.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return answer;
  }

  call(id: unknown, name: string, args: object = {}): Promise<Answer> {
    return this.ask(id, 'tools/call', { name, arguments: args });
  }

  async end(): Promise<number | null> {
    this.child.stdin?.end();
    return this.ended;
  }
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
};

const POLICY = `policies:
  - name: wire
    rules:
      - { rule: no_harm, severity: critical, pattern: { tool: [echo, slow], operation: contains, value: harm } }
      - { rule: ask_pay, enforcement: require_approval, pattern: { tool: pay, arg: amount, operation: gt, value: 10 } }
      - rule: logged
        require_after: { tool: owing, after: [log] }
`;

let at: Stage;
let wire: Wire;
const seen = (): readonly string[] => at.read('seen.jsonl').split('\n').slice(0, -1);
const start = (...flags: readonly string[]): Wire =>
  new Wire(at.proxy([process.execPath, support('recording-server.mjs'), at.path('seen.jsonl')], ...flags));

beforeAll(async () => {
  at = stage();
  at.write({ 'seen.jsonl': '' });
  at.bundle('policies', POLICY);
  wire = start('--audit', at.path('audit.jsonl'));
  const hello = await wire.ask(0, 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
  // Tasks would bring results past the proxy.
  expect(hello.result?.['capabilities']).toEqual({ tools: {} });
}, 60_000);
afterAll(async () => {
  await wire.end();
  at.remove();
});

describe('what is refused', () => {
  it.each([
    ['no JSON', 'harm', -32700, null],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600, null],
    ['a member twice', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}', -32700, null],
    ['no version', '{"id":1,"method":"ping"}', -32600, 1],
    ['an id that is no id', '{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, null],
    ['a fraction as an id', '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, null],
    ['a list of parameters', '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32600, 1],
    ['more members', '{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}', -32600, 1],
    [
      'an integer that no double holds',
      '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"n":9007199254740993}}',
      -32700,
      null,
    ],
    [
      'a number that is too large',
      '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"n":1e999}}',
      -32600,
      1,
    ],
    ['a method that nobody knows', '{"jsonrpc":"2.0","id":1,"method":"tools/run","params":{}}', -32601, 1],
    [
      'results of tasks',
      '{"jsonrpc":"2.0","id":1,"method":"tasks/result","params":{"taskId":"a"}}',
      -32601,
      1,
    ],
    [
      'a call as a task',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","task":{}}}',
      -32602,
      1,
    ],
    [
      'a call without a name',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{}}}',
      -32602,
      1,
    ],
    [
      'arguments that are none',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":"x"}}',
      -32602,
      1,
    ],
    [
      'a name with an escape',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a\\nb":1}}}',
      -32602,
      1,
    ],
  ])('%s', async (_, line, code, id) => {
    const before = seen().length;
    const answer = wire.wait(id);
    wire.send(line);
    expect((await answer).error?.code).toBe(code);
    await wire.ask('after', 'ping');
    // Only the ping went on.
    expect(seen()).toHaveLength(before + 1);
  });

  it('an id that is in use, and nothing of the first request is lost', async () => {
    const first = wire.call('same', 'slow');
    const second = await wire.call('same', 'echo');
    expect(second.error?.code).toBe(-32600);
    wire.send('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"same"}}');
    void first;
    // The place is free again.
    expect((await wire.call('same', 'echo', { a: 1 })).result?.['isError']).toBeUndefined();
  });

  it('an escaped spelling of a member is the member, and the server sees it plain', async () => {
    const answer = wire.wait('b5');
    wire.send(
      String.raw`{"jsonrpc":"2.0","id":"b5","method":"tools/call","params":{"n\u0061me":"echo","arguments":{"te\u0078t":"h\u0061rm"}}}`,
    );
    expect((await answer).result?.['isError']).toBe(true);
    const other = wire.wait('b5');
    wire.send(
      String.raw`{"jsonrpc":"2.0","id":"b5","method":"tools/call","params":{"n\u0061me":"echo","arguments":{"te\u0078t":"fine"}}}`,
    );
    await other;
    expect(seen().at(-1)).toBe(
      '{"jsonrpc":"2.0","id":"b5","method":"tools/call","params":{"name":"echo","arguments":{"text":"fine"}}}',
    );
  });

  it('whatever is sent, what reaches the server was decided, and nothing denied does', async () => {
    const word = fc.constantFrom('harm', 'fine', 'tools/call', 'name', 'arguments', 'echo', '');
    const args = fc.dictionary(
      fc.constantFrom('a', 'b', 'name'),
      fc.oneof(word, fc.integer(), fc.array(word)),
    );
    const params = fc.record(
      { name: fc.constantFrom('echo', 'pay', 'log'), arguments: args },
      { requiredKeys: [] },
    );
    const message = fc.record({
      jsonrpc: fc.constantFrom('2.0', '2.0', '2.0', '1.0'),
      id: fc.oneof(fc.nat(9), fc.nat(1e6), fc.uuid()),
      method: fc.constantFrom('tools/call', 'tools/call', 'tools/list', 'resources/read', 'harm'),
      params,
    });
    const cut = fc.tuple(message, fc.nat(40), word, fc.nat(3)).map(([value, place, text, isCut]) => {
      const line = JSON.stringify(value);
      return isCut === 0 ? line.slice(0, place) + text + line.slice(place) : line;
    });
    const before = seen().length;
    for (const line of fc.sample(cut, { numRuns: 400, seed: 21 })) if (line.trim() !== '') wire.send(line);
    await wire.ask('last', 'ping');
    const sent = seen()
      .slice(before)
      .map((line) => JSON.parse(line) as { method?: string; params?: { name?: string } });
    const calls = sent.filter(({ method }) => method === 'tools/call' || method === 'resources/read');
    expect(calls.length).toBeGreaterThan(50);
    expect(
      calls
        .filter(({ method, params: own }) => method === 'tools/call' && own?.name === 'echo')
        .every((call) => !JSON.stringify(call).includes('harm')),
    ).toBe(true);
    const admitted = at
      .read('audit.jsonl')
      .split('\n')
      .filter((line) => /"event":"decided".*"status":"(pass|warn)"/.test(line));
    const everything = seen().filter((line) => /"method":"(tools\/call|resources\/read)"/.test(line));
    expect(admitted).toHaveLength(everything.length);
  });
});

describe('states that a client hands back', () => {
  const pay = (id: unknown, amount: number, more: object = {}): Promise<Answer> =>
    wire.ask(id, 'tools/call', { _meta: META, name: 'pay', arguments: { amount }, ...more });
  const yes = { 'plan-lint-approval': { action: 'accept', content: { decision: 'approve' } } };
  const asked = async (id: string, amount: number): Promise<string> => {
    const { result } = await pay(id, amount);
    expect(result?.['resultType']).toBe('input_required');
    return String(result?.['requestState']);
  };

  it('settles exactly that call, once', async () => {
    const requestState = await asked('p1', 50);
    const before = seen().length;
    const forged = [
      pay('p2', 51, { requestState, inputResponses: yes }),
      pay('p3', 50, { requestState: `${requestState}x`, inputResponses: yes }),
      pay('p4', 50, { requestState: requestState.replace(/^./, 'A'), inputResponses: yes }),
      pay('p5', 50, { requestState: 'e30.e30', inputResponses: yes }),
      pay('p6', 50, { inputResponses: yes }),
      wire.ask('p7', 'tools/call', {
        _meta: META,
        name: 'echo',
        arguments: { amount: 50 },
        requestState,
        inputResponses: yes,
      }),
    ];
    for (const answer of await Promise.all(forged)) expect(answer.error?.code).toBe(-32602);
    expect(seen()).toHaveLength(before);
    expect((await pay('p8', 50, { requestState, inputResponses: yes })).result?.['isError']).toBeUndefined();
    // What the server is sent is the call alone.
    expect(seen().at(-1)).not.toMatch(/requestState|inputResponses/);
    const again = await pay('p9', 50, { requestState, inputResponses: yes });
    expect(again.error?.message).toContain('used before');
    expect(seen()).toHaveLength(before + 1);
  });

  it('says no where the answer is no yes', async () => {
    for (const answer of [
      { action: 'decline' },
      { action: 'accept', content: {} },
      { action: 'accept', content: { decision: 'deny' } },
    ]) {
      const requestState = await asked('n', 20);
      const refused = await pay('n', 20, { requestState, inputResponses: { 'plan-lint-approval': answer } });
      expect(refused.result?.['isError']).toBe(true);
    }
  });

  it('of another process is refused', async () => {
    const other = start();
    const requestState = await asked('o', 30);
    const answer = await other.ask('o', 'tools/call', {
      ...{ _meta: META, name: 'pay', arguments: { amount: 30 }, requestState, inputResponses: yes },
    });
    expect(answer.error?.message).toContain('not one of this proxy');
    await other.end();
  });
});

describe('ends', () => {
  it('an answer that cannot be read is told, and the call is unknown', async () => {
    const answer = await wire.call('unread', 'broken');
    expect(answer.error?.message).toContain('cannot be read');
    expect(at.read('audit.jsonl')).toContain('"outcome":"unknown"');
  });

  it('what is owed is told when the client goes', async () => {
    const own = start();
    await own.call(1, 'owing');
    expect(await own.end()).toBe(1);
    expect(own.err).toContain('still owed');
  });

  it('a server that dies answers nobody, and the proxy says so', async () => {
    const own = start();
    const [slow, dying] = [own.call(1, 'slow'), own.call(2, 'die')];
    for (const answer of [await slow, await dying]) expect(answer.error?.message).toContain('not known');
    expect(await own.ended).toBe(1);
    expect(own.err).toContain('exit code 3');
  });

  it('a program that is not there', async () => {
    const own = new Wire(at.proxy(['no-such-program']));
    expect(await own.ended).toBe(1);
    expect(own.err).toContain('`no-such-program` cannot be run: ENOENT');
  });

  it('an audit log that cannot be written: no call goes on', async () => {
    const own = start('--audit', '/dev/full');
    const before = seen().length;
    expect((await own.call(1, 'echo')).error?.message).toContain('could not decide');
    expect(seen()).toHaveLength(before);
    own.child.kill('SIGKILL');
  });

  it('denies while it runs once the bundle has expired', async () => {
    // A machine that is slow may come too late to start with it; then it gets more time.
    let own: Wire | null = null;
    let answer: Answer | null = null;
    for (let life = 4_000; answer === null || own === null; life *= 2) {
      const expires = new Date(Date.now() + life).toISOString().replace(/\.\d+Z$/, 'Z');
      at.bundle('policies', POLICY, '--expires', expires);
      own = start();
      answer = await Promise.race([own.call(0, 'echo'), own.ended.then(() => null)]);
    }
    for (let id = 1; answer.result?.['isError'] !== true; id += 1) {
      await new Promise((done) => setTimeout(done, 50));
      answer = await own.call(id, 'echo');
    }
    expect(JSON.stringify(answer.result)).toContain('bundle.expired');
    expect((await own.ask('h', 'plan-lint/health')).result).toMatchObject({ ok: false });
    await own.end();
  }, 120_000);
});
