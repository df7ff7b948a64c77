/** The built service under kill -9 and on a full disk: no 200 without its line. Figures are printed; they decide nothing but the bounds said. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { verifyLog } from '../../../service/audit/verify.ts';
import { DOCUMENT_POLICIES } from '../../cli/place.ts';
import { idsIn } from './driver.ts';

const cli = join(import.meta.dirname, '../../../dist/cli/main.js');
const directory = mkdtempSync(join(tmpdir(), 'plan-lint-service-faults-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const TOKEN = 'a-token-of-this-test';
const PLAN = JSON.stringify({
  id: 'p',
  steps: [{ id: 'a', tool: 'db.query', args: { sql: "'; DROP TABLE users" } }],
});
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

interface Place {
  readonly port: number;
  readonly audit: string;
  readonly config: string;
}

async function placeOf(name: string, audit: string): Promise<Place> {
  const at = join(directory, name);
  mkdirSync(join(at, 'policies'), { recursive: true });
  for (const [path, text] of Object.entries(DOCUMENT_POLICIES)) writeFileSync(join(at, path), text);
  const port = await freePort();
  const sha256 = createHash('sha256').update(TOKEN).digest('hex');
  writeFileSync(
    join(at, 'tokens.json'),
    JSON.stringify([{ sha256, username: 'ada', permissions: ['validate_plan'] }]),
  );
  const config = join(at, 'plan-lint.service.yaml');
  const settings = {
    listen: `127.0.0.1:${port}`,
    policies: { path: join(at, 'policies') },
    auth: { modes: ['static'], static: { file: join(at, 'tokens.json') }, trust_permissions: true },
    limits: { loop_delay: '60s', in_flight: 1_000 },
    health: { memory_percent: null, cpu_percent: null, disk_percent: null },
    audit: { path: audit, gzip: false },
    log: { level: 'error' },
  };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(settings));
  return { port, audit, config };
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

class Client {
  readonly answered = new Set<string>();
  readonly refused = new Map<number, number>();
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  #isAsking = false;

  constructor(port: number) {
    this.#port = port;
  }

  ask(path: string, body?: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          port: this.#port,
          host: '127.0.0.1',
          path,
          method: body === undefined ? 'GET' : 'POST',
          agent: this.#agent,
          headers: {
            authorization: `Bearer ${TOKEN}`,
            ...(body !== undefined && { 'content-type': 'application/json' }),
          },
        },
        (reply) => {
          let text = '';
          reply.setEncoding('utf8');
          reply.on('data', (piece: string) => (text += piece));
          reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: text }));
          reply.on('error', reject);
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  /** One of those who ask, each as fast as it is answered. */
  async #worker(): Promise<void> {
    while (this.#isAsking) {
      try {
        const { status, body } = await this.ask('/validate', PLAN);
        const id = /"decision_id":"([^"]+)"/.exec(body)?.[1];
        if (status === 200 && id !== undefined) this.answered.add(id);
        else this.refused.set(status, (this.refused.get(status) ?? 0) + 1);
        if (status !== 200) await pause(2);
      } catch {
        // It was killed: nothing was answered.
        await pause(10);
      }
    }
  }

  start(): () => Promise<void> {
    this.#isAsking = true;
    const workers = Array.from({ length: 48 }, () => this.#worker());
    return async () => {
      this.#isAsking = false;
      await Promise.all(workers);
    };
  }
}

function serve({ config }: Place): ChildProcess {
  return spawn(process.execPath, [cli, 'serve', '--config', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Milliseconds until it is ready. */
async function ready(client: Client): Promise<number> {
  const start = performance.now();
  for (;;) {
    const reply = await client.ask('/health/ready').catch(() => null);
    if (reply?.status === 200) return Math.round(performance.now() - start);
    if (performance.now() - start > 60_000) throw new Error(`not ready: ${reply?.body ?? 'no answer'}`);
    await pause(10);
  }
}

it('20 × kill -9 under load: each 200 has its line, the chain is whole', async () => {
  const place = await placeOf('kill', join(directory, 'kill/audit.log'));
  const client = new Client(place.port);
  const starts: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const service = serve(place);
    starts.push(await ready(client));
    const stop = client.start();
    const [before, since] = [client.answered.size, performance.now()];
    await pause(500 + Math.random() * 1_000);
    rates.push(((client.answered.size - before) / (performance.now() - since)) * 1000);
    service.kill('SIGKILL');
    await once(service, 'exit');
    await stop();
  }
  const audited = await idsIn(place.audit);
  const unaudited = [...client.answered].filter((id) => !audited.has(id));
  const { findings, remarkable } = await verifyLog({ path: place.audit });
  console.log(
    JSON.stringify({
      kills: 20,
      answered: client.answered.size,
      unaudited: unaudited.length,
      perSecond: Math.round(rates.reduce((sum, rate) => sum + rate, 0) / rates.length),
      slowestStartMs: Math.max(...starts),
      ...remarkable,
    }),
  );
  expect(unaudited).toEqual([]);
  expect(findings).toEqual([]);
  expect(remarkable.crashes).toBeGreaterThanOrEqual(19);
  expect(client.answered.size).toBeGreaterThan(500);
}, 1_200_000);

it('a full disk: 503 and not ready, then 200 again by itself', async () => {
  const mount = join(directory, 'disk');
  mkdirSync(mount);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mount], { encoding: 'utf8' });
  expect(mounted.status, mounted.stderr).toBe(0);
  const place = await placeOf('full', join(mount, 'audit.log'));
  const filler = join(mount, 'filler');
  writeFileSync(filler, Buffer.alloc(3.5 * 2 ** 20));
  const service = serve(place);
  try {
    const client = new Client(place.port);
    await ready(client);
    const stop = client.start();
    while ((client.refused.get(503) ?? 0) < 100) await pause(20);
    await stop();
    // A short line still fits where a burst of them did not; then nothing does, nor what the log writes to find out.
    let refused = await client.ask('/validate', PLAN);
    for (let inARow = 0; inARow < 20; refused = await client.ask('/validate', PLAN)) {
      inARow = refused.status === 503 ? inARow + 1 : 0;
      await pause(50);
    }
    const notReady = await client.ask('/health/ready');
    unlinkSync(filler);
    const start = performance.now();
    let reply = refused;
    while (reply.status !== 200 && performance.now() - start < 30_000) {
      await pause(20);
      reply = await client.ask('/validate', PLAN);
    }
    const recoveredMs = Math.round(performance.now() - start);
    const audited = await idsIn(place.audit);
    const unaudited = [...client.answered].filter((id) => !audited.has(id));
    console.log(
      JSON.stringify({
        answered: client.answered.size,
        refused: [...client.refused],
        unaudited: unaudited.length,
        recoveredMs,
      }),
    );
    expect(notReady.status).toBe(503);
    expect(refused).toMatchObject({
      status: 503,
      body: expect.stringContaining('audit_unavailable') as string,
    });
    expect([...client.refused.keys()]).toEqual([503]);
    expect(unaudited).toEqual([]);
    expect(reply.status).toBe(200);
    expect(recoveredMs).toBeLessThan(2_000);
    expect((await verifyLog({ path: place.audit })).findings).toEqual([]);
  } finally {
    service.kill('SIGKILL');
    await once(service, 'exit');
    spawnSync('umount', ['-l', mount]);
  }
}, 120_000);
