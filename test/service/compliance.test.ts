/** `plan-lint report compliance` about services that have run: its numbers are those of the log and of the database; a broken chain is said first. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { openDatabase } from '../../service/database/open.ts';
import { names, readControls } from '../../service/reports/controls.ts';
import { place as cliPlace } from '../cli/place.ts';
import type { Place } from '../cli/place.ts';
import { running, TOKENS } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

const POLICY = `policies:
  - name: pay
    rules:
      - { rule: limit, severity: high, pattern: { tool: payments.transfer, operation: amount_gt, value: 100 } }
      - { rule: second_look, severity: medium, enforcement: require_approval, pattern: { tool: mail.send } }
`;
const CHILD = `extends: [pay.yaml]
exceptions:
  - rule: limit
    scope: { tool: payments.transfer }
    reason: the year ends
    ticket: SEC-17
    requested_by: ann@acme.example
    approved_by: bob@acme.example
    not_before: 2026-06-01
    expires: 2026-06-20
`;
const CONTROLS = `frameworks:
  SOC 2:
    CC6.1: { title: Limits on payments, rules: [limit, never_*] }
    CC7.2: { title: Monitoring, evidence: [decisions, chain, bundles] }
  EU AI Act:
    Art. 14: { title: Human oversight, rules: [second_*], evidence: [approvals, exceptions] }
`;
const pay = (amount: number, id: string): Tree => ({
  id,
  steps: [{ id: 'a', tool: 'payments.transfer', args: { amount } }],
});
const mail: Tree = { id: 'mail', steps: [{ id: 'a', tool: 'mail.send', args: {} }] };

let kept: string;
let cli: Place;
let clock: number;
const day = (number: number): number => Date.parse(`2026-06-${String(number).padStart(2, '0')}T00:00:00Z`);

const start = (): Promise<Running> =>
  running({
    files: { 'policies/pay.yaml': POLICY, 'policies/team.yaml': CHILD },
    now: () => clock,
    people: { ...TOKENS, second: { username: 'sue', permissions: ['approve_plan'] } },
    config: {
      audit: { path: join(kept, 'audit.log'), log: 'one', gzip: false, daily: false },
      results: { url: `sqlite:${join(kept, 'results.db')}` },
      approvals: {},
    },
  });

/** The database has read all of the log. */
async function caughtUp(here: Running): Promise<void> {
  const { readers } = here.service.deps;
  while (readers.statuses().some(({ lag }) => lag > 0)) await new Promise((done) => setTimeout(done, 20));
}

beforeAll(async () => {
  kept = mkdtempSync(join(tmpdir(), 'plan-lint-compliance-'));
  cli = cliPlace();
  cli.write({ 'controls.yaml': CONTROLS });
  clock = day(2);
  const first = await start();
  for (let n = 0; n < 12; n += 1)
    await first.ask('/validate', { body: pay(n % 3 === 0 ? 500 : 50, `p-${n}`) });
  await first.ask('/validate', { as: null, body: mail });
  const { approval } = (await (await first.ask('/validate', { body: mail })).json()) as { approval: Tree };
  await first.ask(`/approvals/${String(approval['id'])}`, {
    as: 'second',
    body: { decision: 'deny', digest: approval['digest'] },
  });
  clock = day(5);
  await caughtUp(first);
  await first.close();
  clock = day(8);
  const second = await start();
  // Outside of the period that is asked about.
  clock = day(25);
  await second.ask('/validate', { body: pay(500, 'late') });
  await caughtUp(second);
  await second.close();
  clock = day(26);
});
afterAll(() => {
  rmSync(kept, { recursive: true });
  cli.remove();
});

const report = async (...flags: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
  const words = ['report', 'compliance', join(kept, 'audit.log'), '--controls', 'controls.yaml', ...flags];
  const code = await run(words, { ...cli.io, now: () => clock });
  return { code, out: cli.out(), err: cli.err() };
};
const lines = (): readonly Tree[] =>
  readFileSync(join(kept, 'audit.log'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Tree);
const PERIOD = ['--from', '2026-06-01', '--to', '2026-06-20'];

describe('the report', () => {
  it('has the numbers of the log, and says that the database has them too', async () => {
    const database = `sqlite:${join(kept, 'results.db')}`;
    const { code, out } = await report(...PERIOD, '--json', '--results', database);
    expect(code, out).toBe(0);
    const told = JSON.parse(out) as {
      decisions: { total: number; statuses: Tree };
      rules: readonly Tree[];
      database: Tree;
    } & Tree;
    const within = lines().filter(
      ({ timestamp, result }) => result !== null && Date.parse(String(timestamp)) < day(20),
    );
    expect(told.decisions.total).toBe(within.length);
    const violations = within.flatMap(({ result }) => (result as { violations: readonly Tree[] }).violations);
    for (const { rule, findings, waived } of told.rules) {
      const own = violations.filter((each) => each['rule'] === rule);
      expect([rule, findings, waived]).toEqual([
        rule,
        own.length,
        own.filter(({ waiver }) => waiver !== null).length,
      ]);
    }
    expect(told.rules.reduce((sum, { findings }) => sum + Number(findings), 0)).toBe(violations.length);
    expect(told.database).toMatchObject({ agrees: true, decisions: within.length });
    const opened = await openDatabase(database);
    const [row] = await opened.transaction((ask) => ask('SELECT COUNT(*) AS n FROM decisions'));
    await opened.close();
    expect(Number(row?.['n'])).toBe(within.length + 1);
    expect(told).toMatchObject({
      approvals: { requested: 1, approved: 0, denied: 1, expired: 0 },
      refusals: 1,
      unmapped: [],
      controls: [
        { control: 'CC6.1', quiet: ['never_*'], rules: [{ rule: 'limit' }] },
        { control: 'CC7.2', evidence: [{}, { text: 'the audit chain is whole' }, {}] },
        { control: 'Art. 14', rules: [{ rule: 'second_look' }] },
      ],
      gaps: [
        { from: '2026-06-01T00:00:00.000Z', to: '2026-06-02T00:00:00.000Z' },
        { from: '2026-06-05T00:00:00.000Z', to: '2026-06-08T00:00:00.000Z' },
      ],
    });
    const spans = told['bundles'] as readonly Tree[];
    expect(spans.map(({ from, to, ended }) => [from, to, ended])).toEqual([
      ['2026-06-02T00:00:00.000Z', '2026-06-05T00:00:00.000Z', 'stopped'],
      ['2026-06-08T00:00:00.000Z', '2026-06-20T00:00:00.000Z', 'goes on'],
    ]);
  });

  it('counts exceptions by their ticket', async () => {
    const { out } = await report(...PERIOD, '--json');
    const { exceptions } = JSON.parse(out) as { exceptions: readonly Tree[] };
    expect(exceptions).toMatchObject([
      {
        waiver: expect.stringMatching(/^SEC-17: the year ends .approved by bob/) as string,
        rule: 'limit',
        findings: 4,
      },
    ]);
  });

  it('is a text, and a page that loads nothing and may be printed', async () => {
    const { code, out, err } = await report(...PERIOD, '--output', 'june.html', 'june.json');
    expect([code, err.includes('no checkpoint was verified')]).toEqual([0, true]);
    expect(out).toMatch(/^period {5}2026-06-01T00:00:00.000Z to 2026-06-20T00:00:00.000Z$/m);
    const page = cli.read('june.html');
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('@media print');
    expect(page).not.toMatch(/<script|https?:\/\//);
    expect(JSON.parse(cli.read('june.json'))).toMatchObject({ chain: { whole: true } });
  });

  it('says on top that a chain is broken, and ends in 1', async () => {
    const path = join(kept, 'audit.log');
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, whole.replace('"plan_id":"p-3"', '"plan_id":"p-4"'));
    const { code, out } = await report(...PERIOD, '--output', 'broken.html');
    expect(code).toBe(1);
    expect(out).toMatch(/^THE AUDIT CHAIN IS BROKEN in /);
    expect(cli.read('broken.html').indexOf('THE AUDIT CHAIN IS BROKEN')).toBeLessThan(
      cli.read('broken.html').indexOf('<h2>'),
    );
    writeFileSync(path, whole);
  });

  it('says that a database is behind, and ends in 1', async () => {
    const path = join(kept, 'behind.db');
    const opened = await openDatabase(`sqlite:${path}`);
    await opened.close();
    await run(
      ['audit', 'rebuild', join(kept, 'audit.log'), '--into', `sqlite:${path}`, '--name', 'one'],
      cli.io,
    );
    const again = await openDatabase(`sqlite:${path}`);
    await again.transaction((ask) => ask(`DELETE FROM decisions WHERE plan_id = 'p-3'`));
    await again.close();
    cli.out();
    const { code, out } = await report(...PERIOD, '--results', `sqlite:${path}`);
    expect([code, out]).toEqual([1, expect.stringMatching(/^THE DATABASE DIFFERS FROM THE LOG/)]);
  });
});

describe('controls', () => {
  it.each([
    ['frameworks: {}', 'holds no controls'],
    ['frameworks: { a: { b: { titel: x } } }', 'did you mean `frameworks.a.b.title`'],
    ['frameworks: { a: { b: { title: x } } }', 'names neither rules nor evidence'],
    ['frameworks: { a: { b: { evidence: [vibes] } } }', 'is not one of decisions'],
    ['frameworks: [', 'controls.yaml:'],
  ])('%s is told with a way out', async (text, message) => {
    cli.write({ 'bad.yaml': text, 'controls.yaml': text });
    const { code, err } = await report();
    cli.write({ 'controls.yaml': CONTROLS });
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(err).toContain('hint: ');
  });

  it('name rules as they stand, or by a pattern and no more than that', () => {
    expect(names('pii_*', 'pii_mail')).toBe(true);
    expect(names('pii.*', 'pii_mail')).toBe(false);
    expect(names('pii', 'pii_mail')).toBe(false);
    expect(readControls(CONTROLS, 'controls.yaml').size).toBe(2);
  });
});
