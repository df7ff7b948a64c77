/** `PL2202` never says that no case was found where a small one is: values of `a` and of `a.b` are tried together. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OperandValue } from '../../compiler/ir/document.ts';
import { parsePath } from '../../compiler/ir/path.ts';
import type { ArgTest, Expr } from '../../compiler/ir/program.ts';
import { fires } from '../../compiler/proof/evaluate.ts';
import { implies } from '../../compiler/proof/implies.ts';
import { defaultSpelling } from '../../compiler/spelling/index.ts';
import { childSays } from './support.ts';

function arg(path: string, operation: string, operand: OperandValue | null, negated = false): ArgTest {
  const spelling = defaultSpelling(operation);
  const tested = { operation, operand, pattern: null, ...(spelling && { spelling }) };
  return { kind: 'arg', path: parsePath(path), test: tested, negated };
}

const path = fc.constantFrom('a', 'a.b', 'd');
const leaf = fc.oneof(
  fc.tuple(
    fc.constantFrom('a', 'a.b', 'a.b.c', 'd'),
    fc.constantFrom('exists', 'missing'),
    fc.constant(null),
  ),
  fc.tuple(
    path,
    fc.constant('type'),
    fc.constantFrom('string', 'number', 'boolean', 'array', 'object', 'null'),
  ),
  fc.tuple(path, fc.constantFrom('gt', 'lt'), fc.constantFrom(1, 5)),
  fc.tuple(path, fc.constantFrom('equals', 'not_equals'), fc.constantFrom('x', 1, '1', true)),
  fc.tuple(path, fc.constantFrom('length_gt', 'length_equals', 'length_lt'), fc.constantFrom(0, 1, 2)),
  fc.tuple(path, fc.constantFrom('contains', 'matches', 'not_contains'), fc.constantFrom('x', 'ab')),
);
const one = fc
  .tuple(leaf, fc.boolean())
  .map(([[at, operation, operand], negated]): Expr => arg(at, operation, operand, negated));
const some = fc.array(one, { minLength: 2, maxLength: 3 });
const condition = fc.oneof(
  one,
  some.map((items): Expr => ({ kind: 'and', items })),
  some.map((items): Expr => ({ kind: 'or', items })),
);

const INNER = [null, {}, [], 'x', 'ab', '', 1, 3, 6, true, { c: 1 }, ['x']];
const OUTER = [undefined, ...INNER, { k: 1 }, ...INNER.map((b) => ({ b })), { b: 1, k: 1 }];
const BESIDE = [undefined, ...INNER];

/** Lengths together with what a text holds are said to be more than the prover decides. */
const isMixed = (reason: string): boolean =>
  /`length_/.test(reason) && /`(contains|matches|not_contains)`/.test(reason);

test('what small arguments refute is refuted, whichever way the paths lie within each other', () => {
  const all = OUTER.flatMap((a) =>
    BESIDE.map((d) => ({ ...(a !== undefined && { a }), ...(d !== undefined && { d }) })),
  );
  let undecided = 0;
  let refuted = 0;
  for (const [parent, child] of fc.sample(fc.tuple(condition, condition), { seed: 14, numRuns: 900 })) {
    const proof = implies(parent, child);
    if (proof.kind === 'refuted') refuted += 1;
    if (proof.kind !== 'undecided' || isMixed(proof.reason)) continue;
    undecided += 1;
    const found = all.find((args) => fires(parent, 't', args) && !fires(child, 't', args));
    expect([parent, child, found]).toEqual([parent, child, undefined]);
  }
  expect(undecided).toBeLessThan(refuted / 2);
  expect(undecided).toBeGreaterThan(20);
}, 120_000);

describe('an object that is there, with nothing in it', () => {
  const base = (pattern: string): string => `rules: [{ rule: r, severity: high, pattern: ${pattern} }]\n`;
  const refined = (pattern: string): string => `refine: [{ rule: r, pattern: ${pattern} }]\n`;
  test.each([
    ['{ arg: a.b, operation: missing }', '{ arg: a, operation: missing }', '"args":{"a":0}'],
    ['{ arg: a.b, operation: missing }', '{ arg: a, operation: not_equals, value: 1 }', '"args":{"a":1}'],
    ['{ arg: a, operation: type, value: object }', '{ arg: a.b, operation: exists }', '{"a":{}}'],
  ])('%s → %s', async (before, after, shown) => {
    const text = await childSays(refined(after), base(before));
    expect(text).toContain('PL2201');
    expect(text).toContain(shown);
  });
});
