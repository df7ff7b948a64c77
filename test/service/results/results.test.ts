/** The results in SQLite: each decision once, also when the log is read again; a rebuild gives the same tables. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf } from '../../../service/audit/line.ts';
import { AuditReader, BEGINNING } from '../../../service/audit/reader.ts';
import type { Writer } from '../../../service/audit/writer.ts';
import type { Database } from '../../../service/database/database.ts';
import { openDatabase } from '../../../service/database/open.ts';
import { queryResults } from '../../../service/results/query.ts';
import { rebuild } from '../../../service/results/rebuild.ts';
import { resultsSink } from '../../../service/results/sink.ts';
import { writeLines } from '../../../service/results/write.ts';
import { runSink } from '../../../service/sinks/run.ts';
import { decision, denied, logPlace, type LogPlace } from '../audit/log.ts';

let place: LogPlace;
let log: Writer;
let now: number;
const databases: Database[] = [];
beforeEach(async () => {
  now = Date.parse('2026-06-01T00:00:00Z');
  place = logPlace();
  log = await place.open({ now: () => now });
});
afterEach(async () => {
  for (const database of databases.splice(0)) await database.close();
  await place.remove();
});

const database = async (name: string): Promise<Database> => {
  const opened = await openDatabase(`sqlite:${join(place.directory, name)}`);
  databases.push(opened);
  return opened;
};
const tables = (of: Database): Promise<unknown> =>
  of.transaction(async (run) => [
    await run('SELECT * FROM decisions ORDER BY seq'),
    await run('SELECT * FROM violations ORDER BY decision_id, n'),
    await run('SELECT * FROM cursors'),
  ]);

it('the reader fills the tables, and a rebuild makes the same', async () => {
  for (let i = 0; i < 30; i += 1)
    await log.append(i % 3 ? denied(`d${i}`, 'limit', 'zone') : decision(`d${i}`));
  const first = await database('first.db');
  const running = runSink(resultsSink({ database: first, log: 'tests' }), log, place.path);
  await expect.poll(() => running.status().lag, { timeout: 10_000 }).toBe(0);
  const again = await database('again.db');
  expect(await rebuild(again, { path: place.path, log: 'tests' })).toEqual({ lines: 31, missed: 0 });
  expect(await tables(again)).toEqual(await tables(first));
  const { results } = await queryResults(first, { limit: '1000' });
  expect(results).toHaveLength(30);
  databases.splice(databases.indexOf(first), 1);
  await running.close();
});

it('a line that is written again counts once; two readers of one log do not both go on', async () => {
  await log.append(denied('a', 'limit'));
  const results = await database('r.db');
  await rebuild(results, { path: place.path, log: 'tests' });
  const before = await tables(results);
  const reader = new AuditReader({ path: place.path, from: BEGINNING });
  const { lines } = await reader.next();
  await reader.close();
  const after = lines.at(-1)?.position ?? BEGINNING;
  await expect(writeLines(results, { log: 'tests', before: BEGINNING, lines, after })).rejects.toMatchObject({
    code: 'results_moved',
  });
  await writeLines(results, { log: 'tests', before: after, lines, after });
  expect(await tables(results)).toEqual(before);
});

it('a subject that is erased loses its name in what came before, and a rebuild keeps to it', async () => {
  await log.append(denied('a', 'limit'));
  await log.append(decision('b', { user: 'somebody else' }));
  await log.own('subject_erased', { subject_sha256: hashOf('agent-7') });
  await log.append(decision('c'));
  const results = await database('r.db');
  await rebuild(results, { path: place.path, log: 'tests' });
  const page = await queryResults(results, {});
  expect(page.results.map(({ user, plan_id }) => [user, plan_id])).toEqual([
    ['agent-7', 'plan-c'],
    ['somebody else', 'plan-b'],
    ['erased', 'erased'],
  ]);
});

describe('queries', () => {
  beforeEach(async () => {
    for (let i = 0; i < 10; i += 1) {
      now += 1_000;
      await log.append(
        i % 2
          ? denied(`d${i}`, `rule${i % 4}`)
          : decision(`d${i}`, { team: "o'brien", user: 'x" OR 1=1 --' }),
      );
    }
  });
  const ids = async (query: Parameters<typeof queryResults>[1]): Promise<readonly string[]> => {
    const results = await database(`q${databases.length}.db`);
    await rebuild(results, { path: place.path, log: 'tests' });
    return (await queryResults(results, query)).results.map(({ decision_id }) => decision_id);
  };

  it('by column, rule and time', async () => {
    expect(await ids({ status: 'deny' })).toEqual(['d9', 'd7', 'd5', 'd3', 'd1']);
    expect(await ids({ rule: 'rule3' })).toEqual(['d7', 'd3']);
    expect(await ids({ team: "o'brien", user: 'x" OR 1=1 --', limit: '2' })).toEqual(['d8', 'd6']);
    expect(await ids({ from: '2026-06-01T00:00:09Z', to: '2026-06-01T00:00:11Z' })).toEqual(['d9', 'd8']);
    expect(await ids({ user: "' OR ''='" })).toEqual([]);
  });

  it('page by page, nothing twice and nothing left out', async () => {
    const results = await database('pages.db');
    await rebuild(results, { path: place.path, log: 'tests' });
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page = await queryResults(results, { limit: '3', ...(after && { after }) });
      seen.push(...page.results.map(({ decision_id }) => decision_id));
      after = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => `d${9 - i}`));
  });

  it.each([{ limit: '0' }, { limit: '1e3' }, { from: 'yesterday' }, { after: 'x' }, { users: 'a' }])(
    '%j is refused',
    async (query) => {
      await expect(ids(query)).rejects.toMatchObject({ code: 'results_query_invalid' });
    },
  );
});
