/** Calls that run at a time: never more of them are let through than where each has ended before the next is asked. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openSession } from '../../runtime/session/index.ts';
import type { Session } from '../../runtime/session/index.ts';
import { bundleFrom } from '../support/decide.ts';
import { NOW } from '../support/signing.ts';

const POLICY = `
max_steps: 6
policies:
  - name: p
    rules:
      - { rule: often, max_calls: { tool: pay.*, limit: 2, per: to } }
      - { rule: much, max_total: { tool: pay.*, arg: amount, limit: 10 } }
      - { rule: soon, max_calls: { tool: mail.send, limit: 1, within: 60s } }
      - { rule: asked, require_before: { tool: pay.back, before: desk.approve, same: [to] } }
      - { rule: logged, require_after: { tool: db.delete, after: audit.log, until: only, allow_while_owed: desk.* } }
      - { rule: eyes, separate_duty: { tool: desk.approve, other: pay.send, by: user } }
`;
const policy = (
  await bundleFrom({ 'p.yaml': POLICY, 'plan-lint.yaml': 'capabilities: [session]\n' })
).policy();

const call = fc.record({
  tool: fc.constantFrom('pay.send', 'pay.back', 'mail.send', 'desk.approve', 'db.delete', 'audit.log'),
  args: fc.record({
    to: fc.constantFrom('a', 'b'),
    amount: fc.constantFrom(0, 3, 4, 9),
    user: fc.constantFrom('ann', 'bob'),
  }),
  /** After which call, if at all, it ends. */
  ends: fc.nat({ max: 9 }),
  outcome: fc.constantFrom('succeeded', 'failed', 'unknown', 'not_started'),
});
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

const open = (): Session => openSession(policy, { id: 's', now: NOW });
const ask = (session: Session, { tool, args }: Call, nth: number): boolean =>
  session.call({ id: `${nth}`, tool, args, now: NOW }).admitted;

/** Those that were let through and may have happened. */
function inParallel(calls: readonly Call[]): readonly number[] {
  const session = open();
  const running = new Set<number>();
  const happened = new Set<number>();
  for (const [nth, one] of calls.entries()) {
    if (ask(session, one, nth)) for (const set of [running, happened]) set.add(nth);
    for (const each of running) {
      const { ends, outcome } = calls[each] as Call;
      if (ends > nth) continue;
      session.end(`${each}`, { outcome, result: null });
      running.delete(each);
      if (outcome === 'not_started') happened.delete(each);
    }
  }
  return [...happened];
}

it('parallel calls never let more through than the worst order of the same calls', () => {
  let most = 0;
  fc.assert(
    fc.property(fc.array(call, { minLength: 2, maxLength: 9 }), (calls) => {
      const happened = inParallel(calls);
      most = Math.max(most, happened.length);
      const session = open();
      const oneByOne = happened.filter((nth) => {
        const isAdmitted = ask(session, calls[nth] as Call, nth);
        if (isAdmitted) session.end(`${nth}`, { outcome: 'succeeded', result: null });
        return isAdmitted;
      });
      expect(oneByOne).toEqual(happened);
    }),
    { numRuns: 300, seed: 17 },
  );
  // It would hold of sessions that let nothing through.
  expect(most).toBeGreaterThan(4);
});
