import { load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testPolicies } from '../../cli/commands/test-policies.ts';
import { shorterRegexes } from '../../cli/testing/mutations.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';
import type { Place } from './place.ts';

let at: Place;
beforeEach(() => {
  at = place();
  at.write(DOCUMENT_POLICIES);
});
afterEach(() => at.remove());

const LIMITS = `tests:
  - name: transfers
    entry: finance
    plan:
      steps: [{ id: pay, tool: payments.transfer, args: { amount: 10000 } }]
    cases:
      - name: up to the limit
        expect: { status: pass, violations: [], not: [check_transaction_limits] }
      - name: above it
        context: { role: manager }
        plan_file: big.json
        expect: { status: deny, violations: [{ rule: check_transaction_limits, step: pay }] }
`;
const BIG = '{"steps": [{"id": "pay", "tool": "payments.transfer", "args": {"amount": 10000.5}}]}';
const SQL = `name: injection
plan: { steps: [{ id: q, tool: db.query, args: { sql: "SELECT 1 -- all" } }] }
expect: { status: deny, violations: [prevent_sql_injection], exact: true }
`;
const options = { policyDir: 'policies/', testDir: 'policy-tests/' };

describe('test-policies', () => {
  it('runs the command of the source document', async () => {
    at.write({
      'policy-tests/limits.yaml': LIMITS,
      'policy-tests/big.json': BIG,
      'policy-tests/sql.yaml': SQL,
    });
    expect(await testPolicies(options, at.io)).toBe(0);
    expect(at.out()).toBe('3 tests, 0 failed\n');
  });

  it('shows what differs, and why the decision is what it is', async () => {
    const wrong = LIMITS.replace(
      'status: pass, violations: []',
      'status: deny, violations: [prevent_sql_injection]',
    );
    at.write({
      'policy-tests/limits.yaml': wrong,
      'policy-tests/big.json': BIG.replace('10000.5', '"many"'),
    });
    expect(await testPolicies({ ...options, junit: 'out/junit.xml' }, at.io)).toBe(1);
    const out = at.out();
    expect(out).toContain('FAIL  transfers / up to the limit\n      limits.yaml:7:9');
    expect(out).toContain('status: expected deny, got pass');
    expect(out).toContain('missing:  prevent_sql_injection');
    expect(out).toContain('2 tests, 1 failed');
    expect(at.read('out/junit.xml')).toContain('tests="2" failures="1"');
  });

  it('says where a test cannot be read', async () => {
    at.write({
      'policy-tests/a.yaml': SQL.replace('expect:', 'expects:').replace('name:', 'expect: {}\nname:'),
    });
    expect(await testPolicies(options, at.io)).toBe(2);
    expect(at.err()).toContain('`expects` is not a key of a test; did you mean `expect`?');
    at.write({ 'policy-tests/a.yaml': `${SQL}entry: financ\n` });
    expect(await testPolicies(options, at.io)).toBe(1);
    expect(at.out()).toContain('there is no entry `financ`; did you mean `finance`?');
  });

  it('measures which rules and operations have been seen', async () => {
    at.write({ 'policy-tests/limits.yaml': LIMITS, 'policy-tests/big.json': BIG });
    const measured = { ...options, coverageOutput: ['cov/lcov.info', 'cov/index.html'], minCoverage: 100 };
    expect(await testPolicies(measured, at.io)).toBe(1);
    expect(at.err()).toContain('rule coverage is 50.0 %');
    const out = at.out();
    expect(out).toContain('never fired    base.yaml:6  prevent_sql_injection');
    expect(out).toContain('operations       1 of 2 seen to hold and to fail');
    expect(at.read('cov/lcov.info')).toMatch(
      /SF:policies\/team-finance.yaml\n.*FNDA:1,check_transaction_limits/s,
    );
    expect(at.read('cov/index.html')).toContain('never');
  });

  it('measures what narrows a rule about the whole plan, and puts faults into it', async () => {
    const test = (amount: number, expected: string): string =>
      `name: pays ${amount}\nplan: { steps: [{ id: p, tool: pay, args: { amount: ${amount} } }] }\nexpect: { ${expected} }\n`;
    at.write({
      'narrowed/p.yaml':
        'rules: [{ rule: r, require_before: { tool: pay, before: ask }, pattern: { arg: amount, operation: gt, value: 10 } }]\n',
      'narrowed-tests/a.yaml': test(10, 'status: pass'),
      'narrowed-tests/b.yaml': test(20, 'status: deny'),
    });
    const narrowed = { policyDir: 'narrowed/', testDir: 'narrowed-tests/' };
    expect(await testPolicies({ ...narrowed, coverageOutput: ['cov/i.html'], mutate: true }, at.io)).toBe(0);
    const out = at.out();
    expect(out).toContain('operations       1 of 1 seen to hold and to fail');
    expect(out).toContain('value 10 → 11');
    expect(out).not.toContain('value 10 → 9');
  });

  it('puts faults into the policies and shows those that no test notices', async () => {
    at.write({
      'policy-tests/limits.yaml': LIMITS,
      'policy-tests/big.json': BIG,
      'policy-tests/sql.yaml': SQL,
    });
    expect(await testPolicies({ ...options, mutate: true, minMutationScore: 90 }, at.io)).toBe(1);
    const out = at.out();
    // The tests of transfers stand at the limit: they notice both directions and the comparison.
    expect(out).not.toContain('10000 → 10001');
    expect(out).not.toContain('gt → gte');
    expect(out).toContain('SURVIVED  prevent_sql_injection');
    expect(out).toMatch(/- {10}value: "'; DROP TABLE\|1=1\|--"\n {2}\+ {10}value: "1=1\|--"/);
    expect(out).toMatch(/mutation score {3}\d+\.\d %/);
    expect(await testPolicies({ ...options, mutate: true, format: 'json' }, at.io)).toBe(0);
    const { mutation } = JSON.parse(at.out()) as {
      mutation: { mutants: { what: string; killed: boolean }[] };
    };
    expect(
      mutation.mutants.filter(({ what }) => what === 'without the rule').every(({ killed }) => killed),
    ).toBe(true);
  });
});

it('puts faults into conditions', async () => {
  at.write({
    'policies/team-finance.yaml':
      'extends: [base.yaml]\nname: finance\nrules:\n  - rule: large\n    severity: high\n    when: step.tool == "pay" && step.args.amount > 100\n',
    'policy-tests/t.yaml':
      'step: { tool: pay, args: { amount: 101 } }\nexpect: { status: deny, violations: [large] }\n',
  });
  expect(await testPolicies({ ...options, mutate: true }, at.io)).toBe(0);
  const out = at.out();
  expect(out).toContain('SURVIVED  large');
  expect(out).toMatch(/\+ {4}when: step\.tool == "pay" && step\.args\.amount > \(99\)\n/);
  expect(out).not.toContain('> (101)');
  expect(out).not.toContain('!(step.tool');
});

it('a mutant of a setting in one line is shown as YAML, or in words', async () => {
  at.write({
    'settings/a.yaml':
      'allow_tools: [kb.search, "pay.*"]\nbounds: { pay.refund.amount: [0.01, 200] }\nmax_steps: 3\n',
    'policy-tests/t.yaml': 'step: { tool: kb.search }\nexpect: { status: pass }\n',
  });
  expect(await testPolicies({ ...options, policyDir: 'settings', mutate: true }, at.io)).toBe(0);
  const added = [...at.out().matchAll(/^ {2}\+(?!\+\+ )(.*)$/gm)].map(([, line = '']) => line);
  expect(added).toContain('max_steps: 2');
  expect(added).toContain('# allow_tools without pay.*');
  expect(added).toContain('# pay.refund.amount max 200 → 199');
  const written = added.filter((line) => !line.startsWith('#'));
  expect(written.length).toBeGreaterThan(0);
  for (const line of written) expect(() => load(line), line).not.toThrow();
});

it('alternatives are split where they are alternatives', () => {
  expect(shorterRegexes('a|b[|]|(c|d)\\|').map(({ regex }) => regex)).toEqual([
    'b[|]|(c|d)\\|',
    'a|(c|d)\\|',
    'a|b[|]',
  ]);
  expect(shorterRegexes('(a|b)')).toEqual([]);
});
