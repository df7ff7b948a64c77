/** What a hostile or hasty network does: each is answered in bounded time, and the others are served. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SubjectLimit } from '../../service/http/subject-limit.ts';
import { SeriesCap, sizeWord } from '../../service/observe/series-cap.ts';
import { PASSED, running } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

let here: Running;
beforeAll(async () => {
  here = await running({
    config: { limits: { headers_timeout: '700ms', request_timeout: '1s', in_flight: 4 } },
  });
});
afterAll(() => here.close());

/** Writes raw bytes and collects what comes back until the end. */
function raw(parts: readonly string[], pause = 0): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(here.url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (part) => (text += part.toString()));
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
    void (async () => {
      for (const part of parts) {
        socket.write(part);
        await new Promise((done) => setTimeout(done, pause));
      }
    })();
  });
}

const HEAD =
  'POST /validate HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer validator\r\nContent-Type: application/json\r\n';

describe('connections', () => {
  it('with headers that never end: 408', async () => {
    expect(await raw(['POST /validate HTTP/1.1\r\nHost: a\r\n'])).toMatch(/^HTTP\/1.1 408/);
  });
  it('with more headers than anybody needs: 431', async () => {
    expect(await raw([`${HEAD}${'X-A: b\r\n'.repeat(50_000)}\r\n`])).toMatch(/^HTTP\/1.1 431/);
  });
  it('that are no HTTP: 400', async () => {
    expect(await raw(['hello\r\n\r\n'])).toMatch(/^HTTP\/1.1 400/);
  });
});

describe('requests', () => {
  const openSlow = (): Promise<string> => raw([`${HEAD}Content-Length: 100\r\n\r\n{"steps"`]);

  it('that are slow are cut off, those beyond the gate are turned away unread, and health is answered all the while', async () => {
    const slow = Array.from({ length: 4 }, openSlow);
    await new Promise((done) => setTimeout(done, 150));
    const start = performance.now();
    const [turned, health] = await Promise.all([
      here.ask('/validate', { as: 'validator', body: PASSED }),
      here.ask('/health', { as: null }),
    ]);
    expect([turned.status, turned.headers.get('retry-after'), health.status]).toEqual([503, '1', 200]);
    expect(((await turned.json()) as Tree)['code']).toBe('overloaded');
    expect(performance.now() - start).toBeLessThan(900);
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^HTTP\/1.1 408/);
    expect((await here.ask('/validate', { body: PASSED })).status).toBe(200);
    expect(await (await here.ask('/metrics', { as: null })).text()).toMatch(
      /plan_lint_shed_total\{reason="in_flight"\} [1-9]/,
    );
  });

  it('that say they are large are refused before they are read', async () => {
    const answer = await raw([`${HEAD}Content-Length: 10000000\r\n\r\n{`]);
    expect(answer).toMatch(/^HTTP\/1.1 413/);
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it('without a token are refused before they are read', async () => {
    const answer = await raw([
      `POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n{`,
    ]);
    expect(answer).toMatch(/^HTTP\/1.1 401/);
  });

  it('that are deep or wide are denied in bounded time', async () => {
    const deep = `{"steps": [{"id": "a", "tool": "t", "args": {"a": ${'['.repeat(150)}${']'.repeat(150)}}}]}`;
    const wide = JSON.stringify({
      steps: [{ id: 'a', tool: 't', args: { list: Array.from({ length: 200_000 }, () => 1) } }],
    });
    const bottomless = `{"steps": ${'['.repeat(100_000)}`;
    for (const [body, status] of [
      [deep, 200],
      [wide, 200],
      [bottomless, 400],
    ] as const) {
      const reply = await here.ask('/validate', { method: 'POST', body });
      expect(reply.status).toBe(status);
      expect(((await reply.json()) as Tree)['is_valid']).not.toBe(true);
    }
  });
});

it('one user asks as often as is allowed', () => {
  let now = 0;
  const limit = new SubjectLimit(2, () => now);
  expect([limit.take('a'), limit.take('a')]).toEqual([null, null]);
  expect(limit.take('a')).toBeCloseTo(0.5);
  expect(limit.take('b')).toBeNull();
  now = 500;
  expect(limit.take('a')).toBeNull();
});

it('series that others name are capped, and sizes are words', () => {
  const cap = new SeriesCap(3);
  expect(['a', 'b', 'c', 'd', 'a'].map((each) => cap.admits(each))).toEqual([true, true, true, false, true]);
  expect(cap.over).toBe(1);
  expect([1, 5, 6, 21, 101, 1001].map(sizeWord)).toEqual([
    '1-5',
    '1-5',
    '6-20',
    '21-100',
    '101-1000',
    '1000+',
  ]);
});
