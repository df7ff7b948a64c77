/** A session for programs that make the calls themselves: decide, ask, run, tell how it ended. What adaptors are made of. */
import type { Policy } from '@plan-lint/runtime';
import { openSession } from '@plan-lint/runtime/session';
import type { CallDecision, EndAnswer, Obligation } from '@plan-lint/runtime/session';
import { digestOrNull } from './audit.ts';
import { keptBackOf, reasonOf } from './reason.ts';

/** A call that is about to be made. */
export interface GuardedCall {
  readonly tool: string;
  readonly args: unknown;
  /** How the framework names it. */
  readonly key: string;
}

export interface Told {
  readonly verdict: 'allow' | 'ask' | 'deny';
  /** In words that a model can act on; empty where the verdict is `allow`. */
  readonly reason: string;
}

export interface GuardOptions {
  readonly policy: Policy;
  /** Names the session. */
  readonly session: string;
  /** What you vouch for: who is asking, role, environment. */
  readonly context?: unknown;
  /** Lets every call run, and only tells: to see what a policy would do. */
  readonly shadow?: boolean;
  /** Is told each decision of the policy. */
  readonly onDecision?: (call: GuardedCall, decision: CallDecision) => void;
  /** Is told of each result of which the policy keeps something back. */
  readonly onResult?: (key: string, answer: EndAnswer) => void;
  /** Milliseconds since the epoch; the clock when absent. */
  readonly now?: () => number;
}

export interface Guard {
  /** Decides a call, once for each key: the same call is told the same again. */
  decide(call: GuardedCall): Told;
  /**
   * Takes a call that is made now.
   *
   * @param by - who has approved it by the framework's own means. It counts for a call that `decide` wanted an approval of, with exactly
   * these arguments, and for no other.
   */
  start(call: GuardedCall, by?: string): Told;
  /** Says how an admitted call ended, and tells what of its result a model may read. */
  end(key: string, outcome: 'succeeded' | 'failed', result?: unknown): Handed;
  /**
   * Runs a call that may run, tells the session how it ended, and gives what of the result a model may read.
   *
   * @throws PolicyDenied, ResultKeptBack, and what `execute` throws, its text being a result, too
   */
  run<T>(call: GuardedCall, execute: () => PromiseLike<T> | T, more?: RunOptions<T>): Promise<T>;
  /** What must still follow. */
  readonly owed: readonly Obligation[];
}

/** What of a result a model may read. */
export interface Handed {
  /** In place of the result; `null` where it is blocked. */
  readonly result: unknown;
  readonly blocked: boolean;
  /** In words that a model can act on; empty where nothing is kept back. */
  readonly reason: string;
}

export interface RunOptions<T> {
  /** Who has approved the call by the framework's own means. */
  readonly by?: string | undefined;
  /** Of results that are a framework's own: the data that a model reads, and the result with other data in their place. */
  readonly lens?: {
    readonly read: (result: T) => unknown;
    readonly write: (result: T, data: unknown) => T;
  };
}

/** A call was made, and nothing of its result is handed on; the message says why, for a model. */
export class ResultKeptBack extends Error {
  override readonly name = 'ResultKeptBack';
}

/** A call was not made; the message says why, for a model. */
export class PolicyDenied extends Error {
  override readonly name = 'PolicyDenied';
}

interface Open extends Told {
  readonly digest: string | null;
  readonly id: string;
  readonly tool: string;
  readonly ticket: string | null;
  readonly isAdmitted: boolean;
  /** It is being made. */
  readonly isRunning: boolean;
}

const ALLOWED: Told = { verdict: 'allow', reason: '' };

/**
 * Opens a session behind a framework.
 *
 * @throws BundleError `capability_missing`
 * @example
 * const guard = createGuard({ policy: bundle.policy('finance'), session: 'run-17', context: { role: 'analyst' } });
 * const result = await guard.run({ tool: 'payments.transfer', args, key: call.id }, () => transfer(args));
 */
export function createGuard(options: GuardOptions): Guard {
  const { policy, session: id, context, shadow = false, onDecision, onResult } = options;
  const { now = () => Date.now() } = options;
  const session = openSession(policy, { id, now: now(), ...(context !== undefined && { context }) });
  const open = new Map<string, Open>();

  function take(call: GuardedCall, decision: CallDecision): Open {
    onDecision?.(call, decision);
    const { admitted, ticket, status } = decision;
    const head = status === 'approval' ? 'wants an approval of' : 'denied';
    const verdict = ticket === null ? 'deny' : 'ask';
    const told = admitted ? ALLOWED : ({ verdict, reason: reasonOf(call.tool, decision, head) } as const);
    const taken = {
      ...told,
      digest: digestOf(call),
      id: decision.id,
      tool: call.tool,
      ticket,
      isAdmitted: admitted,
      isRunning: false,
    };
    open.set(call.key, taken);
    return taken;
  }

  /** In shadow nothing is stopped. */
  const told = ({ verdict, reason }: Told): Told => (shadow ? ALLOWED : { verdict, reason });

  function decide(call: GuardedCall): Open {
    const before = open.get(call.key);
    // Other arguments under the same name are another call.
    if (before?.digest !== undefined && before.digest !== null && before.digest === digestOf(call))
      return before;
    return take(call, session.call({ tool: call.tool, args: call.args, now: now() }));
  }

  function start(call: GuardedCall, by?: string): Told {
    const before = open.get(call.key);
    if (before?.isRunning === true)
      return told({
        verdict: 'deny',
        reason: `plan-lint denied \`${call.tool}\`: a call of this id is running.`,
      });
    const asked = decide(call);
    // Nobody can have approved what nobody was asked about.
    const isApproved = by !== undefined && asked === before && asked.ticket !== null;
    const taken = isApproved ? take(call, session.approve(asked.ticket, { by, at: now() })) : asked;
    const answer = told(taken);
    if (answer.verdict === 'allow') open.set(call.key, { ...taken, isRunning: true });
    return answer;
  }

  function end(key: string, outcome: 'succeeded' | 'failed', result?: unknown): Handed {
    const call = open.get(key);
    open.delete(key);
    const whole: Handed = { result, blocked: false, reason: '' };
    if (call?.isAdmitted !== true) return whole;
    const answer = session.end(call.id, { outcome, ...(result !== undefined && { result }) });
    if (answer.findings.length > 0) onResult?.(key, answer);
    if (shadow) return whole;
    const reason = answer.findings.length > 0 ? keptBackOf(call.tool, answer) : '';
    return { result: answer.result, blocked: answer.blocked, reason };
  }

  /** What is thrown reaches a model as its text. */
  function failed(key: string, error: unknown): unknown {
    const { result, blocked, reason } = end(key, 'failed', error instanceof Error ? error.message : error);
    if (blocked) return new ResultKeptBack(reason);
    if (reason === '') return error;
    return new Error(typeof result === 'string' ? result : JSON.stringify(result));
  }

  return {
    decide: (call) => told(decide(call)),
    start,
    end,
    async run<T>(call: GuardedCall, execute: () => PromiseLike<T> | T, { by, lens }: RunOptions<T> = {}) {
      const { verdict, reason } = start(call, by);
      if (verdict !== 'allow') throw new PolicyDenied(reason);
      let result: T;
      try {
        result = await execute();
      } catch (error) {
        throw failed(call.key, error);
      }
      const handed = end(call.key, 'succeeded', lens ? lens.read(result) : result);
      if (handed.blocked) throw new ResultKeptBack(handed.reason);
      if (!lens) return handed.result as T;
      return handed.reason === '' ? result : lens.write(result, handed.result);
    },
    get owed() {
      return session.owed;
    },
  };
}

const digestOf = ({ tool, args }: GuardedCall): string | null => digestOrNull({ tool, args });
