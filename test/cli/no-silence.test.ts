/** A gate decides or reports every file it is pointed at, and tests that ask about nothing are told. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';
import type { Place } from './place.ts';

const plan = (amount: number): string =>
  JSON.stringify({ steps: [{ id: 'pay', tool: 'payments.transfer', args: { amount } }] });
const DENIED = plan(20_000);
const FINE = plan(1);

let at: Place;
beforeEach(() => {
  at = place();
  at.write(DOCUMENT_POLICIES);
});
afterEach(() => at.remove());

const batch = (...more: string[]): Promise<number> =>
  run(['validate-batch', '--plans-dir', 'plans', '--policy-dir', 'policies', ...more], at.io);

describe('files of a batch', () => {
  it('follows links that end inside, to files and to directories', async () => {
    at.write({ 'plans/..data/a.json': DENIED, 'plans/..data/more/b.json': FINE });
    symlinkSync('..data/a.json', at.path('plans/a.json'));
    symlinkSync('..data/more', at.path('plans/more'));
    expect(await batch('--output', 'r.json')).toBe(1);
    expect(Object.keys(JSON.parse(at.read('r.json')) as object)).toEqual(['a.json', 'more/b.json']);
  });

  it('denies what a link outside stands for, and names it', async () => {
    at.write({ 'plans/fine.json': FINE, 'elsewhere/bad.json': DENIED });
    symlinkSync('../elsewhere/bad.json', at.path('plans/linked.json'));
    symlinkSync('nowhere.json', at.path('plans/dangling.json'));
    expect(await batch()).toBe(1);
    const out = at.out();
    expect(out).toContain('DENIED  linked.json');
    expect(out).toContain('DENIED  dangling.json');
    expect(out).toContain('3 plans, 1 valid, 2 denied');
  });

  it('ends where a link leads back', async () => {
    at.write({ 'plans/deep/fine.json': FINE });
    symlinkSync('..', at.path('plans/deep/up'));
    expect(await batch('--output', 'r.json')).toBe(0);
    expect(Object.keys(JSON.parse(at.read('r.json')) as object)).toEqual(['deep/fine.json']);
  });

  it.each(['.hidden.json', 'UP.JSON', 'with-comments.jsonc', 'x.json.', 'node_modules/x/p.json'])(
    'counts %s, in every report',
    async (name) => {
      at.write({ 'plans/fine.json': FINE, [`plans/${name}`]: DENIED });
      expect(await batch()).toBe(0);
      const shown = name.replace(/^node_modules.*/, 'node_modules/');
      const line = `1 file passed over: ${shown}`;
      expect(at.out()).toContain(line);
      const files = ['r.html', 'r.md', 'r.sarif', 'r.xml'];
      expect(await batch(...files.flatMap((file) => ['--output', file]))).toBe(0);
      expect(at.out()).toContain(line);
      const plain = (text: string): string => text.replaceAll('\\', '');
      for (const file of ['r.html', 'r.md', 'r.sarif']) expect(plain(at.read(file))).toContain(line);
      expect(at.read('r.xml')).toContain(`name="${shown}"><skipped message="passed over"/>`);
      expect(at.read('r.xml')).toContain('tests="2" failures="0" errors="0" skipped="1"');
      expect(await batch('--report-format', 'jsonl')).toBe(0);
      expect(at.err()).toContain(line);
    },
  );

  it('leaves out quietly what a pattern leaves out', async () => {
    at.write({ 'plans/fine.json': FINE, 'plans/other.jsonc': DENIED });
    expect(await batch('--plans-pattern', '*.json')).toBe(0);
    expect(at.out() + at.err()).not.toContain('passed over');
  });

  it('refuses to decide nothing', async () => {
    mkdirSync(at.path('plans'));
    expect(await batch()).toBe(2);
  });

  it('diff replays all that a batch decides', async () => {
    at.write({
      'plans/lines.jsonl': `${DENIED}\n${FINE}\n`,
      'plans/deep/b.json': DENIED,
      'looser/base.yaml': DOCUMENT_POLICIES['policies/base.yaml'],
    });
    expect(await run(['diff', 'policies', 'looser', '--plans-dir', 'plans'], at.io)).toBe(1);
    const out = at.out();
    expect(out).toContain('deep/b.json');
    expect(out).toContain('lines.jsonl:1');
    mkdirSync(at.path('empty'));
    expect(await run(['diff', 'policies', 'looser', '--plans-dir', 'empty'], at.io)).toBe(2);
  });
});

describe('policies', () => {
  const validate = (policies: string): Promise<number> => {
    at.write({ 'plan.json': DENIED });
    return run(['validate', 'plan.json', '--policy-dir', policies], at.io);
  };

  it('are read as Kubernetes mounts them, and as releases are switched', async () => {
    const team = DOCUMENT_POLICIES['policies/team-finance.yaml'];
    at.write({ 'mount/..2026_01/base.yaml': DOCUMENT_POLICIES['policies/base.yaml'] });
    at.write({ 'mount/..2026_01/team-finance.yaml': team });
    symlinkSync('..2026_01', at.path('mount/..data'));
    for (const name of ['base.yaml', 'team-finance.yaml'])
      symlinkSync(`..data/${name}`, at.path(`mount/${name}`));
    symlinkSync('policies', at.path('current'));
    for (const path of ['mount', 'current', 'mount/team-finance.yaml']) {
      expect(await validate(path), path).toBe(1);
      expect(at.out()).toContain('check_transaction_limits');
    }
  });

  it('of a file are it and what it extends, in every verb', async () => {
    at.write({ 'policies/compose.yaml': 'services: {}\n', 'plans/p.json': DENIED });
    const file = 'policies/team-finance.yaml';
    expect(await validate(file)).toBe(1);
    expect(await validate('policies')).toBe(3);
    const { cwd } = at.io;
    const io = { ...at.io, env: { PLAN_LINT_POLICY_PATH: `${cwd}/${file}` } };
    expect(await run(['lint'], io)).toBe(0);
    expect(await run(['graph'], io)).toBe(0);
    expect(await run(['explain', 'check_transaction_limits'], io)).toBe(0);
    expect(await run(['explain', 'plan.json'], io)).toBe(1);
    expect(await run(['validate-batch', '--plans-dir', 'plans'], io)).toBe(1);
    expect(await run(['bundle', '--output', 'b.mjs', '--unsigned'], io)).toBe(0);
    expect(await run(['diff', file, file], io)).toBe(0);
    expect(await run(['simulate', '--old', file, '--new', file, '--plans-dir', 'plans'], io)).toBe(0);
  });

  it('of a file include parents that it names, not only paths', async () => {
    at.write({
      'named/team.yaml': 'name: team\nextends: [house]\nmax_steps: 3\n',
      'named/h.yaml': 'policies:\n  - name: house\n    deny_tokens_regex: ["20000"]\n',
      'named/broken.yaml': 'nonsense: [',
    });
    expect(await validate('named/team.yaml')).toBe(1);
    expect(at.out()).toContain('20000');
  });
});

describe('tests of policies', () => {
  const test = (text: string): Promise<number> => {
    at.write({ 'tests/t.yaml': text });
    return run(['test-policies', '--policy-dir', 'policies', '--test-dir', 'tests'], at.io);
  };
  const step = '{ tool: payments.transfer, args: { amount: 20000 } }';

  it.each([
    ['expect: { status: deny, not: [check_transaction_limit] }', 'did you mean `check_transaction_limits`?'],
    ['expect: { violations: [check_transaction_limts] }', 'did you mean `check_transaction_limits`?'],
    ['expect: { violations: [{ rule: check_transaction_limits, step: s2 }] }', 'the plan has no step `s2`'],
    [
      'expect: { violations: [{ rule: check_transaction_limits, step_index: 7 }] }',
      'the plan has no step at `step_index: 7`',
    ],
    ['expect: { violations: [{ rule: check_transaction_limits, step: 0 }] }', '`step` is the id of a step'],
  ])('%s', async (expectation, message) => {
    expect(await test(`tests:\n  - name: x\n    step: ${step}\n    ${expectation}\n`)).toBe(2);
    expect(at.err()).toContain(message);
  });

  it('tells of a clock that is not set, and runs what is asked for', async () => {
    at.write({
      'policies/late.yaml':
        'extends: [base.yaml]\nrules:\n  - rule: late\n    severity: high\n    when: now > timestamp("2030-01-01T00:00:00Z")\n',
    });
    const text = `tests:\n  - name: by day\n    entry: late\n    step: ${step}\n    expect: { status: pass }\n  - name: wrong\n    entry: late\n    step: ${step}\n    expect: { status: deny }\n`;
    expect(await test(text)).toBe(1);
    expect(at.err()).toContain('by day: `late` reads the clock; without `now`');
    const only = ['test-policies', '--policy-dir', 'policies', '--test-dir', 'tests', '--filter'];
    expect(await run([...only, 'day'], at.io)).toBe(0);
    expect(await run([...only, 'nothing'], at.io)).toBe(2);
  });
});
