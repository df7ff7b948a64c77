/** Results under faults: PostgreSQL stopped and started under load, SQLite killed. Each decision is one row, neither more nor less. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { verifyLog } from '../../../service/audit/verify.ts';
import type { Database, Row } from '../../../service/database/database.ts';
import { openDatabase } from '../../../service/database/open.ts';
import { rebuild } from '../../../service/results/rebuild.ts';
import { drive } from './driver.ts';
import { startPostgres } from './postgres.ts';

const directory = mkdtempSync(join(tmpdir(), 'plan-lint-results-'));
const ended: (() => void)[] = [];
afterAll(() => {
  for (const end of ended) end();
  rmSync(directory, { recursive: true, force: true });
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const VIOLATIONS = [{ rule: 'limit', message: 'too much' }];

interface Tables {
  readonly decisions: readonly Row[];
  readonly violations: readonly Row[];
}

async function tablesOf(url: string): Promise<Tables> {
  const database = await openDatabase(url);
  try {
    return await database.transaction(async (run) => ({
      decisions: await run('SELECT * FROM decisions ORDER BY seq'),
      violations: await run('SELECT * FROM violations ORDER BY decision_id, n'),
    }));
  } finally {
    await database.close();
  }
}

/** The tables against the log: as many rows as decisions, and what a rebuild makes. */
async function compare(url: string, path: string): Promise<Record<string, unknown>> {
  const { decisions: audited, findings } = await verifyLog({ path });
  expect(findings).toEqual([]);
  const tables = await tablesOf(url);
  const fresh = join(directory, `fresh-${Math.random()}.db`);
  const database: Database = await openDatabase(`sqlite:${fresh}`);
  await rebuild(database, { path, log: 'load' });
  await database.close();
  const again = await tablesOf(`sqlite:${fresh}`);
  // PostgreSQL hands over what does not fit into 32 bits as text.
  const plain = ({ decisions, violations }: Tables): unknown =>
    [decisions, violations].map((rows) =>
      rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            typeof value === 'string' ? value : JSON.stringify(value),
          ]),
        ),
      ),
    );
  expect(tables.decisions).toHaveLength(audited);
  expect(new Set(tables.decisions.map((row) => row['decision_id'])).size).toBe(audited);
  expect(plain(again)).toEqual(plain(tables));
  return { audited, rows: tables.decisions.length, violationRows: tables.violations.length };
}

it('PostgreSQL stopped for some seconds under load, at once and in order', async () => {
  const server = await startPostgres(directory);
  ended.push(server.end);

  const path = join(directory, 'postgres/audit.log');
  const { url } = server;
  const driven = drive({
    audit: { path },
    rate: 500,
    seconds: 20,
    name: 'p',
    results: url,
    violations: VIOLATIONS,
  });
  await driven.ready;
  await pause(4_000);
  server.stop('immediate');
  await pause(4_000);
  server.start();
  await pause(4_000);
  server.stop('fast');
  await pause(2_000);
  server.start();
  const end = await driven.ended;
  expect(driven.complaints()).toBe('');
  console.log(JSON.stringify({ postgres: true, ...(await compare(url, path)), ...end }));
  expect(driven.refused.size).toBe(0);
}, 180_000);

it('SQLite killed ten times under load', async () => {
  const path = join(directory, 'sqlite/audit.log');
  const url = `sqlite:${join(directory, 'results.db')}`;
  const load = { audit: { path }, rate: 1_000, name: 'k', results: url, violations: VIOLATIONS };
  for (let round = 0; round < 10; round += 1) {
    const driven = drive({ ...load, seconds: 60, name: `k${round}` });
    await driven.ready;
    await pause(500 + Math.random() * 1_000);
    driven.process.kill('SIGKILL');
    await driven.ended;
  }
  const last = drive({ ...load, seconds: 1, name: 'last' });
  const end = await last.ended;
  expect(last.complaints()).toBe('');
  console.log(JSON.stringify({ sqlite: true, kills: 10, ...(await compare(url, path)), ...end }));
}, 180_000);
