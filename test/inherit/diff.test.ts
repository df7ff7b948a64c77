/** `diff` is the compiler's laws read both ways: what a child may not write is told as looser, field by field. */
import { describe, expect, test } from 'vitest';
import { mayBeLooser } from '../../compiler/compare/change.ts';
import { compile, memoryHost } from '../../compiler/index.ts';
import type { ResolvedRule } from '../../compiler/ir/resolved.ts';
import { changes, told } from './compare.ts';
import type { Files } from './compare.ts';
import { CALLS, CATALOG, LIMIT, NARROWED, NARROWINGS, ROWS, rule, RULE } from './weaker-rows.ts';

describe('each row of the merge table', () => {
  test.each([...ROWS, ...NARROWINGS])('$row', async ({ parent, child, weaker = child, code }) => {
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

const result = (action: string): string =>
  `results: [{ tool: 'db.*', deny_tokens_regex: [AKIA], action: ${action} }]`;

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
  narrowing: [
    NARROWED,
    NARROWED.replace('value: 5', 'value: 6'),
    'looser r: at most 3 calls of pay, where arg: a, operation: gt, value: 5 → at most 3 calls of pay, where arg: a, operation: gt, value: 6',
  ],
  action: [result('block'), result('redact'), 'looser results["db.*"]["AKIA"]: block → redact'],
  glob: [result('block'), result('block').replace('db.*', 'db.q'), 'looser results["db.*"]["AKIA"]: removed'],
  layers: ['allow_tools: [a]', 'allow_tools: [a, b]', 'looser allow_tools: with b'],
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
    'looser bounds["pay.a"]: [0, 1] → [null, 1]',
  ],
  max: ['bounds: { pay.a: [0, 1] }', 'bounds: { pay.a: [0, 2] }', 'looser bounds["pay.a"]: [0, 1] → [0, 2]'],
  optional: [
    'bounds: { pay.a: [0, 1] }',
    'bounds: { pay.a: { value: [0, 1], optional: true } }',
    'looser bounds["pay.a"]: [0, 1] → [0, 1], or missing',
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
