import { describe, expect, it } from 'vitest';
import { openSession, SessionError } from '../../runtime/session/index.ts';
import type { CallDecision, Session } from '../../runtime/session/index.ts';
import { bundleFrom, bundleStating } from '../support/decide.ts';
import { NOW } from '../support/signing.ts';

const POLICY = `
policies:
  - name: payments
    rules:
      - rule: amount
        pattern: { tool: pay.send, arg: amount, operation: gt, value: 1000 }
      - rule: at-most-three
        max_calls: { tool: pay.send, limit: 3 }
      - rule: budget
        max_total: { tool: pay.send, arg: amount, limit: 0.3, per: to }
      - rule: approval-first
        require_before: { tool: pay.refund, before: [desk.approve], same: [order] }
      - rule: audit-after
        require_after: { tool: pay.refund, after: [audit.log], same: [order] }
      - rule: ask
        severity: high
        enforcement: require_approval
        pattern: { tool: mail.send, arg: to, operation: ends_with, value: '@else.example' }
      - rule: ask-too
        severity: high
        enforcement: require_approval
        pattern: { tool: mail.post, arg: to, operation: exists }
      - rule: no-leak
        flows: { from: [crm.read], to: [mail.send] }
      - rule: four-eyes
        separate_duty: { tool: desk.approve, other: desk.release, by: user, same: [order] }
`;
const CONFIG = 'capabilities: [session]\n';

const policy = await bundleFrom({ 'p.yaml': POLICY, 'plan-lint.yaml': CONFIG }).then((bundle) =>
  bundle.policy(),
);

function open(id = 's'): Session {
  return openSession(policy, { id, now: NOW });
}

const rules = ({ violations }: CallDecision): readonly string[] => violations.map(({ rule }) => rule);

describe('a session', () => {
  it('counts what was admitted, and gives back what never started alone', () => {
    const session = open();
    const pay = (id: string, to: string): CallDecision =>
      session.call({ id, tool: 'pay.send', args: { amount: 0.1, to }, now: NOW });
    expect(rules(pay('a', 'x'))).toEqual([]);
    expect(rules(pay('b', 'x'))).toEqual([]);
    expect(rules(pay('c', 'x'))).toEqual([]);
    expect(rules(pay('d', 'x'))).toEqual(['at-most-three', 'budget']);
    session.end('a', { outcome: 'failed' });
    expect(rules(pay('e', 'x'))).toEqual(['at-most-three', 'budget']);
    session.end('b', { outcome: 'not_started' });
    const last = pay('f', 'x');
    expect(last).toMatchObject({ status: 'pass', admitted: true, id: 'f' });
  });

  it('takes arguments for values, whatever they look like', () => {
    const session = open();
    expect(
      session.call({
        tool: 'crm.note',
        args: { text: '${a.result} {{ x }} ${{ matrix }}', '${b}': 1 },
        now: NOW,
      }).status,
    ).toBe('pass');
    expect(
      rules(session.call({ tool: 'pay.send', args: { amount: '${a.result}', to: 'x' }, now: NOW })),
    ).toEqual(['amount', 'budget']);
  });

  it('asks for what has succeeded before, and tells what is owed', () => {
    const session = open();
    const refund = (id: string): CallDecision =>
      session.call({ id, tool: 'pay.refund', args: { order: 7 }, now: NOW });
    expect(rules(refund('r1'))).toEqual(['approval-first']);
    session.call({ id: 'ok', tool: 'desk.approve', args: { order: 7, user: 'ann' }, now: NOW });
    expect(rules(refund('r2'))).toEqual(['approval-first']);
    session.end('ok', { outcome: 'succeeded' });
    expect(refund('r3').status).toBe('pass');
    session.end('r3', { outcome: 'succeeded' });
    expect(session.owed.map(({ id, rule }) => [id, rule])).toEqual([['r3', 'audit-after']]);
    session.call({ id: 'log', tool: 'audit.log', args: { order: 7 }, now: NOW });
    expect(session.owed).toHaveLength(1);
    session.end('log', { outcome: 'succeeded' });
    expect(session.owed).toEqual([]);
    expect(session.close(NOW).status).toBe('pass');
    expect(rules(refund('r4'))).toEqual(['session.closed']);
  });

  it('closes with what is owed', () => {
    const session = open();
    session.call({ id: 'ok', tool: 'desk.approve', args: { order: 7, user: 'ann' }, now: NOW });
    session.end('ok', { outcome: 'succeeded' });
    session.call({ id: 'r', tool: 'pay.refund', args: { order: 7 }, now: NOW });
    const closed = session.close(NOW);
    expect(closed.status).toBe('deny');
    expect(closed.violations.map(({ rule, stepId, stepIndex }) => [rule, stepId, stepIndex])).toEqual([
      ['audit-after', 'r', 1],
    ]);
  });

  it('an approval settles exactly one call, once, and two of them do not add up to a deny', () => {
    const session = open();
    const first = session.call({ id: 'm', tool: 'mail.send', args: { to: 'a@else.example' }, now: NOW });
    expect(first).toMatchObject({ status: 'approval', admitted: false, riskScore: 0.4 });
    const approved = session.approve(first.ticket ?? '', { by: 'ann', at: NOW });
    expect(approved).toMatchObject({ status: 'pass', admitted: true, riskScore: 0 });
    expect(approved.violations).toMatchObject([{ rule: 'ask', approvedBy: 'ann' }]);
    expect(() => session.approve(first.ticket ?? '', { by: 'ann', at: NOW })).toThrow(SessionError);
    const second = session.call({ id: 'n', tool: 'mail.post', args: { to: 'b' }, now: NOW });
    expect(second).toMatchObject({ status: 'approval', riskScore: 0.4 });
    expect(session.approve(second.ticket ?? '', { by: 'bob', at: NOW }).status).toBe('pass');
  });

  it('finds copies of a result whatever their case and spacing', () => {
    const session = open();
    const read = session.call({ tool: 'crm.read', args: {}, now: NOW });
    session.end(read.id, {
      outcome: 'succeeded',
      result: { rows: [{ iban: 'DE89 3704 0044 0532 0130 00' }] },
    });
    const send = (text: string): CallDecision =>
      session.call({ tool: 'mail.send', args: { to: 'a@here.example', text }, now: NOW });
    expect(rules(send('nothing of it'))).toEqual([]);
    expect(rules(send('pay to de89370400440532013000 please'))).toEqual(['no-leak']);
    const exact = session.call({
      tool: 'mail.send',
      args: { to: 'a@here.example', text: 'x' },
      reads: [read.id],
      now: NOW,
    });
    expect(rules(exact)).toEqual(['no-leak']);
  });

  it('separates duties whichever comes first', () => {
    const session = open();
    session.call({ tool: 'desk.release', args: { order: 1, user: 'Ann' }, now: NOW });
    expect(rules(session.call({ tool: 'desk.approve', args: { order: 1, user: 'ann' }, now: NOW }))).toEqual([
      'four-eyes',
    ]);
    expect(rules(session.call({ tool: 'desk.approve', args: { order: 1, user: 'bob' }, now: NOW }))).toEqual(
      [],
    );
  });
});

describe('what a session refuses', () => {
  it('a bundle that was built without the capability', async () => {
    const bundle = await bundleFrom({ 'p.yaml': POLICY });
    expect(() => openSession(bundle.policy(), { id: 's' })).toThrow(
      expect.objectContaining({ code: 'capability_missing' }),
    );
  });

  it('ids that are taken, reads of what nobody called, times that are none', () => {
    const session = open();
    session.call({ id: 'a', tool: 'crm.note', args: {}, now: NOW });
    const ask = (more: object): readonly string[] =>
      rules(session.call({ id: 'b', tool: 'crm.note', args: {}, now: NOW, ...more }));
    expect(ask({ id: 'a' })).toEqual(['session.id_taken']);
    expect(ask({ reads: ['z'] })).toEqual(['session.unknown_read']);
    expect(ask({ now: NaN })).toEqual(['runtime.error']);
    expect(ask({ args: 7 })).toEqual(['plan.shape']);
    expect(ask({ id: '' })).toEqual(['session.call']);
    const thrower = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(ask({ args: thrower })).toEqual(['runtime.error']);
    expect(rules(session.call(undefined as never))).toEqual(['session.call']);
    expect(ask({})).toEqual([]);
  });

  it('a time that is no instant, and holds no later one to it; an end in the midst of a call, which can be told again', () => {
    const session = open();
    const note = (now: number): readonly string[] => rules(session.call({ tool: 'crm.note', args: {}, now }));
    expect(note(Infinity)).toEqual(['runtime.error']);
    expect([note(NOW), session.snapshot({ store: 'trusted' }).length > 0]).toEqual([[], true]);
    session.call({ id: 'first', tool: 'crm.note', args: {}, now: NOW });
    let thrown = '';
    const meddling = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        try {
          session.end('first', { outcome: 'not_started' });
        } catch (error) {
          thrown = (error as Error).message;
        }
        return 1;
      },
    });
    session.call({ tool: 'crm.note', args: meddling, now: NOW });
    expect(thrown).toBe('a call is being decided');
    session.end('first', { outcome: 'succeeded' });
    expect(() => {
      session.end('first', { outcome: 'not_started' });
    }).toThrow(/no call of this id is running/);
  });

  it('an approval or an end when it is closed, and a ticket of another session', () => {
    const session = open();
    const { ticket } = session.call({ id: 'm', tool: 'mail.post', args: { to: 'b' }, now: NOW });
    session.call({ id: 'n', tool: 'crm.note', args: {}, now: NOW });
    const other = open('t');
    other.call({ id: 'm', tool: 'mail.post', args: { to: 'b' }, now: NOW });
    expect(() => other.approve(ticket ?? '', { by: 'ann', at: NOW })).toThrow(/no call waits/);
    session.close(NOW);
    expect(() => session.approve(ticket ?? '', { by: 'ann', at: NOW })).toThrow(/is closed/);
    expect(() => {
      session.end('n', { outcome: 'not_started' });
    }).toThrow(/is closed/);
    expect(() => session.snapshot({ store: 'trusted' })).toThrow(/is closed/);
  });

  it('a snapshot of which something is missing, wherever it is cut', () => {
    const session = open();
    session.call({ id: 'a', tool: 'pay.send', args: { amount: 0.1, to: 'x' }, now: NOW });
    const whole = session.snapshot({ store: 'trusted' });
    for (let length = 0; length < whole.length; length += 9)
      expect(() =>
        openSession(policy, {
          id: 's',
          now: NOW,
          resume: whole.slice(0, length),
          sealing: { store: 'trusted' },
        }),
      ).toThrow(/not one of this session/);
  });

  it('names that mean something to the language', () => {
    const session = open();
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    for (const id of names) {
      const args: unknown = JSON.parse(`{"${id}":1,"to":"${id}","amount":0.1}`);
      expect(rules(session.call({ id, tool: id, args, now: NOW }))).toEqual([]);
      expect(rules(session.call({ id, tool: id, args, now: NOW }))).toEqual(['session.id_taken']);
    }
    const pay = (to: string): readonly string[] =>
      rules(session.call({ tool: 'pay.send', args: { amount: 0.2, to }, now: NOW }));
    expect([pay('__proto__'), pay('__proto__'), pay('constructor')]).toEqual([[], ['budget'], []]);
    for (const id of names) session.end(id, { outcome: 'succeeded', result: JSON.parse('{"__proto__":1}') });
  });

  it('more than it may hold', () => {
    const session = openSession(policy, { id: 's', now: NOW, limits: { calls: 2, waiting: 1, idle: 1000 } });
    const note = (now: number): readonly string[] => rules(session.call({ tool: 'crm.note', args: {}, now }));
    const mail = (to: string): readonly string[] =>
      rules(session.call({ tool: 'mail.post', args: { to }, now: NOW }));
    expect(mail('a')).toEqual(['ask-too']);
    expect(mail('b')).toEqual(['session.full']);
    expect([note(NOW), note(NOW), note(NOW)]).toEqual([[], [], ['session.full']]);
    expect(note(NOW + 1001)).toEqual(['session.idle']);
    expect(note(NOW)).toEqual(['session.closed']);
  });

  it('from the call on at which the bundle has expired; time never goes back', async () => {
    const expiring = await bundleStating(
      { 'p.yaml': POLICY, 'plan-lint.yaml': CONFIG },
      { expires: '2026-07-01T00:00:00Z' },
    );
    const session = openSession(expiring.policy(), { id: 's', now: NOW });
    const at = (now: number): readonly string[] => rules(session.call({ tool: 'crm.note', args: {}, now }));
    expect([at(NOW), at(Date.parse('2026-07-02T00:00:00Z')), at(NOW)]).toEqual([
      [],
      ['bundle.expired'],
      ['bundle.expired'],
    ]);
  });

  it('results are looked at as far as is bounded, and what is beyond is told', () => {
    const session = open();
    const big = session.call({ id: 'big', tool: 'crm.read', args: {}, now: NOW });
    session.end(big.id, {
      outcome: 'succeeded',
      result: Array.from({ length: 1_000_000 }, (_, i) => `text ${i}`),
    });
    const sent = session.call({ tool: 'mail.send', args: { to: 'a@here.example', text: 'x' }, now: NOW });
    expect(rules(sent)).toEqual(['no-leak']);
    expect(sent.violations[0]?.message).toContain('is too large');
    const thrower = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    const odd = open();
    odd.call({ id: 'odd', tool: 'crm.read', args: {}, now: NOW });
    odd.end('odd', { outcome: 'succeeded', result: thrower });
    expect(rules(odd.call({ tool: 'mail.send', args: { to: 'a@here.example' }, now: NOW }))).toEqual([
      'no-leak',
    ]);
    const long = open();
    long.call({ id: 'long', tool: 'crm.read', args: {}, now: NOW });
    long.end('long', { outcome: 'succeeded', result: 'z'.repeat(10_000_000) });
    expect(rules(long.call({ tool: 'mail.send', args: { to: 'a@here.example' }, now: NOW }))).toEqual([
      'no-leak',
    ]);
  });
});

const HELD = `
policies:
  - name: ops
    rules:
      - rule: audited
        severity: high
        require_after: { tool: db.delete, after: audit.log, same: [table], until: only, allow_while_owed: db.read }
      - rule: seldom
        max_calls: { tool: mail.send, limit: 1, within: 1h }
      - rule: fresh-approval
        require_before: { tool: pay.send, before: desk.approve, within: 15m }
      - rule: nothing-after-crm
        flows: { from: crm.read, to: web.post, evidence: order }
`;

describe('what a session alone is held to', () => {
  const key = new Uint8Array(32).fill(1);
  const opened = bundleFrom({ 'p.yaml': HELD, 'plan-lint.yaml': CONFIG }).then((bundle) => bundle.policy());

  it('admits nothing else while something is owed, and goes on when it has followed', async () => {
    const session = openSession(await opened, { id: 's', now: NOW });
    const asked = (id: string, tool: string, args: object = {}): readonly string[] =>
      rules(session.call({ id, tool, args, now: NOW }));
    expect(asked('d', 'db.delete', { table: 'a' })).toEqual([]);
    const barred = session.call({ id: 'm', tool: 'mail.send', args: {}, now: NOW });
    expect(barred).toMatchObject({ status: 'deny', admitted: false });
    expect(barred.violations.map(({ rule, message }) => [rule, message])).toEqual([
      [
        'session.owed',
        '`db.delete` must be followed by a step of `audit.log` with the same `table` before `mail.send` may be called: the rule `audited`',
      ],
    ]);
    expect(asked('d2', 'db.delete', { table: 'b' })).toEqual(['session.owed']);
    expect(asked('r', 'db.read')).toEqual([]);
    session.end('d', { outcome: 'succeeded' });
    expect(asked('l', 'audit.log', { table: 'b' })).toEqual([]);
    session.end('l', { outcome: 'succeeded' });
    expect(asked('m', 'mail.send')).toEqual(['session.owed']);
    expect(asked('k', 'audit.log', { table: 'a' })).toEqual([]);
    expect(asked('m', 'mail.send')).toEqual(['session.owed']);
    session.end('k', { outcome: 'succeeded' });
    expect(asked('m', 'mail.send')).toEqual([]);
    expect(session.close(NOW).status).toBe('pass');
  });

  it('goes on too when what owes never started', async () => {
    const session = openSession(await opened, { id: 's', now: NOW });
    session.call({ id: 'd', tool: 'db.delete', args: { table: 'a' }, now: NOW });
    session.end('d', { outcome: 'not_started' });
    expect(rules(session.call({ tool: 'mail.send', args: {}, now: NOW }))).toEqual([]);
  });

  it('counts for a while, to the millisecond, also when taken up anew', async () => {
    let session = openSession(await opened, { id: 's', now: NOW });
    const mail = (id: string, now: number): readonly string[] => {
      session = openSession(opened_, { id: 's', now, resume: session.snapshot({ key }), sealing: { key } });
      return rules(session.call({ id, tool: 'mail.send', args: {}, now }));
    };
    const opened_ = await opened;
    expect(mail('a', NOW)).toEqual([]);
    expect(mail('b', NOW + 3_599_999)).toEqual(['seldom']);
    expect(mail('c', NOW + 3_600_000)).toEqual([]);
    // Time never goes back.
    expect(mail('d', NOW)).toEqual(['seldom']);
    const denied = session.call({ tool: 'mail.send', args: {}, now: NOW });
    expect(denied.violations[0]?.message).toMatch(/, within 1h$/);
    session.end('c', { outcome: 'not_started' });
    expect(mail('e', NOW + 3_600_000)).toEqual([]);
  });

  it('an approval is good for a while', async () => {
    const session = openSession(await opened, { id: 's', now: NOW });
    const pay = (now: number): readonly string[] => rules(session.call({ tool: 'pay.send', args: {}, now }));
    session.call({ id: 'ok', tool: 'desk.approve', args: {}, now: NOW });
    session.end('ok', { outcome: 'succeeded' });
    expect(pay(NOW + 899_999)).toEqual([]);
    expect(pay(NOW + 900_000)).toEqual(['fresh-approval']);
    // One that takes longer than it is good for is good for nothing.
    session.call({ id: 'late', tool: 'desk.approve', args: {}, now: NOW + 900_000 });
    expect(pay(NOW + 1_800_000)).toEqual(['fresh-approval']);
    session.end('late', { outcome: 'succeeded' });
    expect(pay(NOW + 1_800_000)).toEqual(['fresh-approval']);
  });

  it('takes what comes after a source for what may carry it, unless the caller says what it reads', async () => {
    const session = openSession(await opened, { id: 's', now: NOW });
    const post = (more: object = {}): CallDecision =>
      session.call({ tool: 'web.post', args: { text: 'weather' }, now: NOW, ...more });
    expect(rules(post())).toEqual([]);
    session.call({ id: 'c', tool: 'crm.read', args: {}, now: NOW });
    expect(rules(post())).toEqual(['nothing-after-crm']);
    expect(post().violations[0]?.message).toBe(
      'it comes after the result of `crm.read` (call `c`), which it may carry: say what it `reads`',
    );
    expect(rules(post({ reads: [] }))).toEqual([]);
    expect(rules(post({ reads: ['c'] }))).toEqual(['nothing-after-crm']);
    session.end('c', { outcome: 'not_started' });
    expect(rules(post())).toEqual([]);
  });
});

describe('a snapshot', () => {
  const key = new Uint8Array(32).fill(1);
  const options = { id: 's', context: { role: 'a' }, now: NOW };

  it('is taken up with its key, or from a store that the host trusts, and by nobody else', () => {
    const session = openSession(policy, options);
    session.call({ id: 'a', tool: 'pay.send', args: { amount: 0.2, to: 'x' }, now: NOW });
    const sealed = session.snapshot({ key });
    const resume = (more: object): string => {
      try {
        const again = openSession(policy, { ...options, resume: sealed, sealing: { key }, ...more });
        return rules(again.call({ tool: 'pay.send', args: { amount: 0.2, to: 'x' }, now: NOW })).join();
      } catch (error) {
        return error instanceof SessionError ? error.code : String(error);
      }
    };
    expect(resume({})).toBe('budget');
    expect(resume({ resume: session.snapshot({ store: 'trusted' }), sealing: { store: 'trusted' } })).toBe(
      'budget',
    );
    expect(resume({ sealing: undefined })).toBe('session.snapshot_untrusted');
    expect(resume({ sealing: { key: new Uint8Array(32) } })).toBe('session.snapshot_refused');
    expect(resume({ sealing: { key: new Uint8Array(8) } })).toBe('session.argument');
    expect(resume({ id: 't' })).toBe('session.snapshot_refused');
    expect(resume({ context: { role: 'b' } })).toBe('session.snapshot_refused');
    for (let at = 0; at < sealed.length; at += 7) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(resume({ resume: changed })).toBe('session.snapshot_refused');
    }
    expect(() => openSession(policy, { ...options, limits: { snapshot: 10 } }).snapshot({ key })).toThrow(
      /more than a snapshot/,
    );
  });

  it('keeps what waits for an approval', () => {
    const session = openSession(policy, options);
    const { ticket } = session.call({ id: 'm', tool: 'mail.post', args: { to: 'b' }, now: NOW });
    const again = openSession(policy, { ...options, resume: session.snapshot({ key }), sealing: { key } });
    expect(again.approve(ticket ?? '', { by: 'ann', at: NOW }).admitted).toBe(true);
    expect(() => again.approve(ticket ?? '', { by: 'ann', at: NOW })).toThrow(/has been used/);
  });
});
