/** Readers go no further than what counts, and lose nothing across files that are closed, moved, cut or removed. */
import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AuditReader, BEGINNING, type Position } from '../../../service/audit/reader.ts';
import { decision, logPlace, type LogPlace } from './log.ts';

let place: LogPlace;
const opened: AuditReader[] = [];
beforeEach(() => (place = logPlace()));
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
  await place.remove();
});

function reader(from: Position, limit?: () => number): AuditReader {
  const made = new AuditReader({ path: place.path, from, ...(limit && { limit }) });
  opened.push(made);
  return made;
}
async function idsOf(follower: AuditReader): Promise<readonly string[]> {
  const found: string[] = [];
  for (let { lines } = await follower.next(); lines.length > 0; { lines } = await follower.next())
    found.push(...lines.flatMap(({ event }) => event.decision_id ?? []));
  return found;
}
const ids = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, i) => `${from + i}`);

it('follows a log across its files, from any position in it', async () => {
  const log = await place.open({ segment: { bytes: 1_500 } });
  const follower = reader(BEGINNING);
  const seen: string[] = [];
  for (let i = 0; i < 60; i += 1) {
    await log.append(decision(`${i}`));
    if (i % 7 === 0) seen.push(...(await idsOf(follower)));
  }
  await log.retention.idle();
  seen.push(...(await idsOf(follower)));
  expect(seen).toEqual(ids(0, 60));
  const middle: Position[] = [];
  const again = reader(BEGINNING);
  for (let { lines } = await again.next(); lines.length > 0; { lines } = await again.next())
    middle.push(...lines.map(({ position }) => position));
  for (const [i, position] of middle.entries())
    if (i % 9 === 5) expect(await idsOf(reader(position))).toEqual(ids(position.seq - 1, 60));
});

it('hands out nothing that does not count: lines that were cut and written anew are read as they are then', async () => {
  const log = await place.open();
  for (let i = 0; i < 3; i += 1) await log.append(decision(`${i}`));
  await log.close();
  let limit = 2;
  const follower = reader(BEGINNING, () => limit);
  expect(await idsOf(follower)).toEqual(['0']);
  // As a write that failed half way, and the one that came after.
  const whole = readFileSync(place.path, 'utf8').split('\n');
  truncateSync(place.path, Buffer.byteLength(whole.slice(0, 2).join('\n')) + 1);
  const again = await place.open();
  await again.append(decision('instead'));
  limit = 100;
  expect(await idsOf(follower)).toEqual(['instead']);
});

it('text that is no line is skipped, and counted', async () => {
  const log = await place.open();
  await log.append(decision('a'));
  appendFileSync(place.path, 'somebody was here\n');
  await log.append(decision('b'));
  const from = reader(BEGINNING);
  const counts = { lines: 0, unreadable: 0 };
  for (let batch = await from.next(); batch.lines.length + batch.unreadable > 0; batch = await from.next()) {
    counts.lines += batch.lines.length;
    counts.unreadable += batch.unreadable;
  }
  expect(counts).toEqual({ lines: 3, unreadable: 1 });
});

it('what was removed is a gap, and says from where to where', async () => {
  let now = Date.now() - 10 * 86_400_000;
  const log = await place.open({ now: () => now, keep: 1, segment: { gzip: false } });
  for (let i = 0; i < 4; i += 1) {
    await log.append(decision(`${i}`));
    now += 86_400_000;
  }
  await log.retention.sweep();
  expect((await reader(BEGINNING).next()).gap).toEqual({ from: 1, to: 4 });
});
