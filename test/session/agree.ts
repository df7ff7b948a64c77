/** A session, the same taken up anew from a snapshot before each move, and the oracle, on one trace. */
import { openSession } from '../../runtime/session/index.ts';
import type { CallDecision, Session } from '../../runtime/session/index.ts';
import type { PredicateModule } from '../../runtime/contract.ts';
import type { Policy } from '../../runtime/evaluate.ts';
import { NOW } from '../support/signing.ts';
import { SessionOracle } from './oracle.ts';
import type { Said, Written } from './oracle.ts';
import type { Move } from './traces.ts';

const CONTEXT = { role: 'analyst', limits: { daily: 7 } };
const KEY = new Uint8Array(32).fill(7);

export interface Opened {
  readonly policy: Policy;
  readonly module: PredicateModule;
}

const said = ({ status, riskScore, violations }: CallDecision): Said => ({
  status,
  risk: violations.length === 0 ? 0 : riskScore,
  rules: [...new Set(violations.map(({ rule }) => rule))].sort(),
});

/** Rules as they are written. */
export function writtenRules(files: Readonly<Record<string, string>>): readonly Written[] {
  const { policies } = JSON.parse(files['p.yaml'] ?? '') as {
    readonly policies: readonly { readonly rules: readonly Written[] }[];
  };
  return policies.flatMap(({ rules }) => rules);
}

/** Where the three part, in words; `null` where they agree. */
export function disagreement(
  { policy, module }: Opened,
  files: Readonly<Record<string, string>>,
  moves: readonly Move[],
): string | null {
  const options = { id: 's', context: CONTEXT, now: NOW };
  const oracle = new SessionOracle(policy, module, writtenRules(files), { context: CONTEXT, now: NOW });
  const session = openSession(policy, options);
  let resumed = openSession(policy, options);
  const admitted: string[] = [];
  const waiting: {
    readonly ticket: string;
    readonly call: Parameters<SessionOracle['call']>[0];
    settled: string[];
    asks: string[];
  }[] = [];
  const show = (value: unknown): string => JSON.stringify(value);
  let number = 0;
  let now = NOW;
  for (const [i, move] of moves.entries()) {
    resumed = openSession(policy, {
      ...options,
      resume: resumed.snapshot({ key: KEY }),
      sealing: { key: KEY },
    });
    const both = (ask: (one: Session) => CallDecision): CallDecision | string => {
      const [one, other] = [ask(session), ask(resumed)];
      return show(one) === show(other) ? one : `move ${i}: ${show(one)}, taken up anew ${show(other)}`;
    };
    const note = (
      decision: CallDecision,
      call: Parameters<SessionOracle['call']>[0],
      settled: string[],
    ): void => {
      if (decision.admitted) admitted.push(decision.id);
      if (decision.ticket === null) return;
      const asks = decision.violations.flatMap(({ rule, enforcement }) =>
        enforcement === 'require_approval' && !settled.includes(rule) ? [rule] : [],
      );
      waiting.push({ ticket: decision.ticket, call, settled, asks });
    };
    if (move.op === 'call') {
      number += 1;
      now += move.later;
      const reads =
        move.reads &&
        [...new Set(move.reads.map((nth) => admitted[nth % admitted.length] ?? ''))].filter(Boolean);
      const call = { id: `s${number}`, tool: move.tool, args: move.args, reads };
      const { reads: told, ...rest } = call;
      const decision = both((one) => one.call({ ...rest, ...(told && { reads: told }), now }));
      if (typeof decision === 'string') return decision;
      const expected = oracle.call(call, now);
      if (show(said(decision)) !== show(expected))
        return `move ${i}: the session says ${show(said(decision))}, the oracle ${show(expected)}`;
      note(decision, call, []);
    } else if (move.op === 'end') {
      const { running } = oracle;
      const id = running[move.nth % running.length];
      if (id === undefined) continue;
      // What was read has started.
      const outcome = move.outcome === 'not_started' && oracle.isRead(id) ? 'failed' : move.outcome;
      session.end(id, { outcome });
      resumed.end(id, { outcome });
      oracle.end(id, outcome);
      if (outcome === 'not_started') admitted.splice(admitted.indexOf(id), 1);
    } else {
      const asked = waiting.splice(move.nth % Math.max(1, waiting.length), 1)[0];
      if (!asked) continue;
      const decision = both((one) => one.approve(asked.ticket, { by: 'ann', at: now }));
      if (typeof decision === 'string') return decision;
      // What it reads may have been taken back meanwhile.
      const settled = [...asked.settled, ...asked.asks];
      const expected = oracle.call(asked.call, now, settled);
      if (show(said(decision)) !== show(expected))
        return `move ${i}: approved, the session says ${show(said(decision))}, the oracle ${show(expected)}`;
      note(decision, asked.call, settled);
    }
    const owed = session.owed.map(({ rule, id }) => `${rule} ${id}`).sort();
    if (show(owed) !== show(oracle.owed()))
      return `move ${i}: owed ${show(owed)}, by the oracle ${show(oracle.owed())}`;
  }
  const [closed, again] = [session.close(now), resumed.close(now)];
  if (show(closed) !== show(again)) return `closing: ${show(closed)}, taken up anew ${show(again)}`;
  const broken = closed.violations.map(({ rule }) => rule).sort();
  return show(broken) === show(oracle.close())
    ? null
    : `closing: ${show(broken)}, by the oracle ${show(oracle.close())}`;
}
