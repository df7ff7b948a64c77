/** The dashboard over HTTP: its numbers are those of the database, nothing of a plan runs in it, and nobody sees it without a token. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../service/database/open.ts';
import { totalsOf } from '../../service/results/totals.ts';
import { directoryOf, running, TOKENS } from './support/running.ts';
import type { Running } from './support/running.ts';

const POLICY = `policies:
  - name: pay
    rules:
      - { rule: limit, severity: high, pattern: { tool: payments.transfer, operation: amount_gt, value: 100 } }
      - { rule: never_seen, severity: low, pattern: { tool: nobody.calls } }
      - { rule: second_look, severity: medium, enforcement: require_approval, pattern: { tool: mail.send } }
`;
const CHILD = `extends: [pay.yaml]
exceptions:
  - { rule: limit, scope: { tool: payments.refund }, reason: the year ends, ticket: SEC-17, requested_by: ann@acme.example, approved_by: bob@acme.example, not_before: 2026-06-01, expires: 2026-06-20 }
`;
const NOW = Date.parse('2026-06-02T12:30:00Z');
const TOKEN = 'bo+th/of==';
let here: Running;
let kept: string;

beforeAll(async () => {
  kept = directoryOf({});
  here = await running({
    files: { 'policies/pay.yaml': POLICY, 'policies/team.yaml': CHILD },
    now: () => NOW,
    people: { ...TOKENS, [TOKEN]: { username: 'sue', permissions: ['read_policy', 'approve_plan'] } },
    config: { approvals: {}, results: { url: `sqlite:${join(kept, 'results.db')}` } },
  });
  const pay = (amount: number) => [{ id: 'a', tool: 'payments.transfer', args: { amount } }];
  for (let n = 0; n < 9; n += 1)
    await here.ask('/validate', { body: { id: `p-${n}`, steps: pay(n % 3 === 0 ? 500 : 50) } });
  const mail = { id: '<script>alert(1)</script>', steps: [{ id: 'a', tool: 'mail.send', args: {} }] };
  await here.ask('/validate', { body: mail });
  const { readers } = here.service.deps;
  while (readers.statuses().some(({ lag }) => lag > 0)) await new Promise((done) => setTimeout(done, 20));
});
afterAll(async () => {
  await here.close();
  rmSync(kept, { recursive: true });
});

const see = async (query = '', cookie?: string): Promise<Response> =>
  fetch(`${here.url}/dashboard${query}`, { ...(cookie !== undefined && { headers: { cookie } }) });
const login = (token: string): Promise<Response> =>
  fetch(`${here.url}/dashboard/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ token }),
  });

it('asks for a token, keeps it where no script can read it, and shows the page then', async () => {
  const closed = await see();
  expect([closed.status, await closed.text()]).toEqual([401, expect.stringContaining('<form method="post"')]);
  const signed = await login(TOKEN);
  const set = signed.headers.get('set-cookie') ?? '';
  expect([signed.status, signed.headers.get('location')]).toEqual([303, '/dashboard']);
  expect(set).toMatch(/; Path=\/dashboard; HttpOnly; SameSite=Strict$/);
  const cookie = set.split(';')[0] ?? '';
  expect((await see('', cookie)).status).toBe(200);
  // The cookie opens nothing else.
  expect((await fetch(`${here.url}/policies`, { headers: { cookie } })).status).toBe(401);
  expect((await see('', 'plan_lint_token=%ZZ')).status).toBe(401);
  expect((await see('', `plan_lint_token=runner`)).status).toBe(403);
});

it('has the numbers of the database', async () => {
  const html = await (await here.ask('/dashboard', { as: TOKEN })).text();
  const opened = await openDatabase(`sqlite:${join(kept, 'results.db')}`);
  const totals = await totalsOf(opened, { from: NOW - 86_400_000, to: NOW + 1 });
  await opened.close();
  const tile = (label: string): string =>
    new RegExp(`<span class="soft">${label}</span><b class="[a-z]*">([^<]*)</b>`).exec(html)?.[1] ?? '';
  expect(totals.decisions).toBe(10);
  const later = await (await here.ask('/dashboard?range=7d', { as: TOKEN })).text();
  expect(later).toContain('aria-current="page"');
  expect([tile('decisions'), tile('denied'), tile('need approval')]).toEqual(['10', '30.0 %', '1']);
  expect(html).toContain(
    `<td data-label="Rule">limit</td><td data-label="Severity">high</td><td data-label="Findings" class="n">${totals.rules['limit']}</td>`,
  );
});

it('names what never fired, what ends soon, what waits and what decides', async () => {
  const html = await (await here.ask('/dashboard', { as: TOKEN })).text();
  expect(html).toContain('<li>never_seen</li>');
  expect(html).not.toContain('<li>limit</li>');
  expect(html).toMatch(
    /SEC-17: the year ends[^<]*<\/td><td data-label="Ends">2026-06-20 00:00<\/td><td data-label="State">ends soon</,
  );
  expect(html).toContain('second_look');
  expect(html).toContain('NOT SIGNED');
  // Who may not decide is not shown what waits.
  expect(await (await here.ask('/dashboard', { as: 'viewer' })).text()).not.toContain('Approvals waiting');
});

it('runs nothing, whatever a plan has put into it', async () => {
  const reply = await here.ask('/dashboard', { as: TOKEN });
  const html = await reply.text();
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).not.toMatch(/<script|style=|onclick|javascript:/i);
  expect(reply.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self';/);
  expect((await here.ask('/dashboard?range=1y', { as: TOKEN })).status).toBe(400);
});
