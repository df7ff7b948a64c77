/** A run: a plan that was decided before its values were there, held to that decision while they come to be there. */
import type { Decision } from '../contract.ts';
import { refused } from '../decision.ts';
import { digestOf } from '../digest.ts';
import type { Policy } from '../evaluate.ts';
import { entriesOf, freeze, fromEntries } from '../platform.ts';
import { frozenCopy } from './copy.ts';
import {
  SessionCore,
  UNSETTLED,
  type Approval,
  type EndAnswer,
  type EndOptions,
  type Obligation,
  type SessionOptions,
} from './core.ts';
import type { CallDecision } from './decision.ts';
import { SessionError } from './errors.ts';
import { deviationOf } from './deviation.ts';
import { PlannedSteps, type PlannedStep } from './planned.ts';
import type { SessionCall } from './session.ts';
import { openSnapshot, sealSnapshot, type Sealing } from './snapshot.ts';
import { knownArgs } from './resolve.ts';
import { Progress, type ProgressState } from './progress.ts';

/** A call of a step that the plan has; without `step` it is one that nobody planned. */
export interface RunCall extends Omit<SessionCall, 'id'> {
  /** Id of the step. */
  readonly step?: string;
  /** Of an unplanned call: names it. */
  readonly id?: string;
}

export interface RunOptions extends SessionOptions {
  /** What becomes of calls that the plan has not: refused (the default), or decided as a session would. */
  readonly unplanned?: 'refuse' | 'session';
  readonly resume?: Uint8Array;
  readonly sealing?: Sealing;
}

export interface Run {
  readonly id: string;
  /** The plan's, with its values later. */
  readonly decision: Decision;
  /** As long as the plan waits for an approval: what `approve` takes; else `null`. */
  readonly ticket: string | null;
  /** sha256 of the plan's canonical JSON. */
  readonly planDigest: string;
  /** Holds a call to its step, and asks of its values what was not known. Synchronous, never throws. */
  call(call: RunCall): CallDecision;
  /** Says how a call ended; `id` is that of its decision. What may be handed on is what later steps refer to. @throws SessionError */
  end(id: string, options: EndOptions): EndAnswer;
  /**
   * With the run's ticket: settles what the policy says of what is written in the plan; the decision is the plan's. With that
   * of a call: settles that call, once.
   *
   * @throws SessionError
   */
  approve(ticket: string, approval: Approval): CallDecision | Decision;
  readonly owed: readonly Obligation[];
  close(now?: number): Decision;
  readonly skipped: readonly string[];
  /** @throws SessionError */
  snapshot(sealing?: Sealing): Uint8Array;
}

interface RunState {
  readonly now: number;
  readonly plan: string;
  readonly approvedBy: string | null;
  readonly progress: ProgressState;
}

/**
 * Decides a plan with its values later, and holds its run to it.
 *
 * @throws BundleError `capability_missing`, SessionError
 * @example
 * const run = openRun(bundle.policy(), plan, { id: 'run-17', context: { role: 'analyst' } });
 * const decision = run.call({ step: 'pay', tool: 'payments.transfer', args: { amount: 12 } });
 */
export function openRun(policy: Policy, plan: unknown, options: RunOptions): Run {
  const { resume, sealing, unplanned = 'refuse' } = options;
  const bound = { kind: 'run', policy, options } as const;
  const saved = resume === undefined ? null : openSnapshot(resume, sealing, bound);
  const state = (saved?.run ?? null) as RunState | null;
  const copy = copyOf(plan);
  const core = new SessionCore(policy, options, saved?.core ?? null, headOf(copy?.plan));
  const started = state?.now ?? core.tell(options.now);
  const planDigest = copy === null ? '' : digestOf(copy.plan);
  if (state && state.plan !== planDigest) throw new SessionError('session.snapshot_refused');
  const decision =
    copy === null
      ? refused(core.parts.parties, 'plan.shape', 'the plan is no data as JSON has it')
      : policy.evaluate(copy.plan, { context: core.context, now: started, values: 'later' });
  const isPlan = copy !== null && decision.violations.every(({ policy: by }) => by !== 'plan-lint');
  const steps = new PlannedSteps(isPlan ? copy.plan : { steps: [] }, core.module);
  const progress = new Progress(steps, core.limits.characters, state?.progress ?? null);
  let approvedBy = state?.approvedBy ?? null;
  const asks = decision.violations.filter(
    ({ enforcement, waiver }) => enforcement === 'require_approval' && waiver === null,
  );
  const ticket =
    decision.status === 'approval'
      ? digestOf({
          session: core.id,
          plan: planDigest,
          rules: [...new Set(asks.map(({ rule }) => rule))].sort(),
        })
      : null;

  /** Leaves room for a step that has not been called. */
  function reserve(step: PlannedStep | undefined): void {
    if (!step || !progress.isAhead(step)) return;
    const { id, tool } = step;
    core.reserve({
      id,
      tool,
      args: knownArgs(step, core.module, (other, path) => progress.read(other, path)),
    });
  }
  if (decision.status !== 'deny') for (const step of steps.all()) reserve(step);

  /** What was approved with the plan for a step: never a check that waited for a value. */
  function settledFor({ index }: PlannedStep): ReadonlyMap<number, string> {
    const settled = new Map<number, string>();
    if (approvedBy === null) return settled;
    for (const { rule, policy: of, stepIndex } of asks) {
      const waits = decision.pending.some(
        (one) => one.rule === rule && one.policy === of && (one.stepIndex === index || one.stepIndex < 0),
      );
      if (waits || (stepIndex !== index && stepIndex >= 0)) continue;
      for (const at of core.module.indexesOf(rule, of)) settled.set(at, approvedBy);
    }
    return settled;
  }

  function call(asked: RunCall): CallDecision {
    try {
      // Read once: what a getter says the second time is asked of nobody.
      const { step: id, id: own, tool, args, reads, now } = asked;
      const name = id ?? own ?? '';
      if (!decision.valid && !(ticket !== null && approvedBy !== null))
        return core.refuse(
          name,
          'run.not_admitted',
          ticket === null ? 'the plan was denied' : 'the plan waits for an approval',
        );
      const step = id === undefined ? undefined : steps.of(id);
      if (!step) {
        if (unplanned !== 'session' || id !== undefined)
          return core.refuse(name, 'run.unplanned', 'the plan has no such step');
        // What such a call gives, or has approved, must never pass for a step's.
        if (steps.of(name.replace(/#\d+'*$/, '')) || steps.of(name))
          return core.refuse(name, 'session.id_taken', 'a step of the plan has this id');
        const callId = own ?? core.nextId((each) => steps.of(each) !== undefined);
        return core.ask(
          {
            id: callId,
            tool,
            args,
            reads: reads ?? null,
            sources: null,
            settled: UNSETTLED,
            planned: null,
          },
          now,
        );
      }
      const place = progress.obstacle(step);
      if (place) return core.refuse(step.id, ...place);
      const deviation = deviationOf(step, { tool, args }, progress, core.module);
      if (deviation) return core.refuse(step.id, ...deviation);
      const callId = progress.callId(step);
      const planned = progress.isAhead(step) ? { id: step.id, tool: step.tool, args: step.written } : null;
      const answer = core.ask(
        {
          id: callId,
          tool,
          args,
          reads: progress.reads(step),
          sources: progress.sources(step),
          settled: settledFor(step),
          planned,
        },
        now,
      );
      progress.asked(step, callId, answer);
      return answer;
    } catch {
      return core.refuse('', 'session.call', 'a call is an object with `step`, `tool` and `args`');
    }
  }

  return freeze({
    id: core.id,
    decision,
    get ticket() {
      return approvedBy === null ? ticket : null;
    },
    planDigest,
    call,
    end(id: string, ending: EndOptions): EndAnswer {
      // Read once: rules and record have to see the same.
      const { outcome, result } = ending;
      const answer = core.end(id, { outcome, result });
      const ended = progress.end(id, { outcome, result: answer.result });
      if (ended === null) return answer;
      reserve(steps.of(ended));
      for (const reader of steps.readersOf(ended)) reserve(reader);
      return answer;
    },
    approve(given: string, approval: Approval): CallDecision | Decision {
      if (given !== ticket || ticket === null) {
        const answer = core.approve(given, approval);
        progress.settled(answer);
        return answer;
      }
      if (approvedBy !== null) throw new SessionError('session.ticket_used');
      const { by } = approval;
      if (typeof by !== 'string' || by === '')
        throw new SessionError('session.argument', '`by` says who approves');
      approvedBy = by;
      return decision;
    },
    get owed() {
      return core.owed;
    },
    close: (now?: number) => core.close(now),
    skipped: core.module.skipped,
    snapshot: (own?: Sealing) =>
      sealSnapshot(
        {
          core: core.save(),
          run: { now: started, plan: planDigest, approvedBy, progress: progress.save() } satisfies RunState,
        },
        own ?? sealing,
        bound,
        core.limits.snapshot,
      ),
  });
}

/** What a plan says beside its steps: conditions may ask for its context. */
function headOf(plan: unknown): Readonly<Record<string, unknown>> {
  if (typeof plan !== 'object' || plan === null) return {};
  return fromEntries(entriesOf(plan).filter(([key]) => key !== 'steps'));
}

function copyOf(plan: unknown): { readonly plan: unknown } | null {
  try {
    return { plan: frozenCopy(plan) };
  } catch {
    return null;
  }
}
