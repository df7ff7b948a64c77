/** What the log holds after what happens to logs: crashes, full disks, other processes, logrotate. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditError } from '../../../service/audit/errors.ts';
import { hashOf, readLine } from '../../../service/audit/line.ts';
import { verifyLog } from '../../../service/audit/verify.ts';
import { decision, denied, logPlace, type LogPlace } from './log.ts';

let place: LogPlace;
beforeEach(() => (place = logPlace()));
afterEach(() => place.remove());

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof AuditError ? error.code : String(error)),
  );
const findings = async (): Promise<readonly string[]> =>
  (await verifyLog({ path: place.path })).findings.map(({ code }) => code);

it('the line is the document’s, then ours, and follows on the line before', async () => {
  const log = await place.open({ now: () => Date.parse('2026-06-01T00:00:00Z') });
  const position = await log.append(denied('d1', 'limit'));
  const [opened = '', text = ''] = place.lines();
  const line = JSON.parse(text) as Record<string, unknown>;
  expect(Object.keys(line)).toEqual(
    'timestamp action plan_id policy_id user result decision_id seq prev status risk_score'.split(' '),
  );
  expect(Object.keys(line['result'] as object)).toEqual(['is_valid', 'violation_count', 'violations']);
  expect(line).toMatchObject({ timestamp: '2026-06-01T00:00:00.000Z', action: 'validate_plan', seq: 2 });
  expect(position).toEqual({ seq: 2 });
  // What an auditor types.
  const { stdout } = spawnSync('sh', ['-c', `sed -n 1p '${place.path}' | sha256sum`], { encoding: 'utf8' });
  expect(line['prev']).toBe(stdout.slice(0, 64));
  expect(readLine(opened)).toMatchObject({ action: 'audit_opened', seq: 1, prev: '0'.repeat(64) });
});

it('lines come in the order of the calls, in few writes, and the chain is whole', async () => {
  const log = await place.open();
  const positions = await Promise.all(Array.from({ length: 500 }, (_, i) => log.append(decision(`${i}`))));
  expect(positions.map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, i) => i + 2));
  expect(
    place
      .lines()
      .slice(1)
      .map((text) => readLine(text)?.decision_id),
  ).toEqual(Array.from({ length: 500 }, (_, i) => `${i}`));
  expect(await verifyLog({ path: place.path })).toMatchObject({ lines: 501, decisions: 500, findings: [] });
});

it.each(['synced', 'async'] as const)('durability %s writes the same', async (durability) => {
  const log = await place.open({ durability });
  for (let i = 0; i < 20; i += 1) await log.append(decision(`${i}`));
  await log.close();
  expect(await verifyLog({ path: place.path })).toMatchObject({ decisions: 20, findings: [] });
});

describe('at start', () => {
  it('a torn line is cut, and the cut is recorded with its digest', async () => {
    const log = await place.open();
    await log.append(decision('a'));
    await log.close();
    const torn = '{"timestamp":"2026-06-01T00:00:00.000Z","action":"vali';
    appendFileSync(place.path, torn);
    expect((await verifyLog({ path: place.path })).remarkable.unfinished).toBe(torn.length);
    await place.open();
    expect(readLine(place.lines().at(-1) ?? '')?.detail).toMatchObject({
      torn_bytes: torn.length,
      torn_sha256: hashOf(torn),
    });
    expect(await verifyLog({ path: place.path })).toMatchObject({ findings: [], remarkable: { torn: 1 } });
  });

  it('a file in which nothing but a torn line stands begins anew', async () => {
    writeFileSync(place.path, '{"timestamp":');
    const log = await place.open();
    await log.append(decision('a'));
    expect(place.lines()).toHaveLength(2);
    expect(await findings()).toEqual([]);
  });

  it('a last line that is none of a log stops it: that may be evidence', async () => {
    const log = await place.open();
    await log.close();
    appendFileSync(place.path, 'somebody was here\n');
    expect(await codeOf(place.open())).toBe('audit_damaged');
  });

  it('goes on where the last segment ended, when the file is not there', async () => {
    const log = await place.open({ segment: { bytes: 400, gzip: true } });
    for (let i = 0; i < 6; i += 1) await log.append(decision(`${i}`));
    await log.close();
    renameSync(place.path, join(place.directory, 'audit.log.1'));
    const again = await place.open();
    await again.append(decision('z'));
    expect(await verifyLog({ path: place.path })).toMatchObject({ decisions: 7, findings: [] });
  });
});

describe('the lock', () => {
  it('a second process is refused with the pid of the first', async () => {
    await place.open();
    await expect(place.open()).rejects.toMatchObject({
      code: 'audit_locked',
      message: expect.stringContaining(`process ${process.pid} `) as unknown,
    });
  });

  it('that of a process that is gone is taken', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const owner = { id: 'gone', pid, host: hostname(), started: '' };
    writeFileSync(`${place.path}.lock`, JSON.stringify(owner));
    expect(await codeOf(place.open())).toBe('accepted');
  });

  it('that of another process with the same pid is taken', async () => {
    const owner = { id: 'reused', pid: process.pid, host: hostname(), started: 'another boot 1' };
    writeFileSync(`${place.path}.lock`, JSON.stringify(owner));
    expect(await codeOf(place.open())).toBe('accepted');
  });

  it('that of another host is left alone while it is renewed', async () => {
    const owner = { id: 'far', pid: 1, host: 'another-host', started: '' };
    writeFileSync(`${place.path}.lock`, JSON.stringify(owner));
    expect(await codeOf(place.open())).toBe('audit_locked');
  });

  it('who has lost it writes nothing more', async () => {
    const log = await place.open();
    await log.append(decision('a'));
    const before = place.lines().length;
    const owner = { id: 'thief', pid: process.pid, host: hostname(), started: '' };
    writeFileSync(`${place.path}.lock`, JSON.stringify(owner));
    await expect.poll(() => codeOf(log.append(decision('b'))), { timeout: 10_000 }).toBe('audit_lock_lost');
    const after = place.lines();
    expect(after.filter((text) => readLine(text)?.decision_id !== 'b')).toHaveLength(before);
  });
});

describe('files', () => {
  it('are closed by size and compressed, and read as one log', async () => {
    const log = await place.open({ segment: { bytes: 2_000 } });
    for (let i = 0; i < 40; i += 1) await log.append(denied(`${i}`, 'limit'));
    await log.close();
    const names = readdirSync(place.directory).filter((name) => /^audit-\d+\.jsonl\.gz$/.test(name));
    expect(names.length).toBeGreaterThan(5);
    expect(readdirSync(place.directory).filter((name) => /tmp|jsonl$/.test(name))).toEqual([]);
    expect(await verifyLog({ path: place.path })).toMatchObject({ decisions: 40, findings: [] });
  });

  it('are closed at the end of the day', async () => {
    let now = Date.now();
    const log = await place.open({ now: () => now, segment: { gzip: false } });
    await log.append(decision('today'));
    now += 86_400_000;
    await log.append(decision('tomorrow'));
    expect(place.lines()).toHaveLength(1);
    expect(await verifyLog({ path: place.path })).toMatchObject({ files: 2, decisions: 2, findings: [] });
  });

  it('logrotate moves one away, with and without a new one in its place', async () => {
    const log = await place.open();
    for (const [i, create] of [false, true].entries()) {
      await log.append(decision(`before ${i}`));
      renameSync(place.path, `${place.path}.${i + 1}`);
      await log.append(decision(`between ${i}`));
      if (create) writeFileSync(place.path, '');
      await log.reopen();
      await log.append(decision(`after ${i}`));
    }
    expect(place.lines()).toHaveLength(1);
    expect(await verifyLog({ path: place.path })).toMatchObject({ files: 3, decisions: 6, findings: [] });
  });

  it('one that is removed under our hands is replaced, and the hole shows', async () => {
    const log = await place.open();
    await log.append(decision('lost'));
    spawnSync('rm', [place.path]);
    await expect
      .poll(() => statSync(place.path, { throwIfNoEntry: false })?.size ?? 0, { timeout: 10_000 })
      .toBeGreaterThan(0);
    await log.append(decision('kept'));
    expect(await findings()).toEqual(['lines_missing']);
  });
});

describe('what is to go', () => {
  const DAY = 86_400_000;

  it('goes after its time, once readers have passed it; the log says so and stays whole', async () => {
    let now = Date.now() - 10 * DAY;
    const log = await place.open({ now: () => now, keep: 3 * DAY });
    const hold = log.retention.hold('siem', 0);
    for (let day = 0; day < 10; day += 1) {
      await log.append(decision(`${day}`));
      now += DAY;
    }
    await log.retention.sweep();
    expect((await verifyLog({ path: place.path })).from).toBe(1);
    hold.passed(6);
    await log.retention.sweep();
    await log.close();
    const report = await verifyLog({ path: place.path });
    expect(report).toMatchObject({ findings: [], remarkable: { removed: 6 } });
    expect(report.from).toBe(7);
  });

  it('a file that nobody has recorded as removed is missed', async () => {
    const log = await place.open({ segment: { bytes: 400, gzip: false } });
    for (let i = 0; i < 6; i += 1) await log.append(decision(`${i}`));
    const [first = ''] = readdirSync(place.directory)
      .filter((name) => name.startsWith('audit-'))
      .sort();
    spawnSync('rm', [join(place.directory, first)]);
    expect(await findings()).toEqual(['lines_missing']);
  });

  it('at max_bytes it stops, says so, and goes on when there is room', async () => {
    const log = await place.open({ maxBytes: 3_000, segment: { bytes: 500, gzip: false } });
    let refused = 'accepted';
    for (let i = 0; i < 30 && refused === 'accepted'; i += 1)
      refused = await codeOf(log.append(decision(`${i}`)));
    expect(refused).toBe('audit_full');
    expect(log.health()).toMatchObject({
      writable: false,
      problem: expect.stringContaining('audit.max_bytes') as unknown,
    });
    expect(await findings()).toEqual([]);
  });

  it('or the oldest file goes, unread, and the log says who missed how many', async () => {
    const log = await place.open({ maxBytes: 40_000, onFull: 'gap', segment: { gzip: false } });
    log.retention.hold('siem', 0);
    for (let i = 0; i < 300; i += 1) await log.append(decision(`${i}`));
    await log.retention.idle();
    await log.close();
    const files = readdirSync(place.directory).filter((name) => /^audit/.test(name));
    const bytes = files.reduce((sum, name) => sum + statSync(join(place.directory, name)).size, 0);
    expect(bytes).toBeLessThan(45_000);
    expect(await findings()).toEqual([]);
    const text = files.map((name) => readFileSync(join(place.directory, name), 'utf8')).join('');
    expect(text).toMatch(/"action":"segment_removed".*"unread_by":"siem","unread":\d+/);
  });
});

it('an event that JSON cannot hold is refused, and the next one is written', async () => {
  const log = await place.open();
  const bad = decision('bad', { detail: { n: 1n as unknown as number } });
  expect(await codeOf(log.append(bad))).toBe('audit_event_invalid');
  expect(await codeOf(log.append(decision('good')))).toBe('accepted');
  expect(await findings()).toEqual([]);
});
