import { describe, expect, it } from 'vitest';
import { openRun, openSession } from '../../runtime/session/index.ts';
import type { CallDecision, Run, RunOptions } from '../../runtime/session/index.ts';
import { bundleFrom } from '../support/decide.ts';
import { NOW } from '../support/signing.ts';

const POLICY = `
bounds: { pay.send.amount: [0, 1000] }
policies:
  - name: payments
    rules:
      - rule: budget
        max_total: { tool: pay.send, arg: amount, limit: 1200 }
      - rule: big
        severity: high
        enforcement: require_approval
        pattern: { tool: pay.send, arg: amount, operation: gt, value: 500 }
      - rule: log-it
        require_after: { tool: pay.send, after: [audit.log], on_failure: false }
      - rule: no-web
        pattern: { tool: web.post, arg: url, operation: exists }
`;

const policy = (
  await bundleFrom({ 'p.yaml': POLICY, 'plan-lint.yaml': 'capabilities: [session]\n' })
).policy();

const PLAN = {
  steps: [
    { id: 'q', tool: 'crm.read', args: { order: 7, tags: ['a', { b: null }] } },
    {
      id: 'pay',
      tool: 'pay.send',
      args: { amount: '${q.result.total}', note: 'order ${q.result.rows[0].id}!', to: 'x' },
    },
    { id: 'log', tool: 'audit.log', args: {}, depends_on: ['pay'] },
    { id: 'note', tool: 'crm.note', args: { text: '{{ x | upper }}' } },
  ],
};

const open = (plan: unknown = PLAN, more: Partial<RunOptions> = {}): Run =>
  openRun(policy, plan, { id: 'r', now: NOW, ...more });
const rules = ({ violations }: CallDecision): readonly string[] => violations.map(({ rule }) => rule);
const said = ({ violations }: CallDecision): string =>
  violations.map(({ rule, message }) => `${rule}: ${message}`).join();

function started(total: unknown, plan: unknown = PLAN): Run {
  const run = open(plan);
  run.call({ step: 'q', tool: 'crm.read', args: { tags: ['a', { b: null }], order: 7 }, now: NOW });
  run.end('q', { outcome: 'succeeded', result: { total, rows: [{ id: 4 }] } });
  return run;
}

const pay = (run: Run, amount: unknown, note = 'order 4!'): CallDecision =>
  run.call({ step: 'pay', tool: 'pay.send', args: { amount, note, to: 'x' }, now: NOW });

describe('a run', () => {
  it('decides an amount that is a result at the call, by its value', () => {
    expect(open().decision).toMatchObject({ status: 'pass', complete: false });
    expect(pay(started(12), 12)).toMatchObject({ status: 'pass', admitted: true, id: 'pay' });
    expect(rules(pay(started(5000), 5000))).toEqual(['bounds["pay.send.amount"]', 'budget', 'big']);
    expect(rules(pay(started('12'), '12'))).toEqual(
      expect.arrayContaining(['bounds["pay.send.amount"]', 'budget']),
    );
    expect(said(pay(started(12), 13))).toBe('run.deviation: `args.amount` is not what the plan says');
    expect(said(pay(started({ deep: 1 }), { deep: 2 }))).toContain('run.deviation');
  });

  it('holds each call to its step, and says where it first differs', () => {
    const run = started(12);
    const asked = (args: object): string =>
      said(open().call({ step: 'q', tool: 'crm.read', args, now: NOW }));
    expect(asked({ order: 8, tags: ['a', { b: null }] })).toBe(
      'run.deviation: `args.order` is not what the plan says',
    );
    expect(asked({ order: 7, tags: ['a', { b: 0 }] })).toBe(
      'run.deviation: `args.tags[1].b` is not what the plan says',
    );
    expect(asked({ order: 7, tags: ['a', { b: null }], more: 1 })).toBe(
      'run.deviation: `args.more` is not in the plan',
    );
    expect(asked({ order: 7 })).toBe('run.deviation: `args.tags` is missing');
    expect(said(run.call({ step: 'pay', tool: 'pay.take', args: {}, now: NOW }))).toBe(
      'run.deviation: `tool` is not what the plan says',
    );
    expect(said(pay(run, 12, 'order 5!'))).toContain('`args.note`');
    expect(pay(run, 12).status).toBe('pass');
    expect(rules(pay(run, 12))).toEqual(['run.repeated']);
    run.end('pay', { outcome: 'succeeded' });
    const note = (text: string): CallDecision =>
      run.call({ step: 'note', tool: 'crm.note', args: { text }, now: NOW });
    expect(said(note('{{x|upper}}'))).toContain('run.deviation');
    expect(note('{{ x | upper }}').status).toBe('pass');
    expect(run.call({ step: 'log', tool: 'audit.log', args: {}, now: NOW }).status).toBe('pass');
    expect(run.owed).toHaveLength(1);
    run.end('log', { outcome: 'succeeded' });
    expect(run.close(NOW).status).toBe('pass');
  });

  it('keeps the order of the plan, and what a failure leads to', () => {
    const run = open();
    expect(rules(pay(run, 12))).toEqual(['run.out_of_order']);
    run.call({ step: 'q', tool: 'crm.read', args: PLAN.steps[0]?.args, now: NOW });
    expect(rules(pay(run, 12))).toEqual(['run.out_of_order']);
    run.end('q', { outcome: 'failed' });
    expect(said(pay(run, 12))).toContain('has not succeeded');
    const handled = open({
      steps: [
        { id: 'a', tool: 'crm.write', args: {}, on_fail: 'undo' },
        { id: 'undo', tool: 'crm.undo', args: {} },
        { id: 'again', tool: 'crm.read', args: {}, on_fail: 'retry' },
      ],
    });
    const call = (step: string, tool: string): CallDecision =>
      handled.call({ step, tool, args: {}, now: NOW });
    call('a', 'crm.write');
    expect(rules(call('undo', 'crm.undo'))).toEqual(['run.out_of_order']);
    handled.end('a', { outcome: 'failed' });
    expect(call('undo', 'crm.undo').status).toBe('pass');
    expect(call('again', 'crm.read').id).toBe('again');
    handled.end('again', { outcome: 'failed' });
    const second = call('again', 'crm.read');
    expect(second).toMatchObject({ id: 'again#2', admitted: true });
    handled.end('again#2', { outcome: 'succeeded' });
    expect(rules(call('again', 'crm.read'))).toEqual(['run.repeated']);
  });

  it('cannot tell what nobody handed over, nor what a result has not', () => {
    const blind = open();
    blind.call({ step: 'q', tool: 'crm.read', args: PLAN.steps[0]?.args, now: NOW });
    blind.end('q', { outcome: 'succeeded' });
    expect(rules(pay(blind, 12))).toEqual(['run.unresolved']);
    const run = open();
    run.call({ step: 'q', tool: 'crm.read', args: PLAN.steps[0]?.args, now: NOW });
    run.end('q', { outcome: 'succeeded', result: { total: 12, rows: [] } });
    expect(said(pay(run, 12))).toContain('has no `result.rows.0.id`');
  });

  it('refuses what the plan has not, or decides it as a session would', () => {
    const call = (run: Run, more: object = {}): CallDecision =>
      run.call({ tool: 'web.post', args: { url: 'x' }, now: NOW, ...more });
    expect(rules(call(open()))).toEqual(['run.unplanned']);
    expect(rules(call(open(), { step: 'z' }))).toEqual(['run.unplanned']);
    expect(rules(call(open(PLAN, { unplanned: 'session' })))).toEqual(['no-web']);
    expect(rules(call(open(PLAN, { unplanned: 'session' }), { step: 'z' }))).toEqual(['run.unplanned']);
  });

  it('of a plan that is denied runs nothing; one that is approved runs what was written, and no pending check is settled', () => {
    const denied = open({ steps: [{ id: 'w', tool: 'web.post', args: { url: 'x' } }] });
    expect([
      denied.ticket,
      rules(denied.call({ step: 'w', tool: 'web.post', args: { url: 'x' }, now: NOW })),
    ]).toEqual([null, ['run.not_admitted']]);
    for (const broken of [null, { steps: 7 }, { steps: [{ id: 'a', tool: 'b', args: { x: NaN } }] }])
      expect(rules(open(broken).call({ step: 'a', tool: 'b', args: {}, now: NOW }))).toEqual([
        'run.not_admitted',
      ]);
    const plan = {
      steps: [
        { id: 'p1', tool: 'pay.send', args: { amount: 600 } },
        { id: 'l1', tool: 'audit.log', args: {}, depends_on: ['p1'] },
        { id: 'l2', tool: 'audit.log', args: {}, depends_on: ['p2'] },
        { id: 'q', tool: 'crm.read', args: {} },
        { id: 'p2', tool: 'pay.send', args: { amount: '${q.result}' } },
      ],
    };
    const run = open(plan);
    const first = (): CallDecision =>
      run.call({ step: 'p1', tool: 'pay.send', args: { amount: 600 }, now: NOW });
    expect(run.decision.status).toBe('approval');
    expect(rules(first())).toEqual(['run.not_admitted']);
    const ticket = run.ticket ?? '';
    run.approve(ticket, { by: 'ann', at: NOW });
    expect(run.ticket).toBeNull();
    expect(() => run.approve(ticket, { by: 'ann', at: NOW })).toThrow(/has been used/);
    expect(first()).toMatchObject({ status: 'pass', violations: [{ rule: 'big', approvedBy: 'ann' }] });
    run.call({ step: 'q', tool: 'crm.read', args: {}, now: NOW });
    run.end('q', { outcome: 'succeeded', result: 550 });
    const second = run.call({ step: 'p2', tool: 'pay.send', args: { amount: 550 }, now: NOW });
    expect(second).toMatchObject({ status: 'approval', admitted: false });
    expect(run.approve(second.ticket ?? '', { by: 'bob', at: NOW })).toMatchObject({ admitted: true });
    expect(rules(run.call({ step: 'p2', tool: 'pay.send', args: { amount: 550 }, now: NOW }))).toEqual([
      'run.repeated',
    ]);
  });

  it('goes on from a snapshot, of the same plan alone', () => {
    const key = new Uint8Array(32).fill(3);
    const resume = started(12).snapshot({ key });
    const again = open(PLAN, { resume, sealing: { key } });
    expect(rules(again.call({ step: 'q', tool: 'crm.read', args: PLAN.steps[0]?.args, now: NOW }))).toEqual([
      'run.repeated',
    ]);
    expect(said(pay(again, 13))).toContain('run.deviation');
    expect(pay(again, 12).status).toBe('pass');
    expect(() => open({ steps: PLAN.steps.slice(0, 2) }, { resume, sealing: { key } })).toThrow(
      /not one of this session/,
    );
  });
});

describe('what is set aside for the steps that are yet to come', () => {
  const send = (id: string, amount: unknown): object => ({ id, tool: 'pay.send', args: { amount } });
  const log = (id: string, after: string): object => ({
    id,
    tool: 'audit.log',
    args: {},
    depends_on: [after],
  });
  const plan = (...amounts: readonly unknown[]): object => ({
    steps: [
      { id: 'q', tool: 'crm.read', args: {} },
      ...amounts.flatMap((amount, i) => [send(`p${i}`, amount), log(`l${i}`, `p${i}`)]),
    ],
  });
  const read = (of: unknown, result: unknown, more: Partial<RunOptions> = {}): Run => {
    const run = open(of, more);
    expect(run.decision.status).toBe('pass');
    run.call({ step: 'q', tool: 'crm.read', args: {}, now: NOW });
    run.end('q', { outcome: 'succeeded', result });
    return run;
  };
  const called = (run: Run, step: string, amount: number): readonly string[] =>
    rules(run.call({ step, tool: 'pay.send', args: { amount }, now: NOW }));

  it('an amount that has become known leaves room for those that were written, in whatever order', () => {
    const amounts = plan('${q.result}', 450, 450);
    const first = read(amounts, 400);
    expect(said(first.call({ step: 'p0', tool: 'pay.send', args: { amount: 400 }, now: NOW }))).toContain(
      'budget: `amount` of `pay.send` adds up to more than 1200 in this session, with what its plan has yet to call',
    );
    expect([called(first, 'p1', 450), called(first, 'p2', 450), called(first, 'p0', 400)]).toEqual([
      [],
      [],
      ['budget'],
    ]);
    const fits = read(amounts, 300);
    expect([called(fits, 'p0', 300), called(fits, 'p1', 450), called(fits, 'p2', 450)]).toEqual([[], [], []]);
  });

  it('two amounts that are too much together are refused both, whichever comes first', () => {
    const amounts = plan('${q.result.a}', '${q.result.b}');
    const orders = [
      ['p0', 'p1'],
      ['p1', 'p0'],
    ].map((order) => {
      const run = read(amounts, { a: 480, b: 490 });
      return order.map((step) => called(run, step, step === 'p0' ? 480 : 490));
    });
    expect(orders).toEqual([
      [[], []],
      [[], []],
    ]);
    const beyond = plan('${q.result.a}', '${q.result.b}', '${q.result.b}');
    const run = read(beyond, { a: 480, b: 490 });
    expect(['p0', 'p1', 'p2'].map((step) => called(run, step, step === 'p0' ? 480 : 490))).toEqual([
      ['budget'],
      ['budget'],
      ['budget'],
    ]);
  });

  it('a call that nobody planned leaves room too, and what never started has its room again', () => {
    const run = read(plan(450, 450), null, { unplanned: 'session' });
    const extra = (id: string, amount: number): readonly string[] =>
      rules(run.call({ id, tool: 'pay.send', args: { amount }, now: NOW }));
    expect([extra('x', 301), extra('y', 300)]).toEqual([['budget'], []]);
    expect(called(run, 'p0', 450)).toEqual([]);
    run.end('p0', { outcome: 'not_started' });
    expect(extra('z', 1)).toEqual(['budget']);
    const key = new Uint8Array(32).fill(3);
    const again = open(plan(450, 450), {
      unplanned: 'session',
      resume: run.snapshot({ key }),
      sealing: { key },
    });
    expect(rules(again.call({ id: 'z', tool: 'pay.send', args: { amount: 1 }, now: NOW }))).toEqual([
      'budget',
    ]);
    expect([called(again, 'p0', 450), called(again, 'p1', 450)]).toEqual([[], []]);
  });
});

describe('ids in a run', () => {
  const plan = {
    steps: [
      { id: 'mail', tool: 'pay.send', args: { amount: 1 }, on_fail: 'retry' },
      { id: 'mail#2', tool: 'crm.note', args: {} },
      { id: 'call-1', tool: 'crm.note', args: {} },
      { id: 'log', tool: 'audit.log', args: {}, depends_on: ['mail'] },
    ],
  };
  const opened = (): Run => open(plan, { unplanned: 'session' });
  const note = (run: Run, more: object): CallDecision =>
    run.call({ tool: 'crm.note', args: {}, now: NOW, ...more });

  it('a call that nobody planned cannot pass for a step, nor have its approval', () => {
    const run = opened();
    for (const id of ['mail', 'mail#2', 'mail#3', "mail#2'"])
      expect(rules(note(run, { id }))).toEqual(['session.id_taken']);
    expect(note(run, {}).id).toBe('call-2');
    let reads = 0;
    const shifting = Object.defineProperty({ tool: 'crm.note', args: {}, now: NOW }, 'id', {
      get: () => ['free', 'mail'][reads++ % 2],
    });
    expect(run.call(shifting as never)).toMatchObject({ id: 'free', admitted: true });
    expect(reads).toBe(1);
  });

  it('what is made up for a second try is the id of no step', () => {
    const run = opened();
    const send = (): CallDecision =>
      run.call({ step: 'mail', tool: 'pay.send', args: { amount: 1 }, now: NOW });
    expect(send().id).toBe('mail');
    run.end('mail', { outcome: 'failed' });
    expect(note(run, { step: 'mail#2' })).toMatchObject({ id: 'mail#2', admitted: true });
    expect(send()).toMatchObject({ id: "mail#2'", admitted: true });
  });
});

describe('a snapshot of a run', () => {
  it('is of its bundle, its entry, its plan and its kind', async () => {
    const key = new Uint8Array(32).fill(3);
    const resume = started(12).snapshot({ key });
    const files = { 'p.yaml': POLICY, 'plan-lint.yaml': 'capabilities: [session]\n' };
    const changed = { ...files, 'p.yaml': POLICY.replace('1200', '1300') };
    const other = (await bundleFrom(changed)).policy();
    const twins = await bundleFrom({
      ...files,
      'p.yaml': `name: p\n${POLICY}`,
      'q.yaml': `name: q\n${POLICY}`,
    });
    const [first, second] = [twins.policy('p'), twins.policy('q')];
    const options = { id: 'r', now: NOW, sealing: { key } };
    const code = (take: () => unknown): unknown => {
      try {
        take();
        return 'taken up';
      } catch (error) {
        return (error as { readonly code?: string }).code;
      }
    };
    expect(code(() => openRun(policy, PLAN, { ...options, resume }))).toBe('taken up');
    expect(code(() => openRun(other, PLAN, { ...options, resume }))).toBe('session.snapshot_refused');
    expect(code(() => openSession(policy, { ...options, resume }))).toBe('session.snapshot_refused');
    const ofFirst = openRun(first, PLAN, options).snapshot();
    expect(code(() => openRun(first, PLAN, { ...options, resume: ofFirst }))).toBe('taken up');
    expect(code(() => openRun(second, PLAN, { ...options, resume: ofFirst }))).toBe(
      'session.snapshot_refused',
    );
  });
});
