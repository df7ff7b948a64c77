/** rsyslog over TLS, stopped for ten seconds under load: every violation arrives, in the order of its plan, one frame each. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AuditReader, BEGINNING } from '../../../service/audit/reader.ts';
import { readCef } from '../../service/sinks/cef-reader.ts';
import { drive } from './driver.ts';

const directory = mkdtempSync(join(tmpdir(), 'plan-lint-siem-'));
const received = join(directory, 'received');
const ca = join(directory, 'ca.pem');
let port = 0;
let rsyslog: ChildProcess | null = null;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function openssl(line: string): void {
  const { status, stderr } = spawnSync('openssl', line.split(' '), { cwd: directory, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}

function start(): void {
  const at = (name: string): string => join(directory, name);
  writeFileSync(
    at('rsyslog.conf'),
    [
      `global(workDirectory="${directory}" maxMessageSize="64k" defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="${ca}"`,
      `  defaultNetstreamDriverCertFile="${at('server.pem')}" defaultNetstreamDriverKeyFile="${at('server.key')}" parser.escapeControlCharactersOnReceive="off")`,
      'module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")',
      'template(name="plain" type="string" string="%msg%\\n")',
      `input(type="imtcp" port="${port}" address="127.0.0.1")`,
      `action(type="omfile" file="${received}" template="plain")`,
      '',
    ].join('\n'),
  );
  rsyslog = spawn('/usr/sbin/rsyslogd', ['-n', '-f', at('rsyslog.conf'), '-i', at('rsyslog.pid')], {
    stdio: 'inherit',
  });
}

async function stop(): Promise<void> {
  const running = rsyslog;
  if (!running) return;
  rsyslog = null;
  const ended = new Promise((resolve) => running.on('exit', resolve));
  running.kill('SIGTERM');
  await ended;
}

beforeAll(async () => {
  port = await freePort();
  openssl('req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ca');
  openssl('req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost');
  writeFileSync(join(directory, 'san'), 'subjectAltName=DNS:localhost');
  openssl(
    'x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile san',
  );
  start();
});
afterAll(async () => {
  await stop();
  rmSync(directory, { recursive: true, force: true });
});

const HOSTILE = 'r|u=l\\e \\| one';
const VIOLATIONS = [
  { rule: 'limit', message: 'amount is above 10000' },
  { rule: HOSTILE, message: 'a|b=c\\d\r\ne\u2028f' },
  { rule: 'long', message: 'x'.repeat(65_536) },
];
/** As one line, no longer than a field may be. */
const asArrived = (text: string): string => {
  const line = text.replace(/\r\n|[\r\n\u2028\u2029]/g, ' ');
  return line.length <= 512 ? line : `${line.slice(0, 511)}…`;
};

it('stopped for ten seconds under 500 denials a second', async () => {
  const path = join(directory, 'audit.log');
  const driven = drive({
    audit: { path },
    rate: 500,
    seconds: 24,
    name: 's',
    siem: { host: 'localhost', port, transport: 'tls', caFile: ca, cursor: join(directory, 'siem.json') },
    violations: VIOLATIONS,
  });
  await driven.ready;
  await pause(5_000);
  await stop();
  await pause(10_000);
  start();
  const end = await driven.ended;
  expect(driven.complaints()).toBe('');
  // What it has received is on disk when it has ended.
  await pause(1_000);
  await stop();

  const reader = new AuditReader({ path, from: BEGINNING });
  const sent: { id: string; rule: string; message: string }[] = [];
  for (let batch = await reader.next(); batch.lines.length > 0; batch = await reader.next())
    for (const { event } of batch.lines)
      for (const { rule, message } of event.result?.violations ?? [])
        sent.push({ id: event.decision_id ?? '', rule, message });
  await reader.close();

  const frames = readFileSync(received, 'utf8').split('\n').slice(0, -1);
  const order = new Map<string, number>();
  const wrong: string[] = [];
  const bySent = new Map(sent.map((each) => [each.id, each]));
  for (const frame of frames) {
    const { header, extension } = readCef(frame.trimStart());
    const id = extension['externalId'] ?? '';
    const one = bySent.get(id);
    if (!one || header[3] !== one.rule || header[4] !== asArrived(one.message))
      wrong.push(frame.slice(0, 300));
    if (!order.has(id)) order.set(id, order.size);
  }
  const missing = sent.filter(({ id }) => !order.has(id)).length;
  const places = sent.map(({ id }) => order.get(id) ?? -1);
  const isOrdered = places.every((place, i) => i === 0 || place > (places[i - 1] ?? -1));
  console.log(
    JSON.stringify({
      violations: sent.length,
      frames: frames.length,
      twice: frames.length - order.size,
      missing,
      isOrdered,
      ...end,
    }),
  );
  expect(sent.length).toBeGreaterThan(2_000);
  expect(wrong).toEqual([]);
  expect(missing).toBe(0);
  expect(isOrdered).toBe(true);
}, 180_000);
