/** Readers of the log: nothing is lost when the other side is down, and positions never run ahead of it. */
import { createServer, type Server, type Socket } from 'node:net';
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fileCursor } from '../../../service/sinks/cursor.ts';
import { runSink, type RunningSink } from '../../../service/sinks/run.ts';
import { siemSink } from '../../../service/sinks/siem.ts';
import type { Collector } from '../../../service/sinks/transport.ts';
import type { Writer } from '../../../service/audit/writer.ts';
import { denied, logPlace, type LogPlace } from '../audit/log.ts';

let place: LogPlace;
let log: Writer;
const open: { close(): unknown }[] = [];
beforeEach(async () => {
  place = logPlace();
  log = await place.open();
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
  await place.remove();
});

/** A collector that counts octets, and what it got. */
async function collector(
  port = 0,
): Promise<{ server: Server; port: number; got: string[]; readonly drop: () => void }> {
  const got: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (;;) {
        const [head = '', count = ''] = /^(\d+) /.exec(bytes.toString('latin1', 0, 10)) ?? [];
        const end = head.length + Number(count);
        if (head === '' || bytes.length < end) return;
        got.push(bytes.toString('utf8', head.length, end));
        bytes = bytes.subarray(end);
      }
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const close = (): Promise<void> => {
    drop();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  open.push({ close });
  return { server, port: typeof address === 'object' && address ? address.port : 0, got, drop };
}

function reader(
  to: Pick<Collector, 'port' | 'transport'>,
  more: { format?: 'bare'; trailMs?: number } = {},
): RunningSink {
  const cursor = fileCursor(join(place.directory, 'cursors/siem.json'));
  const origin = { host: 'here', process: '1' };
  const running = runSink(
    siemSink({ host: '127.0.0.1', ...to, cursor, origin, trailMs: 100, ...more }),
    log,
    place.path,
  );
  open.push(running);
  return running;
}

const idsOf = (got: readonly string[]): readonly string[] =>
  got.map((text) => /externalId=(\S+)/.exec(text)?.[1] ?? '');

it('sends each violation in order, and goes on after its last position when it is started again', async () => {
  const { port, got } = await collector();
  for (let i = 0; i < 20; i += 1) await log.append(denied(`a${i}`, 'one', 'two'));
  const first = reader({ port, transport: 'tcp' });
  await expect.poll(() => first.status().lag, { timeout: 10_000 }).toBe(0);
  expect(idsOf(got)).toEqual(Array.from({ length: 40 }, (_, i) => `a${Math.floor(i / 2)}`));
  await first.close();
  open.pop();
  got.length = 0;
  await log.append(denied('b', 'one'));
  const second = reader({ port, transport: 'tcp' });
  await expect.poll(() => second.status().lag, { timeout: 10_000 }).toBe(0);
  expect(idsOf(got)).toEqual(['b']);
});

it('what was on its way when the connection broke is sent again', async () => {
  const { port, got, drop } = await collector();
  const running = reader({ port, transport: 'tcp' }, { trailMs: 5_000 });
  for (let i = 0; i < 10; i += 1) await log.append(denied(`a${i}`, 'one'));
  await expect.poll(() => got.length, { timeout: 10_000 }).toBe(10);
  drop();
  await expect.poll(() => got.length, { timeout: 10_000 }).toBe(20);
  expect(running.status()).toMatchObject({ errors: 1, passed: 0 });
});

it('while nobody listens the log waits, and says why', async () => {
  const gone = await collector();
  await new Promise((resolve) => gone.server.close(resolve));
  const running = reader({ port: gone.port, transport: 'tcp' });
  for (let i = 0; i < 10; i += 1) await log.append(denied(`a${i}`, 'one'));
  await expect
    .poll(() => running.status(), { timeout: 10_000 })
    .toMatchObject({ state: 'down', problem: 'ECONNREFUSED', lag: 11 });
  const { got } = await collector(gone.port);
  await expect
    .poll(() => idsOf(got), { timeout: 20_000 })
    .toEqual(Array.from({ length: 10 }, (_, i) => `a${i}`));
});

it('the bare datagram of the source document', async () => {
  const socket = createSocket('udp4');
  const got: string[] = [];
  socket.on('message', (bytes) => got.push(bytes.toString()));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  open.push(socket);
  reader({ port: socket.address().port, transport: 'udp' }, { format: 'bare' });
  await log.append(denied('a', 'one'));
  await expect.poll(() => got.length, { timeout: 10_000 }).toBe(1);
  expect(got[0]).toMatch(
    /^CEF:0\|PlanLint\|Validator\|1\.0\|one\|it is not allowed\|8\|planId=plan-a stepId=s1 /,
  );
});

it('a position that cannot be read stops the reader: nothing is skipped by guessing', async () => {
  const path = join(place.directory, 'siem.json');
  writeFileSync(path, '{"seq":"many"}');
  await expect(fileCursor(path).load()).rejects.toMatchObject({ code: 'cursor_unreadable' });
});
