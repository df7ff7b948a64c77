/** A child is no weaker for plans whose values do not exist yet either. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OperandValue } from '../../compiler/ir/document.ts';
import { parsePath } from '../../compiler/ir/path.ts';
import type { ArgTest, Expr } from '../../compiler/ir/program.ts';
import { fires } from '../../compiler/proof/evaluate.ts';
import { implies } from '../../compiler/proof/implies.ts';
import { defaultSpelling } from '../../compiler/spelling/index.ts';
import { childSays } from './support.ts';

function arg(operation: string, operand: OperandValue | null = null, negated = false): ArgTest {
  const spelling = defaultSpelling(operation);
  const tested = { operation, operand, pattern: null, ...(spelling && { spelling }) };
  return { kind: 'arg', path: parsePath('a'), test: tested, negated };
}

test.each([
  // Any value may come, but something surely does.
  [arg('type', 'null'), arg('missing')],
  // Where nobody knows how a text ends, a pattern may match; what is known of its beginning may say no.
  [arg('matches', '^/etc/'), arg('starts_with', '/etc/')],
])('refuted by a text with a reference: %j → %j', (parent, child) => {
  const proof = implies(parent, child);
  expect(proof.kind).toBe('refuted');
  if (proof.kind !== 'refuted') return;
  expect(JSON.stringify(proof.plan)).toContain('${s0.result}');
});

test.each([
  [arg('starts_with', '/etc/'), arg('starts_with', '/etc')],
  [arg('starts_with', 'DROP TABLE'), arg('contains', 'DROP')],
  [arg('matches', 'DROP TABLE'), arg('contains', 'DROP')],
  [arg('matches', '^DROP'), arg('matches', 'DROP')],
  [arg('length_gt', 10), arg('length_gte', 10)],
  [arg('not_contains', 'a'), arg('not_contains', 'ab')],
  [arg('missing'), arg('missing')],
])('proved, references among the plans: %j → %j', (parent, child) => {
  expect(implies(parent, child).kind).toBe('proved');
});

test('the refusal shows the plan', async () => {
  const base = `policies:
  - name: base
    rules:
      - { rule: path, severity: high, pattern: { tool: fs.read, arg: path, operation: matches, value: "^/etc/" } }
`;
  const told = await childSays(
    'refine: [{ rule: path, pattern: { tool: fs.read, arg: path, operation: starts_with, value: /etc/ } }]',
    base,
  );
  expect(told).toContain('PL2201');
  expect(told).toContain('${s0.result}');
});

const WORDS = ['', 'a', 'ab', 'abc', 'b', 'zz'];
const operand = fc.constantFrom(...WORDS.slice(1));
const leaf: fc.Arbitrary<Expr> = fc.oneof(
  fc
    .record({
      operation: fc.constantFrom(
        'starts_with',
        'ends_with',
        'contains',
        'equals',
        'not_equals',
        'not_contains',
      ),
      operand,
      negated: fc.boolean(),
    })
    .map((one) => arg(one.operation, one.operand, one.negated)),
  fc
    .record({
      operation: fc.constantFrom('matches', 'not_matches'),
      operand: fc.constantFrom('^a', 'b$', 'ab', '^abc$', 'a|b', '(?=a)ab'),
      negated: fc.boolean(),
    })
    .map((one) => arg(one.operation, one.operand, one.negated)),
  fc
    .record({
      operation: fc.constantFrom('length_lte', 'length_gt', 'length_equals'),
      operand: fc.nat({ max: 4 }),
      negated: fc.boolean(),
    })
    .map((one) => arg(one.operation, one.operand, one.negated)),
  fc.constantFrom(
    arg('missing'),
    arg('exists'),
    arg('type', 'string'),
    arg('type', 'null'),
    arg('equals', ''),
  ),
);
const condition: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 3, arbitrary: leaf },
  fc.array(leaf, { minLength: 2, maxLength: 2 }).map((items): Expr => ({ kind: 'and', items })),
  fc.array(leaf, { minLength: 2, maxLength: 2 }).map((items): Expr => ({ kind: 'or', items })),
);

test('what is proved holds on every text with references', () => {
  const reference = '${s0.result}';
  const texts = [
    '${',
    ...WORDS.flatMap((head) => WORDS.flatMap((tail) => [head + reference + tail])),
    `a${reference}b${reference}`,
  ];
  let proved = 0;
  for (const [parent, child] of fc.sample(fc.tuple(condition, condition), { seed: 14, numRuns: 1_500 })) {
    if (implies(parent, child).kind !== 'proved') continue;
    proved += 1;
    for (const a of texts) {
      const both = [fires(parent, 't', { a }), fires(child, 't', { a })];
      if (both[0]) expect([parent, child, a, both[1]]).toEqual([parent, child, a, true]);
    }
  }
  expect(proved).toBeGreaterThan(100);
});
