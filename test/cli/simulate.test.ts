import { afterEach, beforeEach, expect, it } from 'vitest';
import { simulate } from '../../cli/commands/simulate.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';
import type { Place } from './place.ts';

let at: Place;
beforeEach(() => {
  at = place();
  at.write(DOCUMENT_POLICIES);
});
afterEach(() => at.remove());

it('says which plans a change of policies decides anew, and by which rule', async () => {
  const finance = DOCUMENT_POLICIES['policies/team-finance.yaml'];
  at.write({
    'next/base.yaml': 'name: base\nmax_steps: 9\n',
    'next/team-finance.yaml': finance.replace('10000', '500').replace('check_transaction', 'new_transaction'),
    'plans/a<b>.jsonl': [100, 600, 20_000]
      .map((amount) =>
        JSON.stringify({
          id: `p${amount}`,
          steps: [{ id: 's', tool: 'payments.transfer', args: { amount } }],
        }),
      )
      .concat(JSON.stringify({ steps: [{ id: 'q', tool: 'db.query', args: { sql: '1=1' } }] }), 'no plan')
      .join('\n'),
  });
  const options = { old: 'policies', new: 'next', plansDir: 'plans', output: ['r.html', 'r.json'] };
  expect(await simulate(options, at.io)).toBe(0);
  expect(at.out()).toContain('5 plans, 2 decided anew: 1 newly refused, 1 newly allowed');
  expect(JSON.parse(at.read('r.json'))).toMatchObject({
    statuses: { pass: { deny: 1, pass: 1 }, deny: { pass: 1, deny: 2 } },
    changed_plans: [
      { plan: 'a<b>.jsonl:2', appeared: ['new_transaction_limits'] },
      { plan: 'a<b>.jsonl:4', gone: ['prevent_sql_injection'] },
    ],
  });
  expect(at.read('r.html')).toContain('a&lt;b&gt;.jsonl:2');
  expect(await simulate({ ...options, maxNewlyRefused: 0 }, at.io)).toBe(1);
});
