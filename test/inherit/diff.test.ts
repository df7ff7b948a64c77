/** `diff` is the compiler's laws read both ways: what a child may not write is told as looser, field by field. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayBeLooser } from '../../compiler/compare/change.ts';
import type { Change } from '../../compiler/compare/change.ts';
import { comparePolicies } from '../../compiler/compare/policies.ts';
import { compile, memoryHost, renderDiagnostic, resolvePolicies } from '../../compiler/index.ts';
import type { ResolvedPolicies } from '../../compiler/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import type { ResolvedRule } from '../../compiler/ir/resolved.ts';
import { policyFile, question } from '../differential/generate.ts';
import { decide } from '../oracle/oracle.ts';

type Files = Readonly<Record<string, string>>;

async function meaningOf(files: Files): Promise<ResolvedPolicies> {
  const diagnostics = new Diagnostics();
  const policies = await resolvePolicies(memoryHost(files), {}, diagnostics);
  if (!policies) throw new Error(diagnostics.sorted().map(renderDiagnostic).join('\n'));
  return policies;
}

const filesOf = (policy: string | Files): Files =>
  typeof policy === 'string' ? { 'p.yaml': policy } : policy;

async function changes(old: string | Files, now: string | Files): Promise<readonly Change[]> {
  return comparePolicies(await meaningOf(filesOf(old)), await meaningOf(filesOf(now)));
}

const told = (all: readonly Change[]): readonly string[] =>
  all.map(({ what, direction, says }) => `${direction} ${what}: ${says}`);

/** A parent's line, what a child writes against it, and the same as a line of one file. */
interface Row {
  readonly row: string;
  readonly parent: string;
  readonly child: string;
  /** The parent with the child's words in place; absent where these are such a file themselves. */
  readonly weaker?: string;
  readonly code: string;
}

const rule = (more: string): string =>
  `rules: [{ rule: r, severity: high, weight: 0.4, enforcement: deny, pattern: { tool: pay, operation: amount_gt, value: 10 }${more} }]`;
const refine = (more: string): string => `refine: [{ rule: r, ${more} }]`;
const RULE = rule('');
const LIMIT = 'params: { limit: { type: number, value: 10, tighten: lower } }\n';
const WITH_LIMIT = `${LIMIT}rules: [{ rule: r, pattern: { tool: pay, operation: amount_gt, value: "\${params.limit}" } }]`;
const CALLS = 'rules: [{ rule: r, max_calls: { tool: pay, limit: 3 } }]';

const ROWS: readonly Row[] = [
  { row: 'allow_tools', parent: 'allow_tools: [a, b.*]', child: 'allow_tools: [a, b.*, c]', code: 'PL2104' },
  {
    row: 'bounds, an end further out',
    parent: 'bounds: { pay.amount: [0, 10] }',
    child: 'bounds: { pay.amount: [0, 11] }',
    code: 'PL2102',
  },
  {
    row: 'bounds, an open end',
    parent: 'bounds: { pay.amount: [0, 10] }',
    child: 'bounds: { pay.amount: [null, 10] }',
    code: 'PL2102',
  },
  { row: 'max_steps', parent: 'max_steps: 5', child: 'max_steps: 6', code: 'PL2102' },
  {
    row: 'fail_risk_threshold',
    parent: 'fail_risk_threshold: 0.5',
    child: 'fail_risk_threshold: 0.6',
    code: 'PL2102',
  },
  { row: 'aggregate', parent: 'aggregate: sum', child: 'aggregate: max', code: 'PL2102' },
  {
    row: 'risk_weights',
    parent: `${RULE}\nrisk_weights: { r: 0.5 }`,
    child: 'risk_weights: { r: 0.45 }',
    weaker: `${RULE}\nrisk_weights: { r: 0.45 }`,
    code: 'PL2102',
  },
  {
    row: 'severity, weight kept',
    parent: RULE,
    child: refine('severity: low'),
    weaker: RULE.replace('high', 'low'),
    code: 'PL2102',
  },
  {
    row: 'enforcement',
    parent: RULE,
    child: refine('enforcement: warn'),
    weaker: RULE.replace('deny', 'warn'),
    code: 'PL2102',
  },
  {
    row: 'weight',
    parent: RULE,
    child: refine('weight: 0.3'),
    weaker: RULE.replace('0.4', '0.3'),
    code: 'PL2102',
  },
  { row: 'tools', parent: 'tools: only-catalog', child: 'tools: any', code: 'PL2102' },
  { row: 'validate_args', parent: 'validate_args: true', child: 'validate_args: false', code: 'PL2102' },
  {
    row: 'final',
    parent: rule(', final: true'),
    child: refine('final: false'),
    weaker: RULE,
    code: 'PL2211',
  },
  {
    row: 'a rule that is turned off',
    parent: `${RULE}
max_steps: 9`,
    child: refine('enabled: false'),
    weaker: 'max_steps: 9',
    code: 'PL2204',
  },
  {
    row: 'a condition beside the rule',
    parent: RULE,
    child: refine('when: step.args.b == 1'),
    weaker: rule(', when: step.args.b == 1'),
    code: 'PL2203',
  },
  {
    row: 'the operand of a rule',
    parent: RULE,
    child: refine('value: 11'),
    weaker: RULE.replace('10', '11'),
    code: 'PL2201',
  },
  {
    row: 'the tools of a rule',
    parent: RULE.replace('tool: pay', 'tool: [pay, other]'),
    child: refine('tool: [pay]'),
    weaker: RULE,
    code: 'PL2201',
  },
  {
    row: 'the pattern of a rule',
    parent: RULE,
    child: refine('pattern: { tool: pay, arg: amount, operation: gt, value: 99 }'),
    weaker: RULE.replace('10', '99'),
    code: 'PL2201',
  },
  {
    row: 'a parameter',
    parent: WITH_LIMIT,
    child: 'params: { limit: 12 }',
    weaker: WITH_LIMIT.replace('10', '12'),
    code: 'PL2102',
  },
  {
    row: 'a limit of the whole plan',
    parent: CALLS,
    child: refine('value: 4'),
    weaker: CALLS.replace('3', '4'),
    code: 'PL2102',
  },
  {
    row: 'a default over a guardrail',
    parent: 'max_steps: 5',
    child: 'max_steps: { value: 5, mode: default, domain: [1, 9] }',
    code: 'PL2110',
  },
  {
    row: 'a default of the threshold',
    parent: 'fail_risk_threshold: 0.5',
    child: 'fail_risk_threshold: { value: 0.5, mode: default, domain: [0.1, 0.9] }',
    code: 'PL2110',
  },
  {
    row: 'a wider domain',
    parent: 'max_steps: { value: 5, mode: default, domain: [1, 9] }',
    child: 'max_steps: { value: 5, mode: default, domain: [1, 10] }',
    code: 'PL2109',
  },
];

const CATALOG: Files = {
  'plan-lint.yaml': 'catalog: tools.json\n',
  'tools.json': JSON.stringify({ tools: [{ name: 'pay', inputSchema: { type: 'object' } }] }),
};

describe('each row of the merge table', () => {
  test.each(ROWS)('$row', async ({ parent, child, weaker = child, code }) => {
    const withCatalog = /tools: only|validate_args/.test(parent) ? CATALOG : {};
    const { result, diagnostics } = await compile(
      memoryHost({ ...withCatalog, 'base.yaml': parent, 'p.yaml': `extends: base.yaml\n${child}` }),
    );
    expect([result, diagnostics.map((one) => one.code)]).toEqual([null, expect.arrayContaining([code])]);
    const side = (policy: string): Files => ({ ...withCatalog, 'p.yaml': policy });
    const looser = await changes(side(parent), side(weaker));
    expect(looser.map(({ direction }) => direction)).toContain('looser');
    const back = await changes(side(weaker), side(parent));
    expect([told(back), back.some(mayBeLooser)]).toEqual([told(back), false]);
    expect(back.length).toBeGreaterThan(0);
  });
});

/** Every field of every kind of rule. */
type Field = ResolvedRule extends infer Rule ? (Rule extends ResolvedRule ? keyof Rule : never) : never;

const places = 'where it was written, and by which steps it came to be, decides nothing';
const named = (text: string): string => `policies: [{ name: p, max_steps: 9 }, { name: ${text}, ${RULE} }]`;
const when = (condition: string, more = ''): string => `${more}rules: [{ rule: r, when: '${condition}'}]`;

const FIELDS: Readonly<Record<Field, string | readonly [string | Files, string | Files, line: string]>> = {
  span: places,
  chain: places,
  id: [RULE, RULE.replace('rule: r', 'rule: s'), 'looser r: removed'],
  policy: [named('one'), named('two'), 'changed r: policy "one" → "two"'],
  severity: [RULE, RULE.replace('high', 'medium'), 'looser r: severity high → medium'],
  enforcement: [RULE, RULE.replace('deny', 'warn'), 'looser r: enforcement deny → warn'],
  category: [RULE, rule(', category: X'), 'changed r: category "POLICY_RULE" → "X"'],
  weight: [RULE, RULE.replace('0.4', '0.3'), 'looser r: weight 0.4 → 0.3'],
  description: [RULE, rule(', description: x'), 'changed r: description none → "x"'],
  references: [RULE, rule(', references: allow'), 'looser r: references check → allow'],
  final: [rule(', final: true'), RULE, 'looser r: final no longer'],
  kind: [RULE, CALLS, 'unknown r: another kind of rule'],
  pattern: [RULE, RULE.replace('10', '11'), 'looser r: fires on other plans'],
  when: [when('step.args.a > 1'), when('step.args.a > 2'), 'looser r: its `when` asks for more'],
  scope: [
    when('step.args.a > 1'),
    'rules: [{ rule: r, scope: plan, when: "size(plan.steps) > 1" }]',
    'unknown r: one is asked of each step, the other of the plan',
  ],
  params: [
    when('step.args.a > params.limit', LIMIT),
    when('step.args.a > params.limit', LIMIT.replace('10', '11')),
    'looser r: fires on other plans',
  ],
  body: [
    CALLS,
    CALLS.replace('limit: 3', 'limit: 4'),
    'looser r: at most 3 calls of pay → at most 4 calls of pay',
  ],
  layers: ['allow_tools: [a]', 'allow_tools: [a, b]', 'looser allow_tools: fires on other plans'],
  domain: [
    'max_steps: 5',
    'max_steps: { value: 5, mode: default, domain: [1, 9] }',
    'looser max_steps: a guardrail → a default within [1, 9]',
  ],
  key: ['bounds: { pay.a: [0, 1] }', 'bounds: { pay.b: [0, 1] }', 'looser bounds["pay.a"]: removed'],
  tool: [
    { 'p.yaml': 'bounds: { pay.to.a: [0, 1] }' },
    { ...CATALOG, 'p.yaml': 'bounds: { pay.to.a: [0, 1] }' },
    'incomparable bounds["pay.to.a"]: fires on other plans',
  ],
  min: [
    'bounds: { pay.a: [0, 1] }',
    'bounds: { pay.a: [null, 1] }',
    'looser bounds["pay.a"]: fires on other plans',
  ],
  max: [
    'bounds: { pay.a: [0, 1] }',
    'bounds: { pay.a: [0, 2] }',
    'looser bounds["pay.a"]: fires on other plans',
  ],
  regex: [
    {
      'b.yaml': 'deny_tokens_regex: [secret]',
      'p.yaml': `extends: b.yaml\nrefine: [{ rule: 'deny_tokens_regex["secret"]', value: "secret|token" }]`,
    },
    { 'b.yaml': 'deny_tokens_regex: [secret]', 'p.yaml': 'extends: b.yaml' },
    'looser deny_tokens_regex["secret"]: fires on other plans',
  ],
  limit: ['max_steps: 5', 'max_steps: 6', 'looser max_steps: 5 → 6'],
};

describe('each field of a rule alone gives a line', () => {
  const pairs = Object.entries(FIELDS).flatMap(([field, pair]) =>
    typeof pair === 'string' ? [] : [{ field, old: pair[0], now: pair[1], line: pair[2] }],
  );
  test.each(pairs)('$field', async ({ old, now, line }) => {
    expect(told(await changes(old, now))).toContain(line);
  });
});

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
