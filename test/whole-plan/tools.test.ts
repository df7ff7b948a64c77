/** What the tools around policies say of rules about the whole plan. */
import { mkdirSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { run } from '../../cli/program.ts';
import { changesOf } from '../../compiler/compare/changes.ts';
import { distinctRules } from '../../cli/testing/coverage.ts';
import { mutationsOf } from '../../cli/testing/mutations.ts';
import { memoryHost, resolvePolicies } from '../../compiler/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import type { ResolvedPolicies, ResolvedPolicy } from '../../compiler/ir/resolved.ts';
import { workplace } from '../support/io.ts';

async function resolved(body: string): Promise<ResolvedPolicies> {
  const diagnostics = new Diagnostics();
  const files = { 'p.yaml': `rules: [{ rule: r, ${body} }]` };
  const policies = await resolvePolicies(memoryHost(files), {}, diagnostics);
  if (!policies) {
    const said = diagnostics.sorted().map(({ message }) => message);
    throw new Error(said.join(', '));
  }
  return policies;
}

async function entryOf(body: string): Promise<ResolvedPolicy> {
  const [entry] = (await resolved(body)).entries;
  if (!entry) throw new Error('a policy without entries');
  return entry;
}

describe('diff', () => {
  const few = 'max_calls: { tool: [pay.send, mail], limit: 3 }';
  test.each([
    ['a lower limit', 'max_calls: { tool: [pay.send, mail], limit: 2 }', ['stricter']],
    ['a higher limit', 'max_calls: { tool: [pay.send, mail], limit: 4 }', ['looser']],
    ['a wider glob', 'max_calls: { tool: [pay.*, mail], limit: 3 }', ['stricter']],
    ['fewer tools', 'max_calls: { tool: pay.send, limit: 3 }', ['looser']],
    ['fewer tools and a lower limit', 'max_calls: { tool: pay.send, limit: 2 }', ['incomparable']],
    ['groups', 'max_calls: { tool: [pay.send, mail], limit: 3, per: to }', ['incomparable']],
    ['another kind', 'on_fail: { tool: [pay.send, mail], allow: [abort] }', ['incomparable']],
    ['a pattern', 'pattern: { tool: pay.send }', ['unknown']],
    ['a condition of the plan', 'scope: plan, when: "true"', ['unknown']],
    ['tools in another order', 'max_calls: { limit: 3, tool: [mail, pay.send] }', []],
  ])('%s', async (_, after, expected) => {
    const changes = changesOf(await entryOf(few), await entryOf(after));
    expect(changes.map(({ direction }) => direction)).toEqual(expected);
  });
});

describe('mutations', () => {
  test.each([
    [
      'max_calls: { tool: [pay, mail], limit: 1, per: to }',
      ['without the tool pay', 'without the tool mail', 'limit 1 → 0', 'limit 1 → 2', 'not for each to'],
    ],
    ['max_total: { tool: pay, arg: amount, limit: 0.5 }', ['limit 0.5 → 1.5']],
    [
      'separate_duty: { tool: pay, other: [a, b], same: [to] }',
      ['without the same to', 'without the tool a', 'without the tool b'],
    ],
    ['on_fail: { tool: pay, allow: [abort], handler: undo }', ['also retry', 'also continue', 'any handler']],
    [
      'require_before: { tool: pay, before: ask, same: [to, amount] }',
      ['without the same to', 'without the same amount', 'pay and ask swapped'],
    ],
    ['require_after: { tool: pay, after: log }', ['pay and log swapped', 'not after a failure']],
    [
      'flows: { from: [a, b], to: c, through: d }',
      ['without the tool a', 'without the tool b', 'through any tool'],
    ],
  ])('%s', async (body, expected) => {
    const [rule] = distinctRules(await resolved(body));
    const found = rule ? [...mutationsOf(rule, 1)].map(({ what }) => what) : [];
    expect(found.filter((what) => what !== 'without the rule' && !what.startsWith('enforcement'))).toEqual(
      expected,
    );
  });
});

it('explain says what the rule asks, of a rule and of a plan', async () => {
  const place = workplace();
  try {
    const rule = '- { rule: few, severity: high, max_calls: { tool: pay, limit: 1, per: to } }';
    mkdirSync(place.path('policies'));
    place.write('policies/p.yaml', `rules:\n  ${rule}\n`);
    const step = { tool: 'pay', args: { to: 'a' } };
    place.write('plan.json', JSON.stringify({ steps: ['x', 'y'].map((id) => ({ id, ...step })) }));
    const asks = '1 call of pay for each to';
    expect(await run(['explain', 'few', '--policy-dir', 'policies'], place.io)).toBe(0);
    expect(place.out()).toContain(`few in p (p.yaml): at most ${asks}`);
    expect(await run(['explain', 'plan.json', '--policy-dir', 'policies'], place.io)).toBe(1);
    const shown = place.out();
    expect(shown).toContain('few on step 2 (y): the plan calls `pay` more than once with this value of `to`');
    expect(shown).toContain(`the rule asks: at most ${asks}`);
  } finally {
    place.remove();
  }
});
