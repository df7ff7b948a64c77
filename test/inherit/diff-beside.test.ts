/** What `diff` says beside the rules. */
import { describe, expect, test } from 'vitest';
import { changes, told } from './compare.ts';
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

  test('a base that entries must stand on, and its pin', async () => {
    const pin = ', sha256: "ef3a87ee3076ad2ff0d6415aad57db39cc9d5a596025df68e656301df06558d6"';
    const on = (configuration: string): Files => ({
      'plan-lint.yaml': configuration,
      'base.yaml': 'max_steps: 9',
      'p.yaml': 'extends: base.yaml',
    });
    const [none, named, pinned] = [
      on('{}'),
      on('require_base: [base.yaml]'),
      on(`require_base: [{ file: base.yaml${pin} }]`),
    ];
    const is = '`base.yaml` is';
    expect(told(await changes(named, none))).toEqual([
      `looser require_base: ${is} no longer required of every entry`,
    ]);
    expect(told(await changes(none, named))).toEqual([
      `stricter require_base: ${is} required of every entry now`,
    ]);
    expect(told(await changes(pinned, named))).toEqual([
      `looser require_base: ${is} no longer pinned to its bytes`,
    ]);
    expect(told(await changes(named, pinned))).toEqual([
      `stricter require_base: ${is} pinned to its bytes now`,
    ]);
  });

  test('how long an exception may last', async () => {
    const most = (text: string): string => `max_steps: 9\n${text}`;
    const [none, short, long] = [most(''), most('max_exception: 12h'), most('max_exception: 90d')];
    expect(told(await changes(short, long))).toEqual(['looser max_exception: 12h → 90d']);
    expect(told(await changes(long, none))).toEqual(['looser max_exception: 90d → none']);
    expect(told(await changes(none, short))).toEqual(['stricter max_exception: none → 12h']);
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
