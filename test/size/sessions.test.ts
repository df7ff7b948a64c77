import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { compileMemory } from '../support/decide.ts';

const PATTERN = '- { rule: p, pattern: { tool: pay.*, arg: amount, operation: gt, value: 50 } }';
const FOUR = `
      - { rule: a, max_calls: { tool: pay.*, limit: 3, per: to } }
      - { rule: b, max_total: { tool: pay.*, arg: amount, limit: 100 } }
      - { rule: c, require_before: { tool: pay.*, before: desk.approve } }
      - { rule: d, require_after: { tool: db.delete, after: audit.log } }`;
const ALL = `${FOUR}
      - { rule: e, flows: { from: crm.read, to: mail.send } }
      - { rule: f, separate_duty: { tool: desk.approve, other: pay.send, by: user } }
      - { rule: g, scope: plan, when: 'size(plan.steps) > 5' }`;

const policyOf = (rules: string): string => `policies:\n  - name: p\n    rules:\n      ${PATTERN}${rules}\n`;
const inSessions = (rules: string): string =>
  rules
    .replace('per: to }', 'per: to, within: 1h }')
    .replace('after: audit.log', 'after: audit.log, until: only');

/** [what, the rules, the budget in bytes of gzip] */
const budgets: readonly (readonly [string, string, number])[] = [
  ['rules about one call', '', 3_584],
  // The goal of all.
  ['counts, sums, what must come before and after', FOUR, 6_144],
  // Beyond the goal: this holds it where it is.
  ['a rule of each kind, with a window and a fence', ALL, 7_936],
];

it.each(budgets)('sessions of %s', async (_, rules, budget) => {
  const size = async (files: Readonly<Record<string, string>>): Promise<number> => {
    const { module } = await compileMemory(files);
    return gzipSync(module.code, { level: 9 }).length;
  };
  const bare = await size({ 'p.yaml': policyOf(rules) });
  const withSessions = {
    'p.yaml': policyOf(inSessions(rules)),
    'plan-lint.yaml': 'capabilities: [session]\n',
  };
  const added = (await size(withSessions)) - bare;
  expect(added, `${added} bytes`).toBeLessThanOrEqual(budget);
  // One that lost half of it would be within any budget.
  expect(added, `${added} bytes`).toBeGreaterThan(budget / 2);
});
