/** An event of an agent, as a call of its session. */
import type { Policy } from '@plan-lint/runtime';
import { openSession, SessionError } from '@plan-lint/runtime/session';
import type { JsonValue } from '@plan-lint/runtime/json';
import type { CallDecision, Session } from '@plan-lint/runtime/session';
import { decisionMembers, digestOrNull } from '../audit.ts';
import type { AuditLog } from '../audit.ts';
import { keptBackOf, reasonOf } from '../reason.ts';
import { DIALECTS, HookError } from './dialects.ts';
import type { Agent, HookAnswer, HookEvent, KeptResult, Verdict } from './dialects.ts';
import { change, sessionPath } from './store.ts';
import type { Kept, OpenCall } from './store.ts';

export interface HookOptions {
  readonly agent: Agent;
  readonly policy: Policy;
  readonly context: unknown;
  /** The directory in which sessions are kept; nobody else writes there. */
  readonly folder: string;
  /** For agents that do not say which session it is. */
  readonly session: string;
  readonly audit: AuditLog;
  readonly now: () => number;
}

type CallEvent = Exclude<HookEvent, { readonly kind: 'none' }>;

const TRUSTED = { store: 'trusted' } as const;
/** Calls of which nobody has said how they ended. */
const MOST_OPEN = 1_000;
const SILENT: HookAnswer = { stdout: '', stderr: '', exit: 0 };

/** Decides, or tells the session what became of a call. @throws HookError, BundleError, SessionError, the file system's error */
export async function answerHook(event: HookEvent, options: HookOptions): Promise<HookAnswer> {
  if (event.kind === 'none') return SILENT;
  const { agent, folder } = options;
  const session = event.session ?? options.session;
  const path = sessionPath(folder, agent, session);
  if (event.kind !== 'before') {
    const keptBack = await change(path, (kept) => ended(kept, event, session, options));
    return keptBack === null ? SILENT : DIALECTS[agent].keepBack(keptBack);
  }
  const { verdict, reason } = await change(path, (kept) => decided(kept, event, session, options));
  return DIALECTS[agent].answer(verdict, reason);
}

function opened(kept: Kept, session: string, { policy, context, now }: HookOptions): Session {
  try {
    return openSession(policy, {
      id: session.slice(0, 256),
      context,
      now: now(),
      sealing: TRUSTED,
      ...(kept.snapshot !== null && { resume: Buffer.from(kept.snapshot, 'base64') }),
    });
  } catch (error) {
    if (!(error instanceof SessionError) || error.code !== 'session.snapshot_refused') throw error;
    throw new HookError(
      'the session began with another bundle or context, and cannot go on: begin a new one',
    );
  }
}

const snapshotOf = (session: Session): string => Buffer.from(session.snapshot()).toString('base64');

/** Tool and arguments: what an agent that names no calls can be told by. */
const digestOfCall = ({ tool, args }: CallEvent): string => {
  const digest = digestOrNull({ tool, args });
  if (digest === null) throw new HookError('the arguments hold what JSON cannot');
  return digest;
};

function decided(
  kept: Kept,
  event: CallEvent,
  name: string,
  options: HookOptions,
): { readonly kept: Kept; readonly told: Pick<OpenCall, 'verdict' | 'reason'> } {
  const digest = digestOfCall(event);
  const key = event.call ?? digest;
  // A hook that is listed twice asks twice for one call.
  const before = event.call === null ? undefined : kept.open.find((each) => each.key === key);
  if (before) {
    if (before.digest === digest) return { kept, told: before };
    throw new HookError('another call of this id was decided before');
  }
  if (kept.open.length >= MOST_OPEN)
    throw new HookError(`${MOST_OPEN} calls have not ended; is the hook for ended calls installed?`);
  const { agent, now } = options;
  const session = opened(kept, name, options);
  const decision = session.call({ tool: event.tool, args: event.args, now: now() });
  const verdict = verdictOf(decision, DIALECTS[agent].asks);
  write(options, name, { event: 'decided', tool: event.tool, args_sha256: digest, verdict }, decision);
  const told: OpenCall = {
    key,
    digest,
    id: decision.id,
    verdict,
    reason: verdict === 'allow' ? '' : reasonOf(event.tool, decision, HEADS[decision.status] ?? 'denied'),
    ticket: decision.ticket,
  };
  // Denied calls of agents that name none would only be in the way of the next same one.
  const open = verdict === 'deny' && event.call === null ? kept.open : [...kept.open, told];
  return { kept: { snapshot: snapshotOf(session), open: pruned(open) }, told };
}

const HEADS: Readonly<Record<string, string>> = { approval: 'wants an approval of' };

/** Of denied calls only the last ones are kept: nobody tells how they end. */
function pruned(open: readonly OpenCall[]): readonly OpenCall[] {
  const denied = open.filter(({ verdict }) => verdict === 'deny').slice(-50);
  return open.filter((each) => each.verdict !== 'deny' || denied.includes(each));
}

function verdictOf({ admitted, status }: CallDecision, asks: boolean): Verdict {
  if (admitted) return 'allow';
  return status === 'approval' && asks ? 'ask' : 'deny';
}

function ended(
  kept: Kept,
  event: CallEvent,
  name: string,
  options: HookOptions,
): { readonly kept: Kept; readonly told: KeptResult | null } {
  const digest = digestOfCall(event);
  const call = kept.open.find(({ key, verdict }) => key === (event.call ?? digest) && verdict !== 'deny');
  // Not one of ours: it ran before the hook was installed, or another hook has told already.
  if (!call) return { kept, told: null };
  const session = opened(kept, name, options);
  const { id, ticket } = call;
  const outcome = event.kind === 'failed' ? 'failed' : 'succeeded';
  // What ran though somebody was to be asked was approved by whoever the agent asked.
  const isAdmitted =
    call.verdict !== 'ask' ||
    session.approve(ticket ?? '', { by: `user of ${options.agent}`, at: options.now() }).admitted;
  const { result: given } = event;
  const answer = isAdmitted
    ? session.end(id, { outcome, ...(given !== undefined && { result: given }) })
    : null;
  const isKeptBack = answer !== null && answer.findings.length > 0;
  write(options, name, {
    event: isAdmitted ? 'ended' : 'ran_unadmitted',
    tool: event.tool,
    call: id,
    outcome,
    result_sha256: digestOrNull(given),
    ...(isKeptBack && {
      kept_back: answer.blocked ? 'blocked' : 'redacted',
      rules: [...new Set(answer.findings.map(({ rule }) => rule))],
    }),
  });
  const told = isKeptBack
    ? {
        given: given ?? null,
        result: answer.result as JsonValue,
        blocked: answer.blocked,
        reason: keptBackOf(event.tool, answer),
      }
    : null;
  return {
    kept: { snapshot: snapshotOf(session), open: kept.open.filter((each) => each !== call) },
    told,
  };
}

function write(
  { audit, now, agent }: HookOptions,
  session: string,
  record: Readonly<Record<string, unknown>>,
  decision?: CallDecision,
): void {
  const members = decision ? { call: decision.id, ...decisionMembers(decision) } : {};
  audit.write({ time: new Date(now()).toISOString(), agent, session, ...record, ...members });
}
