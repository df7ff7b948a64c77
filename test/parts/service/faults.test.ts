/** A bundle that loops, a network that abuses, and an end in order: the built program, and real sockets. */
import { connect } from 'node:net';
import { rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keySigner, signBundle } from '../../../compiler/6-sign/index.ts';
import { MODULE_HEAD, MODULE_TAIL } from '../../../runtime/contract.ts';
import { predicateOf, sharedKey } from '../../support/signing.ts';
import { bundleFiles, directoryOf, PASSED, writeAll } from '../../service/support/running.ts';
import { ask, crowd, keepAlive, residentOf, settings, startProgram } from './program.ts';
import type { Program, Reply } from './program.ts';

const POLICIES = { 'base.yaml': 'policies:\n  - name: base\n    max_steps: 50\n' };
let program: Program;
let directory: string;

async function startHere(more: object = {}): Promise<void> {
  directory = directoryOf({});
  writeAll(`${directory}/bundles`, await bundleFiles('acme.mjs', POLICIES, { sequence: 1 }));
  writeAll(directory, { 'trust.json': (await bundleFiles('x.mjs', POLICIES))['trust.json'] ?? '' });
  const policies = {
    path: `${directory}/bundles`,
    trust: `${directory}/trust.json`,
    poll: '1h',
    name: 'acme',
  };
  program = await startProgram(settings(directory, { policies, state_dir: `${directory}/state`, ...more }));
}
async function stop(): Promise<void> {
  program.child.kill('SIGKILL');
  await program.ended;
  rmSync(directory, { recursive: true });
}

const body = JSON.stringify(PASSED);
const validate = (): Promise<Reply> => ask(`${program.url}/validate`, { body });
const timed = async <T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> => {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
};

describe('a bundle that loops when it is loaded', () => {
  beforeAll(() => startHere());
  afterAll(stop);

  it('is refused in its time, and nobody waits for it', async () => {
    const module = Buffer.from(`${MODULE_HEAD}function(){for(;;){}}${MODULE_TAIL}`);
    const { sidecars } = await signBundle({
      moduleName: 'acme.mjs',
      module,
      predicate: predicateOf({ sequence: 2 }),
      signers: [keySigner(sharedKey)],
    });
    writeAll(`${directory}/bundles`, { 'acme.mjs': module, 'acme.mjs.sigstore.json': sidecars[0] ?? '' });
    const begun = performance.now();
    let slowest = 0;
    for (;;) {
      const { ms, value } = await timed(validate);
      slowest = Math.max(slowest, ms);
      expect(value.status).toBe(200);
      expect(value.text).toContain('"sequence":1');
      const { text } = await ask(`${program.url}/policies/acme`);
      const { last_error } = JSON.parse(text) as { last_error: { code: string; message: string } | null };
      if (last_error) {
        expect(last_error).toMatchObject({
          code: 'module_failed',
          message: expect.stringContaining('does not load within 2000 ms') as string,
        });
        break;
      }
      expect(performance.now() - begun).toBeLessThan(60_000);
      await new Promise((done) => setTimeout(done, 20));
    }
    console.log(
      `loop at load: refused after ${Math.round(performance.now() - begun)} ms, slowest answer meanwhile ${slowest.toFixed(1)} ms`,
    );
  });
});

describe('abuse', () => {
  beforeAll(() =>
    startHere({
      limits: { loop_delay: '60s', headers_timeout: '2500ms', request_timeout: '3s', in_flight: 64 },
    }),
  );
  afterAll(stop);

  it('500 that never finish their headers, 50 of 10 MB, gzip, deep and wide: others are served, memory is bounded', async () => {
    const { port } = new URL(program.url);
    const slow = Array.from({ length: 500 }, () => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      // Unread, its end would never be seen.
      socket.resume();
      socket.write('POST /validate HTTP/1.1\r\nHost: a\r\nX-Slow: ');
      return new Promise<void>((done) => socket.on('close', () => done()));
    });
    const large = Buffer.alloc(10 << 20, 0x20);
    const statuses = new Map<number, number>();
    const note = ({ status }: Reply): void => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
    // Refused unread, the connection is closed: whoever still writes may see that first.
    const lost = (): void => void statuses.set(0, (statuses.get(0) ?? 0) + 1);
    const larges = Array.from({ length: 50 }, () =>
      ask(`${program.url}/validate`, { body: large }).then(note, lost),
    );
    const zipped = ask(`${program.url}/validate`, {
      body: gzipSync(large),
      headers: { 'content-encoding': 'gzip' },
    });
    const deep = ask(`${program.url}/validate`, { body: `{"steps": ${'['.repeat(100_000)}` });
    const wide = ask(`${program.url}/validate`, {
      body: JSON.stringify({
        steps: [{ id: 'a', tool: 't', args: { list: Array.from({ length: 200_001 }, () => 1) } }],
      }),
    });
    let slowest = 0;
    let most = 0;
    const watch = crowd(1, async () => {
      const { ms, value } = await timed(() => ask(`${program.url}/health`));
      expect(value.status).toBe(200);
      slowest = Math.max(slowest, ms);
      most = Math.max(most, residentOf(program));
      await new Promise((done) => setTimeout(done, 50));
    });
    expect((await zipped).status).toBe(415);
    expect((await deep).status).toBe(400);
    expect(await wide).toMatchObject({
      status: 200,
      text: expect.stringContaining('"is_valid":false') as string,
    });
    await Promise.all(larges);
    await Promise.all(slow);
    await watch.stop();
    expect((await validate()).status).toBe(200);
    expect([...statuses.keys()].filter((status) => status !== 413 && status !== 503 && status !== 0)).toEqual(
      [],
    );
    console.log(
      `abuse: health at most ${slowest.toFixed(0)} ms, memory at most ${most.toFixed(0)} MB, large bodies ${JSON.stringify([...statuses])}`,
    );
    expect(most).toBeLessThan(300);
  });

  it('more than it can do: what is taken is answered, the rest is told when to come again', async () => {
    const capacity = await throughput(16, 2_000);
    const overload = await throughput(256, 3_000);
    const share = overload.ok / overload.seconds / (capacity.ok / capacity.seconds);
    console.log(
      `overload: ${Math.round(capacity.ok / capacity.seconds)} req/s alone, ${Math.round(overload.ok / overload.seconds)} req/s served under overload (${Math.round(share * 100)} %), ` +
        `${overload.refused} refused, p99 of served ${overload.p99.toFixed(0)} ms`,
    );
    expect(overload.failed).toBe(0);
    expect(overload.ok).toBeGreaterThan(0);
  });

  async function throughput(people: number, ms: number) {
    const agent = keepAlive();
    agent.maxSockets = people;
    const counts = { ok: 0, refused: 0, failed: 0 };
    const times: number[] = [];
    const load = crowd(people, async () => {
      const { ms: took, value } = await timed(() =>
        ask(`${program.url}/validate`, { body, agent }).catch(() => ({ status: 0, text: '' })),
      );
      if (value.status === 200) {
        counts.ok += 1;
        times.push(took);
      } else if (value.status === 503) {
        counts.refused += 1;
        await new Promise((done) => setTimeout(done, 200));
      } else counts.failed += 1;
    });
    const begun = performance.now();
    await new Promise((done) => setTimeout(done, ms));
    await load.stop();
    agent.destroy();
    times.sort((a, b) => a - b);
    return {
      ...counts,
      seconds: (performance.now() - begun) / 1000,
      p99: times[Math.floor(times.length * 0.99)] ?? 0,
    };
  }
});

describe('SIGTERM', () => {
  beforeAll(() => startHere({ drain: { delay: '2s', grace: '5s' } }));
  afterAll(stop);

  it('under load, with clients that follow readiness: no request fails, and it ends with 0', async () => {
    const agent = keepAlive();
    const failures: string[] = [];
    let isReady = true;
    const watch = crowd(1, async () => {
      const ready = await ask(`${program.url}/health/ready`).catch(() => ({ status: 0 }));
      if (ready.status !== 200) isReady = false;
      await new Promise((done) => setTimeout(done, 50));
    });
    const load = crowd(8, async () => {
      if (!isReady) {
        await new Promise((done) => setTimeout(done, 20));
        return;
      }
      const reply = await ask(`${program.url}/validate`, { body, agent }).catch((error: unknown) => ({
        status: 0,
        text: String(error),
      }));
      if (reply.status !== 200) failures.push(`${reply.status} ${reply.text}`);
    });
    await new Promise((done) => setTimeout(done, 1_000));
    const begun = performance.now();
    program.child.kill('SIGTERM');
    const code = await program.ended;
    const took = performance.now() - begun;
    const asked = await load.stop();
    await watch.stop();
    console.log(
      `drain: ${asked} rounds, ${failures.length} failed, exit ${String(code)} after ${Math.round(took)} ms`,
    );
    expect([failures, code]).toEqual([[], 0]);
  });
});
