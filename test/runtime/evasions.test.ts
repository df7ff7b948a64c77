/** Plans of hostile authors that came out valid once, and what stands beside them and is fine: each by way of a signed bundle. */
import { expect, it } from 'vitest';
import { parsePlan } from '../../runtime/plan-text.ts';
import { bundleFrom } from '../support/decide.ts';

const rule = (body: string): Readonly<Record<string, string>> => ({
  'p.yaml': `rules:\n  - rule: r\n    severity: critical\n    ${body}\n`,
});
const APPROVED = rule('require_before: { tool: pay, before: approve, same: [amount] }');
const NESTED = { 'p.yaml': 'bounds: { "pay.items[*].amount": [0, 100] }\n' };
const SHELL = rule('pattern: { tool: shell }');

const approval = (amount: string): string =>
  JSON.stringify({
    steps: [
      { id: 'q', tool: 'quote', args: {} },
      { id: 'a', tool: 'approve', args: { amount } },
      { id: 'p', tool: 'pay', args: { amount }, depends_on: ['a'] },
    ],
  });
const paying = (items: string): string => `{"steps":[{"id":"s","tool":"pay","args":{"items":${items}}}]}`;

it.each([
  [
    'a filter that may give two values is the same text',
    APPROVED,
    approval('{{ q.result | random }}'),
    false,
  ],
  ['one reference twice is one value', APPROVED, approval('${q.result.amount}'), true],
  [
    'a bound of what lies in a list, of a tool that nothing else names',
    NESTED,
    paying('[{"amount":5000}]'),
    false,
  ],
  ['the same where there is no list', NESTED, paying('{"amount":5}'), false],
  ['the same within the bound', NESTED, paying('[{"amount":5},{"amount":7}]'), true],
  [
    'steps in the spelling that readers of Go take',
    SHELL,
    '{"\u017fteps":[{"id":"s","tool":"shell","args":{}}],"steps":[]}',
    false,
  ],
])('%s', async (_, files, text, valid) => {
  const policy = (await bundleFrom(files)).policy();
  expect(policy.evaluate(parsePlan(text)).valid).toBe(valid);
  expect(policy.allows(parsePlan(text))).toBe(valid);
});
