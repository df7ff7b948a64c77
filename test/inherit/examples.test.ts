/** `diff` shows a plan for what it says of conditions and of rules about the whole plan, each tried on both sides. */
import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../cli/program.ts';
import { bundleFrom } from '../support/decide.ts';
import { workplace } from '../support/io.ts';
import type { Workplace } from '../support/io.ts';

let place: Workplace;
beforeEach(() => {
  place = workplace();
  for (const directory of ['old', 'new']) mkdirSync(place.path(directory));
});
afterEach(() => place.remove());

interface Shown {
  readonly what: string;
  readonly direction: string;
  readonly stopped?: object;
  readonly stoppedContext?: object;
  readonly passed?: object;
  readonly passedContext?: object;
}

/** The one change between two texts of a policy; its examples are decided once more, by other code than `diff` uses. */
async function changeOf(old: string, now: string): Promise<Shown> {
  place.write('old/p.yaml', old);
  place.write('new/p.yaml', now);
  await run('diff old new --format json'.split(' '), place.io);
  const { changes } = JSON.parse(place.out()) as { changes: readonly Shown[] };
  const [change, ...others] = changes;
  if (!change) throw new Error('nothing changed');
  expect(others).toEqual([]);
  const [before, after] = [await bundleFrom({ 'p.yaml': old }), await bundleFrom({ 'p.yaml': now })];
  const findings = (plan: object, context: object = {}): readonly number[] =>
    [before, after].map((side) => Number(side.policy('p').evaluate(plan, { context }).violations.length > 0));
  if (change.stopped) expect(findings(change.stopped, change.stoppedContext)).toEqual([0, 1]);
  if (change.passed) expect(findings(change.passed, change.passedContext)).toEqual([1, 0]);
  return change;
}

const shape = ({ direction, stopped, passed }: Shown): string =>
  [direction, stopped && 'stopped', passed && 'passed'].filter(Boolean).join(' ');

const rule = (body: string): string => `rules:\n  - rule: r\n    severity: high\n    ${body}\n`;

describe('a rule about the whole plan', () => {
  test.each([
    [
      'a limit',
      'max_calls: { tool: a, limit: 2, per: k }',
      'max_calls: { tool: a, limit: 4, per: k }',
      'looser passed',
    ],
    [
      'a further tool',
      'max_calls: { tool: a, limit: 2 }',
      'max_calls: { tool: [a, b], limit: 2 }',
      'stricter stopped',
    ],
    [
      'what is counted by',
      'max_calls: { tool: a, limit: 1, per: k }',
      'max_calls: { tool: a, limit: 1, per: l }',
      'incomparable stopped passed',
    ],
    [
      'a total',
      'max_total: { tool: a, arg: n, limit: 10 }',
      'max_total: { tool: a, arg: n, limit: 9.5, per: k }',
      'incomparable stopped passed',
    ],
    [
      'a lower total',
      'max_total: { tool: a, arg: n.of, limit: 10 }',
      'max_total: { tool: a, arg: n.of, limit: 9.5 }',
      'stricter stopped',
    ],
    [
      'what goes before',
      'require_before: { tool: a, before: b }',
      'require_before: { tool: a, before: c }',
      'incomparable stopped passed',
    ],
    [
      'with the same value',
      'require_before: { tool: a, before: b }',
      'require_before: { tool: a, before: b, same: [k] }',
      'incomparable stopped',
    ],
    [
      'the order',
      'require_before: { tool: a, before: b, order: listed }',
      'require_before: { tool: a, before: b }',
      'incomparable stopped',
    ],
    [
      'what follows',
      'require_after: { tool: a, after: b, on_failure: false }',
      'require_after: { tool: a, after: b }',
      'incomparable stopped',
    ],
    ['a source', 'flows: { from: a, to: b }', 'flows: { from: c, to: b }', 'incomparable stopped passed'],
    [
      'a cleaner',
      'flows: { from: a, to: b }',
      'flows: { from: a, to: b, through: c }',
      'incomparable passed',
    ],
    [
      'a source in the context',
      'flows: { from: a, to: b }',
      'flows: { from: a, from_context: [user.iban], to: b }',
      'incomparable stopped',
    ],
    [
      'who does both',
      'separate_duty: { tool: a, other: b }',
      'separate_duty: { tool: a, other: b, by: who }',
      'incomparable passed',
    ],
    [
      'what a failure may lead to',
      'on_fail: { tool: a, allow: [abort] }',
      'on_fail: { tool: a, allow: [continue] }',
      'incomparable stopped passed',
    ],
  ])('%s', async (_, old, now, expected) => {
    const change = await changeOf(rule(old), rule(now));
    expect(shape(change)).toBe(expected);
  });
});

describe('a condition in CEL', () => {
  test.each([
    ['a bound', 'step.args.n > 5', 'step.args.n > 8', 'looser passed'],
    ['another text', 'step.tool == "a"', 'step.tool == "b"', 'incomparable stopped passed'],
    [
      'an argument deeper down',
      'step.args.to.country != "DE"',
      'step.args.to.country != "FR"',
      'incomparable stopped passed',
    ],
    ['the context', 'context.role != "admin"', 'context.role != "owner"', 'incomparable stopped passed'],
    [
      'elements',
      'step.args.lines.exists(l, l.price > 5)',
      'step.args.lines.exists(l, l.price > 7)',
      'looser passed',
    ],
    ['arithmetic', 'step.args.n * 2.0 > 10.0', 'step.args.n * 2.0 > 12.0', 'looser passed'],
    [
      'two arguments',
      'step.args.a == "x" && step.args.b == "y"',
      'step.args.a == "x" && step.args.b == "z"',
      'incomparable stopped passed',
    ],
    [
      'a match',
      'step.args.s.matches("^abc$")',
      'step.args.s.matches("^abd$")',
      'incomparable stopped passed',
    ],
  ])('%s', async (_, old, now, expected) => {
    expect(shape(await changeOf(rule(`when: '${old}'`), rule(`when: '${now}'`)))).toBe(expected);
  });

  test('of the plan as a whole', async () => {
    const old = rule(`scope: plan\n    when: 'plan.steps.size() > 3'`);
    const now = rule(`scope: plan\n    when: 'plan.steps.size() > 5'`);
    expect(shape(await changeOf(old, now))).toBe('looser passed');
  });

  test('beside a pattern', async () => {
    const both = (value: number, when: string): string =>
      rule(`pattern: { tool: pay, operation: amount_gt, value: ${value} }\n    when: '${when}'`);
    const change = await changeOf(both(5, 'step.args.to == "x"'), both(5, 'step.args.to == "y"'));
    expect(shape(change)).toBe('incomparable stopped passed');
    expect(shape(await changeOf(both(5, 'step.args.to == "x"'), both(7, 'step.args.to == "x"')))).toBe(
      'looser passed',
    );
  });

  test('with other values of its parameters, and with another condition beside the same', async () => {
    const limit = (value: number, when = 'step.args.n > params.limit'): string =>
      `params: { limit: { type: integer, value: ${value} } }\n${rule(`when: '${when}'`)}`;
    expect(shape(await changeOf(limit(10), limit(20)))).toBe('looser passed');
    const more = 'step.args.n > params.limit && step.args.m > 3';
    expect(shape(await changeOf(limit(10), limit(10, more)))).toBe('looser passed');
  });
});
