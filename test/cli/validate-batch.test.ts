import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportMerge } from '../../cli/commands/report-merge.ts';
import { validateBatch } from '../../cli/commands/validate-batch.ts';
import { BATCH_FORMATS } from '../../cli/batch/formats.ts';
import { REPORT_FORMATS } from '../../cli/verbs/report-flags.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';
import type { Place } from './place.ts';

let at: Place;
beforeEach(() => {
  at = place();
  at.write(DOCUMENT_POLICIES);
});
afterEach(() => at.remove());

const transfer = (id: string, amount: number): string =>
  JSON.stringify({ id, steps: [{ id: 's1', tool: 'payments.transfer', args: { amount } }] });
const injection = JSON.stringify({
  steps: [{ id: 'q', tool: 'db.query', args: { sql: "x'; DROP TABLE users" } }],
});

/** The inline check of the source document's workflow, as printed there. */
const PYTHON_CHECK = `
import json
with open('validation-report.json') as f:
    report = json.load(f)
critical_violations = 0
for plan_result in report.values():
    for violation in plan_result['violations']:
        if violation['severity'] == 'critical':
            critical_violations += 1
exit(1 if critical_violations > 0 else 0)
`;
const pythonCheck = (): number => {
  try {
    execFileSync('python3', ['-c', PYTHON_CHECK], { cwd: at.directory });
    return 0;
  } catch (error) {
    return (error as { status: number }).status;
  }
};

const DOCUMENT_COMMAND = {
  plansDir: 'agent/plans/',
  policyDir: 'policies/',
  reportFormat: ['json'],
  output: ['validation-report.json'],
} as const;

const report = (name: string): Record<string, { is_valid: boolean; violations: { rule: string }[] }> =>
  JSON.parse(at.read(name)) as ReturnType<typeof report>;

describe('validate-batch as the source document prints it', () => {
  it('writes a report on which the inline Python check runs: critical findings fail it, others do not', async () => {
    at.write({ 'agent/plans/a.json': transfer('a', 5), 'agent/plans/b.json': transfer('b', 20_000) });
    expect(await validateBatch(DOCUMENT_COMMAND, at.io)).toBe(1);
    expect(Object.keys(report('validation-report.json'))).toEqual(['a.json', 'b.json']);
    expect(pythonCheck()).toBe(0);
    at.write({ 'agent/plans/deep/c.json': injection });
    await validateBatch(DOCUMENT_COMMAND, at.io);
    expect(pythonCheck()).toBe(1);
  });
});

describe('input', () => {
  it('takes single plans, arrays and JSON lines, and names each plan by its place', async () => {
    at.write({
      'plans/one.json': transfer('a', 1).replaceAll(',', ',\n'),
      'plans/list.json': `[ ${transfer('b', 2)}, ${transfer('c', 20_000)} ]`,
      'plans/lines.jsonl': `${transfer('d', 3)}\n\n${transfer('e', 20_000)}\r\n`,
      'plans/lines.json': `${transfer('f', 3)}\n${transfer('g', 3)}\n`,
      'plans/notes.txt': 'no plan',
    });
    await validateBatch({ plansDir: 'plans', policyDir: 'policies', output: ['r.json'] }, at.io);
    const found = report('r.json');
    expect(Object.keys(found)).toEqual([
      'lines.json:1',
      'lines.json:2',
      'lines.jsonl:1',
      'lines.jsonl:3',
      'list.json[0]',
      'list.json[1]',
      'one.json',
    ]);
    expect(Object.entries(found).flatMap(([key, { is_valid }]) => (is_valid ? [] : [key]))).toEqual([
      'lines.jsonl:3',
      'list.json[1]',
    ]);
  });

  it('takes a mark of byte order at the start of a file, whatever the file holds', async () => {
    at.write({
      'plans/one.json': `\ufeff${transfer('a', 1)}`,
      'plans/list.json': `\ufeff\n[ ${transfer('b', 2)}, ${transfer('c', 20_000)} ]`,
      'plans/lines.json': `\ufeff${transfer('d', 3)}\n${transfer('e', 20_000)}\n`,
      'plans/lines.jsonl': `\ufeff${transfer('f', 3)}\n${transfer('g', 20_000)}\n`,
    });
    await validateBatch({ plansDir: 'plans', policyDir: 'policies', output: ['r.json'] }, at.io);
    const found = Object.entries(report('r.json'));
    expect(found.map(([key, { is_valid }]) => `${key} ${is_valid}`)).toEqual([
      'lines.json:1 true',
      'lines.json:2 false',
      'lines.jsonl:1 true',
      'lines.jsonl:2 false',
      'list.json[0] true',
      'list.json[1] false',
      'one.json true',
    ]);
  });

  it('reports a plan that cannot be read as one finding, and goes on', async () => {
    at.write({
      'plans/a.jsonl': Buffer.concat([
        Buffer.from(`{"steps": [\n${transfer('x', 1)}\n`),
        Buffer.from([0x22, 0xff, 0x0a]),
        Buffer.from(`{"steps":[],"steps":[]}\n${transfer('y', 1)}`),
      ]),
      'plans/b.json': `[ {"a": }, ${transfer('z', 1)}`,
      'plans/c.json': '',
    });
    expect(await validateBatch({ plansDir: 'plans', policyDir: 'policies', output: ['r.json'] }, at.io)).toBe(
      1,
    );
    const found = report('r.json');
    const rules = Object.entries(found).map(
      ([key, { violations }]) => `${key} ${violations[0]?.rule ?? 'ok'}`,
    );
    expect(rules).toEqual([
      'a.jsonl:1 plan.unreadable',
      'a.jsonl:2 ok',
      'a.jsonl:3 plan.unreadable',
      'a.jsonl:4 plan.duplicate_member',
      'a.jsonl:5 ok',
      'b.json[0] plan.unreadable',
      'b.json[1] plan.unreadable',
      'c.json plan.unreadable',
    ]);
  });

  it('reads a stream, however it is cut', async () => {
    const lines = `${transfer('a', 1)}\n${transfer('b', 20_000)}\n`;
    const run = async (text: string): Promise<string[]> => {
      const stdinStream = async function* (): AsyncGenerator<Uint8Array> {
        for (const byte of Buffer.from(text)) yield await Promise.resolve(Uint8Array.of(byte));
      };
      await validateBatch(
        { plans: ['-'], policyDir: 'policies', reportFormat: ['jsonl'] },
        { ...at.io, stdinStream },
      );
      return at
        .out()
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { plan: string; status: string }).plan);
    };
    expect(await run(lines)).toEqual(['stdin:1', 'stdin:2']);
    expect(await run(`[${transfer('"]\\', 1)},${transfer('b', 2)}]`)).toEqual(['stdin[0]', 'stdin[1]']);
    expect(await run('')).toEqual([]);
  });

  it('refuses a run without plans: it would prove nothing', async () => {
    at.write({ 'plans/a.txt': '' });
    expect(await validateBatch({ plansDir: 'plans', policyDir: 'policies' }, at.io)).toBe(2);
    expect(at.err()).toContain('--plans-pattern');
    expect(await validateBatch({ policyDir: 'policies' }, at.io)).toBe(2);
  });

  it('takes the files that the pattern names', async () => {
    at.write({ 'plans/a/x.plan.json': transfer('a', 1), 'plans/b.json': transfer('b', 1) });
    const options = { plansDir: 'plans', policyDir: 'policies', output: ['r.json'] };
    await validateBatch({ ...options, plansPattern: '**/*.plan.json' }, at.io);
    expect(Object.keys(report('r.json'))).toEqual(['a/x.plan.json']);
  });
});

describe('reports', () => {
  it('are listed in help as they are in their table', () => {
    expect([...REPORT_FORMATS].sort()).toEqual(Object.keys(BATCH_FORMATS).sort());
  });

  it('are written several at once, each well formed', async () => {
    at.write({
      'plans/a&<b>.jsonl': `${injection}\n${transfer('|`<script>', 20_000)}\n${transfer('c', 1)}\n`,
    });
    const output = ['r.json', 'r.jsonl', 'r.sarif', 'r.xml', 'r.html', 'r.md', 'r.txt'];
    expect(await validateBatch({ plansDir: 'plans', policyDir: 'policies', output }, at.io)).toBe(1);
    expect(JSON.parse(at.read('r.sarif'))).toMatchObject({
      runs: [
        {
          results: [
            { ruleId: 'prevent_sql_injection', level: 'error' },
            { ruleId: 'check_transaction_limits' },
          ],
          tool: { driver: { rules: [{ id: 'prevent_sql_injection' }, { id: 'check_transaction_limits' }] } },
        },
      ],
    });
    expect(at.read('r.xml')).toContain('tests="3" failures="2"');
    execFileSync('python3', ['-c', 'import xml.dom.minidom as m; m.parse("r.xml")'], { cwd: at.directory });
    const html = at.read('r.html');
    expect(html).not.toContain('<script');
    expect(html).not.toMatch(/https?:/);
    expect(html).toContain('a&amp;&lt;b&gt;.jsonl:1');
    expect(at.read('r.md')).toContain('**3 plans**, 1 valid, 0 need approval, 2 denied');
    expect(at.read('r.jsonl').trim().split('\n')).toHaveLength(3);
    expect(at.out()).toContain('3 plans, 1 valid, 2 denied');
  });

  it('annotate a pull request with paths from its root', async () => {
    at.write({ 'plans/a.jsonl': `${transfer('c', 1)}\n${injection}\n` });
    await validateBatch({ plansDir: 'plans', policyDir: 'policies', reportFormat: ['github'] }, at.io);
    expect(at.out()).toMatch(
      /^::error title=prevent_sql_injection \(a.jsonl%3A2\),file=plans\/a.jsonl,line=2::/,
    );
  });

  it('pair with their files', async () => {
    at.write({ 'plans/a.json': transfer('a', 1) });
    const options = { plansDir: 'plans', policyDir: 'policies' };
    expect(await validateBatch({ ...options, output: ['r.out'] }, at.io)).toBe(2);
    expect(await validateBatch({ ...options, reportFormat: ['json', 'html'] }, at.io)).toBe(2);
    expect(
      await validateBatch({ ...options, reportFormat: ['html', 'json'], output: ['r.out'] }, at.io),
    ).toBe(0);
    expect(JSON.parse(at.out())).toHaveProperty(['a.json']);
  });

  it('stay readable when the run is interrupted', async () => {
    const abort = new AbortController();
    const stdinStream = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${transfer('a', 20_000)}\n`.repeat(5000));
      yield await Promise.resolve(Buffer.from(`${transfer('b', 20_000)}\n`.repeat(5000)));
      // Complete between two blocks, too: whoever is killed leaves this.
      expect(() => report('r.json')).not.toThrow();
      abort.abort();
      await new Promise(() => undefined);
    };
    const io = { ...at.io, stdinStream, signal: abort.signal };
    const options = { plans: ['-'], policyDir: 'policies', output: ['r.json', 'r.sarif'] };
    expect(await validateBatch(options, io)).toBe(130);
    expect(Object.keys(report('r.json')).length).toBeGreaterThan(0);
    expect(JSON.parse(at.read('r.sarif'))).toMatchObject({
      runs: [{ invocations: [{ executionSuccessful: false }] }],
    });
    expect(at.out()).toContain('interrupted');
  });
});

describe('what fails a run', () => {
  beforeEach(() => at.write({ 'plans/a.jsonl': `${transfer('a', 20_000)}\n` }));
  const options = { plansDir: 'plans', policyDir: 'policies' };

  it('is a plan that may not run, or a severity', async () => {
    expect(await validateBatch(options, at.io)).toBe(1);
    expect(await validateBatch({ ...options, failOn: 'critical' }, at.io)).toBe(0);
    expect(await validateBatch({ ...options, failOn: 'high' }, at.io)).toBe(1);
    expect(await validateBatch({ ...options, failOn: 'never' }, at.io)).toBe(0);
  });

  it('is a check that waits only where that is asked for; reports hold it and the last line counts it', async () => {
    const later = {
      steps: [
        { id: 's0', tool: 'db.query', args: { sql: 'select 1' } },
        { id: 's1', tool: 'payments.transfer', args: { amount: '${s0.result.amount}' } },
      ],
    };
    at.write({ 'plans/a.jsonl': `${JSON.stringify(later)}\n` });
    expect(await validateBatch(options, at.io)).toBe(1);
    expect(at.out()).toContain('1 denied');
    const written = {
      ...options,
      values: 'later' as const,
      reportFormat: ['json'],
      output: ['r.json'],
    } as const;
    expect(await validateBatch(written, at.io)).toBe(0);
    expect(JSON.parse(at.read('r.json'))).toMatchObject({
      'a.jsonl:1': { is_valid: true, pending: [{ step_id: 's1', arg_path: 'amount' }] },
    });
    expect(await validateBatch({ ...options, values: 'later' }, at.io)).toBe(0);
    expect(at.out()).toMatch(/1 valid, 1 check waits for a run/);
    expect(await validateBatch({ ...options, values: 'later', failOnPending: true }, at.io)).toBe(1);
  });

  it('is only what a baseline does not know, wherever the lines have moved', async () => {
    await validateBatch({ ...options, output: ['old.json'] }, at.io);
    at.write({ 'plans/a.jsonl': `${transfer('new', 1)}\n${transfer('a', 20_000)}\n` });
    expect(await validateBatch({ ...options, baseline: 'old.json' }, at.io)).toBe(0);
    at.write({ 'plans/a.jsonl': `${transfer('new', 30_000)}\n${transfer('a', 20_000)}\n` });
    expect(await validateBatch({ ...options, baseline: 'old.json', output: ['r.json'] }, at.io)).toBe(1);
    const found = report('r.json');
    expect(found['a.jsonl:1']?.violations).toHaveLength(1);
    expect(found['a.jsonl:2']).toMatchObject({ is_valid: false, violations: [], known: 1 });
  });
});

describe('shards', () => {
  it('split the work, and merged reports are those of one run', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => transfer(`p${i}`, i * 400)).join('\n');
    at.write({
      'plans/b.jsonl': lines,
      'plans/b/c.json': `[${lines.replaceAll('\n', ',')}]`,
      ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`plans/f${i}.json`, transfer(`f${i}`, 1)])),
    });
    const options = { plansDir: 'plans', policyDir: 'policies' };
    const all = ['all.json', 'all.xml', 'all.html', 'all.sarif'];
    await validateBatch({ ...options, output: all }, at.io);
    for (const i of [1, 2, 3]) {
      await validateBatch({ ...options, shard: `${i}/3`, output: [`s${i}.json`] }, at.io);
      expect(Object.keys(report(`s${i}.json`)).length).toBeGreaterThan(20);
    }
    const merged = all.map((name) => `m-${name}`);
    const reports = ['s2.json', 's1.json', 's3.json'];
    expect(await reportMerge({ reports, output: merged, plansDir: 'plans/' }, at.io)).toBe(1);
    // Only the context is not known to who merges.
    const apart = (text: string): string => text.replace(/(Context(?:<\/dt><dd>|: ))[^\n<]*/, '$1');
    for (const name of all) expect(apart(at.read(`m-${name}`))).toBe(apart(at.read(name)));
    expect(await reportMerge({ reports: ['s1.json', 'all.json'] }, at.io)).toBe(2);
    expect(at.err()).toContain('is in two of the reports');
    expect(await validateBatch({ ...options, shard: '4/3' }, at.io)).toBe(2);
  });

  it('merge also what another tool has laid out anew, and refuse what is no report', async () => {
    at.write({ 'plans/a.jsonl': `${transfer('a', 1)}\n${transfer('b', 1)}\n` });
    await validateBatch({ plansDir: 'plans', policyDir: 'policies', output: ['r.json'] }, at.io);
    at.write({ 'pretty.json': JSON.stringify(report('r.json'), null, 4), 'other.json': '{"a": 1}' });
    expect(await reportMerge({ reports: ['pretty.json'], output: ['m.json'] }, at.io)).toBe(0);
    expect(at.read('m.json')).toBe(at.read('r.json'));
    expect(await reportMerge({ reports: ['other.json'] }, at.io)).toBe(2);
  });
});

const CORPORA = process.env['CORPORA'] ?? join(import.meta.dirname, '../../../shared/corpora');
const missing = existsSync(CORPORA)
  ? ''
  : `, skipped: ${CORPORA} is not there (CORPORA names another folder)`;
describe.skipIf(missing !== '')(`the corpora${missing}`, () => {
  it('go through', async () => {
    const options = { plansDir: CORPORA, plansPattern: '*.jsonl', policyDir: 'policies', output: ['r.json'] };
    expect(await validateBatch(options, at.io)).toBe(0);
    const lines = readdirSync(CORPORA)
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => readFileSync(join(CORPORA, name), 'utf8').trimEnd().split('\n').length);
    expect(Object.keys(report('r.json'))).toHaveLength(lines.reduce((a, b) => a + b, 0));
  });
});
