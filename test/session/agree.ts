/** A session or a run, the same taken up anew from a snapshot before each move, and the oracle, on one trace. */
import { openRun, openSession } from '../../runtime/session/index.ts';
import type { CallDecision, Run, Sealing, Session } from '../../runtime/session/index.ts';
import type { PredicateModule } from '../../runtime/contract.ts';
import type { Policy } from '../../runtime/evaluate.ts';
import { NOW } from '../support/signing.ts';
import { SessionOracle } from './oracle.ts';
import type { Asked, Said, Written } from './oracle.ts';
import { RunOracle } from './run-oracle.ts';
import type { WrittenResults } from './results-oracle.ts';
import type { PlannedRun, RunStep } from './run-traces.ts';
import type { Move } from './traces.ts';

const CONTEXT = { role: 'analyst', limits: { daily: 7 } };
/** Every other snapshot is sealed: what it seals is the same. */
const SEALINGS: readonly Sealing[] = [{ key: new Uint8Array(32).fill(7) }, { store: 'trusted' }];

export interface Opened {
  readonly policy: Policy;
  readonly module: PredicateModule;
}

interface Traced {
  readonly opened: Opened;
  readonly files: Readonly<Record<string, string>>;
  readonly moves: readonly Move[];
  /** What the run is of; a session where there is none. */
  readonly run?: PlannedRun;
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

/** What must not stand in results, as it is written. */
const writtenResults = (files: Readonly<Record<string, string>>): readonly WrittenResults[] =>
  (JSON.parse(files['p.yaml'] ?? '') as { readonly results?: readonly WrittenResults[] }).results ?? [];

/** In whatever order members stand. */
const show = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
const isSaid = (answer: Asked | Said): answer is Said => 'status' in answer;

/** A call that waits for an approval. */
interface Waiting {
  readonly ticket: string;
  readonly asked: Asked;
  readonly settled: readonly string[];
  readonly asks: readonly string[];
  readonly step: string | null;
}

class Disagreement extends Error {}

class Trial {
  readonly #open: (resume: Uint8Array | null, sealing: Sealing) => Session | Run;
  readonly #oracle: SessionOracle;
  readonly #session: Session | Run;
  #resumed: Session | Run;
  readonly #admitted: string[] = [];
  readonly #waiting: Waiting[] = [];
  #planTicket: string | null;
  #number = 0;
  #now = NOW;

  constructor({ opened: { policy, module }, files, run }: Traced) {
    const asked = { context: CONTEXT, now: NOW };
    this.#open = (resume, sealing) => {
      const options = { id: 's', ...asked, sealing, ...(resume && { resume }) };
      return run
        ? openRun(policy, run.plan, { ...options, unplanned: run.unplanned })
        : openSession(policy, options);
    };
    this.#session = this.#open(null, SEALINGS[1] as Sealing);
    this.#resumed = this.#open(null, SEALINGS[1] as Sealing);
    const written = writtenRules(files);
    const options = { ...asked, results: writtenResults(files) };
    this.#oracle = run
      ? new RunOracle(policy, module, written, options, run)
      : new SessionOracle(policy, module, written, options);
    this.#planTicket = 'ticket' in this.#session ? this.#session.ticket : null;
  }

  /** @throws Disagreement */
  move(move: Move, i: number): void {
    const sealing = SEALINGS[i % 2] as Sealing;
    this.#resumed = this.#open(this.#resumed.snapshot(sealing), sealing);
    switch (move.op) {
      case 'call':
        this.#call(move);
        break;
      case 'step':
        this.#step(move);
        break;
      case 'end':
        this.#end(move);
        break;
      case 'approve':
        this.#approve(move.nth);
    }
    const owed = this.#session.owed.map(({ rule, id }) => `${rule} ${id}`).sort();
    this.#same('owed', owed, this.#oracle.owed());
  }

  close(): void {
    const [closed, again] = [this.#session.close(this.#now), this.#resumed.close(this.#now)];
    if (show(closed) !== show(again))
      throw new Disagreement(`closing: ${show(closed)}, taken up anew ${show(again)}`);
    this.#same('closing', closed.violations.map(({ rule }) => rule).sort(), this.#oracle.close());
  }

  #same(what: string, ours: unknown, oracle: unknown): void {
    if (show(ours) !== show(oracle))
      throw new Disagreement(`${what}: ${show(ours)}, by the oracle ${show(oracle)}`);
  }

  #both<T>(ask: (one: Session | Run) => T): T {
    const [one, other] = [ask(this.#session), ask(this.#resumed)];
    if (show(one) !== show(other)) throw new Disagreement(`${show(one)}, taken up anew ${show(other)}`);
    return one;
  }

  #note(decision: CallDecision, { asked, settled, step }: Pick<Waiting, 'asked' | 'settled' | 'step'>): void {
    if (decision.admitted) {
      this.#admitted.push(decision.id);
      if (step !== null && this.#oracle instanceof RunOracle) this.#oracle.started(step, decision.id);
    }
    if (decision.ticket === null) return;
    const asks = decision.violations.flatMap(({ rule, enforcement }) =>
      enforcement === 'require_approval' && !settled.includes(rule) ? [rule] : [],
    );
    const same = this.#waiting.findIndex((one) => one.asked.id === asked.id);
    if (same >= 0) this.#waiting.splice(same, 1);
    this.#waiting.push({ ticket: decision.ticket, asked, settled, asks, step });
  }

  #call({ tool, args, reads, later }: Extract<Move, { op: 'call' }>): void {
    this.#number += 1;
    this.#now += later;
    const listed =
      reads &&
      [...new Set(reads.map((nth) => this.#admitted[nth % this.#admitted.length] ?? ''))].filter(Boolean);
    const asked = { id: `u${this.#number}`, tool, args, reads: listed };
    const decision = this.#both((one) =>
      one.call({ id: asked.id, tool, args, ...(listed && { reads: listed }), now: this.#now }),
    );
    const judged = this.#oracle instanceof RunOracle ? this.#oracle.asUnplanned(asked) : asked;
    this.#judge(decision, judged, { settled: [], step: null });
  }

  #step({ nth, change, later }: Extract<Move, { op: 'step' }>): void {
    if (!(this.#oracle instanceof RunOracle)) return;
    this.#now += later;
    const { id, tool, args } = changed(this.#oracle.stepAt(nth), change);
    const settled = this.#oracle.settledFor(id);
    const decision = this.#both((one) => one.call({ step: id, tool, args, now: this.#now }));
    this.#judge(decision, this.#oracle.asStep(id, tool, args), { settled, step: id });
  }

  #judge(decision: CallDecision, asked: Asked | Said, more: Pick<Waiting, 'settled' | 'step'>): void {
    const expected = isSaid(asked) ? asked : this.#oracle.call(asked, this.#now, more.settled);
    this.#same('the call', said(decision), expected);
    if (!isSaid(asked)) this.#note(decision, { asked, ...more });
  }

  #end({ nth, outcome: given, result }: Extract<Move, { op: 'end' }>): void {
    const { running } = this.#oracle;
    const id = running[nth % running.length];
    if (id === undefined) return;
    // What was read has started.
    const outcome = given === 'not_started' && this.#oracle.isRead(id) ? 'failed' : given;
    const ending = { outcome, ...(result !== undefined && { result }) };
    const answer = this.#both((one) => one.end(id, ending));
    const { kept, isBlocked, rules } = this.#oracle.end(id, outcome, result);
    const handed = {
      kept: answer.result,
      isBlocked: answer.blocked,
      rules: answer.findings.map(({ rule }) => rule).sort(),
    };
    this.#same('the result', handed, { kept, isBlocked, rules });
    if (outcome === 'not_started') this.#admitted.splice(this.#admitted.indexOf(id), 1);
  }

  #approve(nth: number): void {
    const ticket = this.#planTicket;
    if (ticket !== null && this.#oracle instanceof RunOracle) {
      this.#both((one) => one.approve(ticket, { by: 'ann', at: this.#now }));
      this.#oracle.approvePlan();
      this.#planTicket = null;
      return;
    }
    const one = this.#waiting.splice(nth % Math.max(1, this.#waiting.length), 1)[0];
    if (!one) return;
    const decision = this.#both(
      (each) => each.approve(one.ticket, { by: 'ann', at: this.#now }) as CallDecision,
    );
    this.#judge(decision, one.asked, { settled: [...one.settled, ...one.asks], step: one.step });
  }
}

/** The call of a step, as it must be or not quite. */
function changed(step: RunStep, change: Extract<Move, { op: 'step' }>['change']): RunStep {
  const { args } = step;
  const [first] = Object.keys(args);
  if (change === 'tool') return { ...step, tool: `${step.tool}.other` };
  if (change === 'more') return { ...step, args: { ...args, more: 1 } };
  if (change === 'argument' && first !== undefined)
    return { ...step, args: { ...args, [first]: { not: 'this' } } };
  return step;
}

/** Where the three part, in words; `null` where they agree. */
export function disagreement(traced: Traced): string | null {
  const trial = new Trial(traced);
  let at = '';
  try {
    for (const [i, move] of traced.moves.entries()) {
      at = `move ${i}: `;
      trial.move(move, i);
    }
    at = '';
    trial.close();
    return null;
  } catch (error) {
    if (error instanceof Disagreement) return `${at}${error.message}`;
    throw error;
  }
}
