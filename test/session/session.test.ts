import { describe, expect, it } from 'vitest';
import { openSession, SessionError } from '../../runtime/session/index.ts';
import type { CallDecision, Session } from '../../runtime/session/index.ts';
import { bundleFrom } from '../support/decide.ts';
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

const policy = await bundleFrom({ 'p.yaml': POLICY, 'plan-lint.yaml': CONFIG }).then((bundle) => bundle.policy());

function open(id = 's'): Session {
  return openSession(policy, { id, now: NOW });
}

const rules = ({ violations }: CallDecision): readonly string[] => violations.map(({ rule }) => rule);

describe('a session', () => {
  it('counts what was admitted, and gives back what never started alone', () => {
    const session = open();
    const pay = (id: string, to: string): CallDecision => session.call({ id, tool: 'pay.send', args: { amount: 0.1, to }, now: NOW });
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
    expect(session.call({ tool: 'crm.note', args: { text: '${a.result} {{ x }} ${{ matrix }}', '${b}': 1 }, now: NOW }).status).toBe('pass');
    expect(rules(session.call({ tool: 'pay.send', args: { amount: '${a.result}', to: 'x' }, now: NOW }))).toEqual(['amount', 'budget']);
  });

  it('asks for what has succeeded before, and tells what is owed', () => {
    const session = open();
    const refund = (id: string): CallDecision => session.call({ id, tool: 'pay.refund', args: { order: 7 }, now: NOW });
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
    expect(closed.violations.map(({ rule, stepId, stepIndex }) => [rule, stepId, stepIndex])).toEqual([['audit-after', 'r', 1]]);
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
    session.end(read.id, { outcome: 'succeeded', result: { rows: [{ iban: 'DE89 3704 0044 0532 0130 00' }] } });
    const send = (text: string): CallDecision => session.call({ tool: 'mail.send', args: { to: 'a@here.example', text }, now: NOW });
    expect(rules(send('nothing of it'))).toEqual([]);
    expect(rules(send('pay to de89370400440532013000 please'))).toEqual(['no-leak']);
    const exact = session.call({ tool: 'mail.send', args: { to: 'a@here.example', text: 'x' }, reads: [read.id], now: NOW });
    expect(rules(exact)).toEqual(['no-leak']);
  });

  it('separates duties whichever comes first', () => {
    const session = open();
    session.call({ tool: 'desk.release', args: { order: 1, user: 'Ann' }, now: NOW });
    expect(rules(session.call({ tool: 'desk.approve', args: { order: 1, user: 'ann' }, now: NOW }))).toEqual(['four-eyes']);
    expect(rules(session.call({ tool: 'desk.approve', args: { order: 1, user: 'bob' }, now: NOW }))).toEqual([]);
  });
});
