/** What `diff` says beside the rules; and, of random pairs, that it says neither too little nor too much. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayBeLooser } from '../../compiler/compare/change.ts';
import { comparePolicies } from '../../compiler/compare/policies.ts';
import { compile, memoryHost } from '../../compiler/index.ts';
import { policyFile, question } from '../differential/generate.ts';
import { decide } from '../oracle/oracle.ts';
import { changes, meaningOf, told } from './compare.ts';
import type { Files } from './compare.ts';
import { RULE } from './weaker-rows.ts';

describe('beside the rules', () => {
  const two = (configuration: string): Files => ({
    'plan-lint.yaml': configuration,
    'a.yaml': 'max_steps: 5',
    'b.yaml': 'max_steps: 6',
  });

  test.each([
    ['all → one', '{}', 'default_entry: a', 'looser default entry: all entries together → a'],
    ['one → all', 'default_entry: a', '{}', 'stricter default entry: a → all entries together'],
    ['one → a looser one', 'default_entry: a', 'default_entry: b', 'looser default entry: a → b'],
    ['one → a stricter one', 'default_entry: b', 'default_entry: a', 'stricter default entry: b → a'],
  ])('the default entry, %s', async (_, old, now, line) => {
    expect(told(await changes(two(old), two(now)))).toEqual([line]);
  });

  test('entries that are added and gone', async () => {
    const one: Files = { 'plan-lint.yaml': '{}', 'a.yaml': 'max_steps: 5' };
    expect(told(await changes(one, two('{}')))).toEqual(['stricter entry: a new entry']);
    expect(told(await changes(two('{}'), one))).toEqual(['looser entry: no longer an entry']);
    const withDefault: Files = { ...one, 'plan-lint.yaml': 'default_entry: a' };
    expect(told(await changes(withDefault, two('default_entry: a')))).toEqual([
      'unknown entry: a new entry, which decides where it is asked for by its name',
    ]);
  });

  test('parameters that children may bind further', async () => {
    const declared = (text: string): string => `params: { p: { type: number, value: 5${text} } }`;
    const lines = async (old: string, now: string): Promise<readonly string[]> =>
      told(await changes(declared(old), declared(now)));
    const open = ', mode: default, domain: [1, 9]';
    expect(await lines('', open)).toEqual(['looser params.p: fixed → default within [1, 9]']);
    expect(await lines(open, ', mode: default, domain: [2, 9]')).toEqual([
      'stricter params.p: default within [1, 9] → default within [2, 9]',
    ]);
    expect(await lines(open, ', mode: default, domain: [1, 10]')).toEqual([
      'looser params.p: default within [1, 9] → default within [1, 10]',
    ]);
    expect(await lines('', ', tighten: lower')).toEqual(['changed params.p: fixed → tightens lower']);
  });

  test('an exception that holds wider, longer or earlier', async () => {
    const waived = (scope: string, until: string, from = '2026-01-01'): string =>
      `${RULE}\nexceptions: [{ rule: r, scope: ${scope}, reason: x, ticket: T-1, requested_by: a, approved_by: b, not_before: ${from}T00:00:00Z, expires: ${until}T00:00:00Z }]`;
    const one = waived('{ tool: pay }', '2027-01-01');
    const direction = async (old: string, now: string): Promise<readonly string[]> =>
      (await changes(old, now)).map((change) => `${change.what} ${change.direction}`);
    for (const wider of [
      waived('{ tool: pay }', '2027-01-02'),
      waived('{ tool: pay }', '2027-01-01', '2025-01-01'),
      waived('{ tool: p* }', '2027-01-01'),
    ]) {
      expect(await direction(one, wider)).toEqual(['r looser']);
      expect(await direction(wider, one)).toEqual(['r stricter']);
    }
    const narrow = waived('{ tool: pay, context: { environment: test } }', '2027-01-01');
    expect(await direction(one, narrow)).toEqual(['r stricter']);
    expect(await direction(narrow, one)).toEqual(['r looser']);
    expect(await direction(one, waived('{ tool: other }', '2027-01-01'))).toEqual(['r incomparable']);
    expect(await direction(RULE, one)).toEqual(['r looser']);
  });

  test('another catalog', async () => {
    const tool = (name: string, schema: object = {}): object => ({
      name,
      inputSchema: { type: 'object', ...schema },
    });
    const side = (policy: string, ...tools: readonly object[]): Files => ({
      'plan-lint.yaml': 'catalog: tools.json\n',
      'tools.json': JSON.stringify({ tools }),
      'p.yaml': policy,
    });
    const lines = async (policy: string, old: readonly object[], now: readonly object[]): Promise<unknown> =>
      told(await changes(side(policy, ...old), side(policy, ...now)));
    const [a, b] = [tool('a'), tool('b')];
    expect(await lines('tools: only-catalog', [a], [a, b])).toEqual([
      'looser catalog: a plan may use `b` now',
    ]);
    expect(await lines('tools: only-catalog', [a, b], [a])).toEqual([
      'stricter catalog: no plan may use `b` any more',
    ]);
    const strict = tool('a', { required: ['x'], properties: { x: {} } });
    expect(await lines('validate_args: true', [a], [strict])).toEqual([
      'unknown catalog: other arguments are asked of `a`',
    ]);
    expect(await lines('max_steps: 5', [a], [strict])).toEqual([]);
  });
});

test('what the compiler refuses a child, and nothing else, is looser', async () => {
  const interval = fc
    .tuple(fc.constantFrom(null, 0, 2), fc.constantFrom(4, 6, null))
    .map(([low, high]) => `[${low ?? 'null'}, ${high ?? 'null'}]`);
  const line = fc.oneof(
    fc.integer({ min: 1, max: 4 }).map((limit) => `max_steps: ${limit}`),
    fc.constantFrom(0.2, 0.5, 0.8).map((risk) => `fail_risk_threshold: ${risk}`),
    fc.constantFrom('sum', 'max').map((aggregate) => `aggregate: ${aggregate}`),
    interval.map((ends) => `bounds: { pay.amount: ${ends} }`),
    fc
      .uniqueArray(fc.constantFrom('a', 'b', 'b.*', 'b.c'), { minLength: 1 })
      .map((tools) => `allow_tools: [${tools.join(', ')}]`),
  );
  const keyOf = (text: string): string => text.slice(0, text.indexOf(':'));
  const pairs = fc.sample(
    fc.tuple(line, line).filter(([a, b]) => keyOf(a) === keyOf(b)),
    { seed: 14, numRuns: 120 },
  );
  let refused = 0;
  for (const [parent, child] of pairs) {
    const files = { 'base.yaml': parent, 'p.yaml': `extends: base.yaml\n${child}` };
    const { result } = await compile(memoryHost(files));
    const looser = (await changes(parent, child)).some(mayBeLooser);
    expect([parent, child, looser]).toEqual([parent, child, result === null]);
    refused += result === null ? 1 : 0;
  }
  expect(refused).toBeGreaterThan(25);
});

test('where nothing is said no plan is decided otherwise, and where nothing is looser none more weakly', async () => {
  const STATUSES = ['pass', 'warn', 'approval', 'deny'];
  const files = fc.sample(policyFile, { seed: 21, numRuns: 30 });
  const questions = fc.sample(question, { seed: 21, numRuns: 25 });
  const counts = { silent: 0, stricter: 0 };
  for (const file of files) {
    const policy = JSON.parse(file) as { readonly rules: readonly object[] };
    for (const now of variantsOf(policy)) {
      const [before, after] = [await meaningOf({ 'p.yaml': file }), await meaningOf({ 'p.yaml': now })];
      const [old, next] = [before.entries[0], after.entries[0]];
      if (!old || !next) continue;
      const found = comparePolicies(before, after);
      if (found.some(mayBeLooser)) continue;
      const silent = found.every(({ direction }) => direction === 'changed');
      counts[silent ? 'silent' : 'stricter'] += 1;
      for (const { plan, context, now: at } of questions) {
        const [was, is] = [decide(old, plan, context, at), decide(next, plan, context, at)];
        const [weaker, other] = [
          STATUSES.indexOf(is.status) < STATUSES.indexOf(was.status) || is.risk < was.risk - 1e-9,
          is.status !== was.status || Math.abs(is.risk - was.risk) > 1e-9,
        ];
        expect([file, now, told(found), plan, silent ? other : weaker]).toEqual([
          file,
          now,
          told(found),
          plan,
          false,
        ]);
      }
    }
  }
  expect(counts.silent).toBeGreaterThan(15);
  expect(counts.stricter).toBeGreaterThan(10);
});

/** The policy with one thing changed: a number, a word or an item; and as it is, its keys in another order. */
function variantsOf(policy: object): readonly string[] {
  const numbers = JSON.stringify(policy);
  return [
    JSON.stringify(Object.fromEntries(Object.entries(policy).reverse())),
    numbers.replace(
      /"(gt|gte|lt|lte)","value":(-?\d+)/,
      (_, name: string, n: string) => `"${name}","value":${Number(n) + 1}`,
    ),
    numbers.replace(
      /"(gt|gte|lt|lte)","value":(-?\d+)/,
      (_, name: string, n: string) => `"${name}","value":${Number(n) - 1}`,
    ),
    numbers.replace('"severity":"low"', '"severity":"high"'),
    numbers.replace('"severity":"high"', '"severity":"low"'),
    numbers.replace('"aggregate":"max"', '"aggregate":"sum"'),
    numbers.replace(/"max_steps":\d/, '"max_steps":1'),
    numbers.replace(/"allow_tools":\[[^\]]*\]/, '"allow_tools":[]'),
  ];
}
