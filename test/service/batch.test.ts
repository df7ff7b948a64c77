/** `POST /validate/batch`: lines in their order, each written down, and what the source document's check makes of them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DENIED, PASSED, running } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

let here: Running;
beforeAll(async () => {
  here = await running();
});
afterAll(() => here.close());

const NDJSON = { 'content-type': 'application/x-ndjson' };
const linesOf = async (reply: Response): Promise<readonly Tree[]> =>
  (await reply.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Tree);

it('answers a line with a line, in order, and writes each down', async () => {
  const plans = Array.from({ length: 500 }, (_, i) => ({
    ...(i % 3 === 0 ? DENIED : PASSED),
    id: `plan-${i}`,
  }));
  const body = plans.map((plan) => JSON.stringify(plan)).join('\n');
  const reply = await here.ask('/validate/batch', { body, headers: NDJSON });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const lines = await linesOf(reply);
  expect(lines.map(({ plan_id }) => plan_id)).toEqual(plans.map(({ id }) => id));
  expect(lines.map(({ is_valid }) => is_valid)).toEqual(plans.map((_, i) => i % 3 !== 0));
  expect(lines.map(({ line }) => line)).toEqual(plans.map((_, i) => i + 1));
  const written = here.audit().flatMap(({ via, decision_id }) => (via === 'batch' ? [decision_id] : []));
  expect(written).toEqual(lines.map(({ decision_id }) => decision_id));
});

it('a line that is no plan is denied in its place; blank lines are none', async () => {
  const body = `${JSON.stringify(PASSED)}\n\n{"steps": [], "steps": []}\nnot json\n${JSON.stringify(DENIED)}\n`;
  const lines = await linesOf(await here.ask('/validate/batch', { body, headers: NDJSON }));
  expect(
    lines.map(({ line, is_valid, violations }) => [
      line,
      is_valid,
      (violations as readonly Tree[])[0]?.['rule'],
    ]),
  ).toEqual([
    [1, true, undefined],
    [3, false, 'plan.duplicate_member'],
    [4, false, 'plan.unreadable'],
    [5, false, 'prevent_sql_injection'],
  ]);
});

it('as one object it is what the document’s check in CI reads', async () => {
  const body = `${JSON.stringify(PASSED)}\n${JSON.stringify(DENIED)}\n${JSON.stringify(DENIED)}`;
  const reply = await here.ask('/validate/batch', {
    body,
    headers: { ...NDJSON, accept: 'application/json' },
  });
  const report = (await reply.json()) as Readonly<Record<string, { readonly violations: readonly Tree[] }>>;
  expect(Object.keys(report)).toEqual(['p-2', 'p-1', 'line 3']);
  // for plan_result in report.values(): for violation in plan_result['violations']: …
  const critical = Object.values(report).flatMap(({ violations }) =>
    violations.filter(({ severity }) => severity === 'critical'),
  );
  expect(critical).toHaveLength(2);
});

it('as one object no line takes the place of another, whatever its id', async () => {
  const nameless = { steps: PASSED.steps };
  const body = [{ ...DENIED, id: 'line 3' }, PASSED, nameless].map((plan) => JSON.stringify(plan)).join('\n');
  const reply = await here.ask('/validate/batch', {
    body,
    headers: { ...NDJSON, accept: 'application/json' },
  });
  const text = await reply.text();
  expect(text.match(/^"[^"]*"/gm)).toEqual(['"line 1"', '"p-2"', '"line 3"']);
  expect(JSON.parse(text)).toMatchObject({ 'line 1': { is_valid: false }, 'line 3': { is_valid: true } });
});

it('a batch beyond the limit is refused, or says where it ends', async () => {
  const there = await running({ config: { limits: { batch_body: '64KiB' } } });
  const body = `${JSON.stringify(PASSED)}\n`.repeat(2_000);
  const reply = await there.ask('/validate/batch', { body, headers: NDJSON });
  const last = (await reply.text()).trimEnd().split('\n').at(-1) ?? '';
  expect(JSON.parse(last)).toMatchObject({ code: 'too_large' });
  await there.close();
});

it('nobody without a permission, no other type', async () => {
  const body = JSON.stringify(PASSED);
  expect((await here.ask('/validate/batch', { as: 'viewer', body, headers: NDJSON })).status).toBe(403);
  expect((await here.ask('/validate/batch', { body })).status).toBe(415);
});
