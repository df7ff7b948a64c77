/** The prover: what is proved by form alone, what a proof may spend, and cases that only one value shows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OperandValue } from '../../compiler/ir/document.ts';
import { parsePath } from '../../compiler/ir/path.ts';
import type { ArgTest, Expr } from '../../compiler/ir/program.ts';
import { foldText } from '../../compiler/patterns/index.ts';
import { Budget } from '../../compiler/proof/budget.ts';
import { fires } from '../../compiler/proof/evaluate.ts';
import { implies } from '../../compiler/proof/implies.ts';
import { defaultSpelling } from '../../compiler/spelling/index.ts';

function arg(path: string, operation: string, operand: OperandValue | null, negated = false): ArgTest {
  const spelling = defaultSpelling(operation);
  const tested = { operation, operand, pattern: null, ...(spelling && { spelling }) };
  return { kind: 'arg', path: parsePath(path), test: tested, negated };
}

const and = (...items: readonly Expr[]): Expr => ({ kind: 'and', items });
const or = (...items: readonly Expr[]): Expr => ({ kind: 'or', items });

const countries = Array.from({ length: 501 }, (_, i) => `C${i}`);

describe('long lists', () => {
  const without = countries.slice(0, -1);
  test.each([
    { title: 'one of more', operation: 'in', before: without, after: countries, negated: false },
    { title: 'none of fewer', operation: 'not_in', before: countries, after: without, negated: false },
    { title: 'not one of fewer', operation: 'in', before: countries, after: without, negated: true },
    { title: 'not none of more', operation: 'not_in', before: without, after: countries, negated: true },
  ])('$title is proved by its form, for nothing', ({ operation, before, after, negated }) => {
    const [parent, child] = [
      arg('country', operation, before, negated),
      arg('country', operation, after, negated),
    ];
    expect(implies(parent, child, [], new Budget(0))).toEqual({ kind: 'proved' });
    const back = implies(child, parent);
    expect(back.kind).toBe('refuted');
    if (back.kind !== 'refuted') return;
    const [step] = back.plan.steps;
    expect(step && fires(child, step.tool, step.args) && !fires(parent, step.tool, step.args)).toBe(true);
  });

  test('an item more in the parent, or another spelling, is not', () => {
    expect(implies(arg('c', 'in', ['a', 'b']), arg('c', 'in', ['a', 'x'])).kind).toBe('refuted');
    const exact = arg('c', 'in', ['a', 'b']);
    const strict = {
      ...exact,
      test: { ...exact.test, spelling: { ignoreCase: 'no', normalize: 'no' } } as const,
    };
    expect(implies(exact, strict).kind).toBe('refuted');
    expect(implies(strict, exact).kind).toBe('proved');
  });
});

test('a proof that costs too much is given up, and says so', () => {
  const parent = and(arg('c', 'in', countries), arg('c', 'not_in', countries.slice(0, 250)));
  expect(implies(parent, arg('c', 'in', countries.slice(250, 400)), [], new Budget(1_000))).toEqual({
    kind: 'undecided',
    reason: 'the proof was given up after 1,000 steps, its budget',
  });
});

test('the limit of a comparison, and whether it is in', () => {
  const limits = [4, 5, 6];
  for (const operation of ['gt', 'gte', 'lt', 'lte']) {
    for (const before of limits) {
      for (const after of limits) {
        for (const negated of [false, true]) {
          const up = operation.startsWith('g') !== negated;
          const kept = implies(arg('a', operation, before, negated), arg('a', operation, after, negated));
          expect([operation, before, after, negated, kept.kind]).toEqual([
            operation,
            before,
            after,
            negated,
            (up ? after <= before : after >= before) ? 'proved' : 'refuted',
          ]);
        }
      }
    }
  }
});

test('1 passes for true, and nothing else shows it', () => {
  const others = ['boolean', 'string', 'array', 'object', 'null'].map((type) => arg('a', 'type', type));
  const proof = implies(arg('a', 'equals', true), or(...others));
  expect(proof.kind === 'refuted' && proof.plan.steps[0]?.args).toEqual({ a: 1 });
});

test('what is no object on the way is a value of `a.b`, and none of `a`, which only a reference may be', () => {
  const both = (path: string): Expr => and(arg(path, 'type', 'string'), arg(path, 'type', 'number'));
  const ofWhole = implies(both('a'), arg('c', 'exists', null));
  expect(ofWhole.kind === 'refuted' && ofWhole.plan.steps[0]?.args).toEqual({ a: '${s0.result}' });
  const proof = implies(both('a.b'), arg('c', 'exists', null));
  expect(proof.kind === 'refuted' && proof.plan.steps[0]?.args).toEqual({ a: 'no object' });
});

describe('a text in one argument → anywhere', () => {
  const anywhere = (operation: string, operand: string): ArgTest => ({
    ...arg('a', operation, operand),
    path: null,
  });
  test.each([
    { parent: arg('a', 'contains', 'ab'), child: anywhere('contains', 'ab'), kind: 'proved' },
    { parent: arg('a', 'contains', 'abc'), child: anywhere('contains', 'b'), kind: 'proved' },
    { parent: arg('a', 'matches', '^ab'), child: anywhere('matches', 'ab?'), kind: 'proved' },
    { parent: arg('a', 'contains', 'ab'), child: anywhere('contains', 'abc'), kind: 'refuted' },
    { parent: anywhere('contains', 'ab'), child: arg('a', 'contains', 'ab'), kind: 'refuted' },
    // What is no object on the way to `a.b` is no text.
    { parent: arg('a.b', 'contains', 'ab'), child: anywhere('contains', 'ab'), kind: 'refuted' },
  ])('$parent.path $parent.test.operand → $child.test.operand is $kind', ({ parent, child, kind }) => {
    expect(implies(parent, child).kind).toBe(kind);
  });
});

test('texts fold as regular expressions do', () => {
  const letters = fc.constantFrom(...'sSſkKK ßẞiİıIµμΜσςΣåÅÅa1-'.split(''), '\u{10400}', '\u{10428}');
  const text = fc.array(letters, { maxLength: 4 }).map((some) => some.join(''));
  fc.assert(
    fc.property(text, text, (a, b) => {
      const host = new RegExp(`^${a.replace('-', '\\x2d')}$`, 'iu').test(b);
      expect([a, b, foldText(a) === foldText(b)]).toEqual([a, b, host]);
    }),
    { seed: 9, numRuns: 2_000 },
  );
});
