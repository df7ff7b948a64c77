/** A file of the lines of one session becomes one record: what its calls, and its close, come to under a policy. */
import { openSession } from '@plan-lint/runtime/session';
import type { Policy } from '@plan-lint/runtime';
import { STATUSES } from './simulation.ts';
import type { DecisionObject, ViolationObject } from '../../decisions/decision.ts';
import { unreadable } from '../../decisions/record.ts';
import type { DecideOptions, PlanRecord } from '../../decisions/record.ts';
import type { Part } from '../../plans/each-plan.ts';
import { UsageError } from '../../bundles/failure.ts';
import { Conversation } from '../session/conversation.ts';
import type { Answer } from '../session/conversation.ts';

/** What is said of a call or of the close, as lines answer it. */
type Answered = Omit<DecisionObject, 'violations'> & {
  readonly id?: string;
  readonly violations: readonly (ViolationObject & { readonly approved_by?: string })[];
};

/**
 * What a line means under this policy only: it never admitted the call, or asked for no approval of it. What follows from that
 * has been told with the call.
 */
const FOLLOWS = ['session.unknown_call', 'session.ticket_unknown', 'session.ticket_used'];

/** @throws UsageError where the files would have to be two things */
export function refuseBoth({
  trajectories,
  records,
  values,
}: {
  readonly trajectories?: boolean;
  readonly records?: boolean;
  readonly values?: 'now' | 'later';
}): void {
  if (!trajectories || (!records && values !== 'later')) return;
  throw new UsageError(
    `--trajectories says what the files hold, and ${records ? '--records' : '--values'} is about plans`,
    'the lines of a session bring their own context, and arguments are values',
  );
}

/** Refuses a policy that decides plans alone before the first file is read. @throws BundleError `capability_missing` */
export function needsSessions({ policy }: Pick<DecideOptions, 'policy'>): void {
  openSession(policy, { id: 'trajectories' });
}

/** Decides the trajectory that a file holds. */
export function decideTrajectory({ file, bytes, problem }: Part, options: DecideOptions): PlanRecord {
  const place = { file };
  const { policy, context, now } = options;
  if (problem !== undefined)
    return unreadable(place, { code: 'plan.unreadable', message: problem }, policy.entry);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return unreadable(place, { code: 'plan.unreadable', message: 'it is not UTF-8' }, policy.entry);
  }
  const conversation = new Conversation(policy, { sealing: undefined, now: () => now, context });
  const trajectory = new Trajectory(policy);
  const lines = text.split('\n');
  for (const [i, line] of lines.entries())
    if (line.trim() !== '') trajectory.add(conversation.answer(line, i + 1), i + 1);
  if (trajectory.isEmpty)
    return unreadable(
      place,
      { code: 'plan.unreadable', message: 'it holds no line of a session' },
      policy.entry,
    );
  const closing = conversation.end();
  if (closing) trajectory.add(closing, lines.length);
  return { plan_id: trajectory.id, ...place, ...trajectory.decision(conversation.waits) };
}

class Trajectory {
  readonly #policy: Policy;
  readonly #violations: ViolationObject[] = [];
  #status = 0;
  #risk = 0;
  #lines = 0;
  id: string | null = null;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  get isEmpty(): boolean {
    return this.#lines === 0;
  }

  add(answer: Answer, line: number): void {
    this.#lines += 1;
    if (answer['op'] === 'open') this.id = String(answer['session']);
    if (answer['op'] === 'error') this.#error(answer, line);
    const decision = answer['decision'] as Answered | undefined;
    if (decision) this.#decision(decision, line);
    if (answer['op'] === 'end') this.#result(answer, line);
  }

  #error(answer: Answer, line: number): void {
    const code = String(answer['code']);
    if (FOLLOWS.includes(code)) return;
    this.#status = STATUSES.length - 1;
    this.#risk = 1;
    this.#violations.push({ ...NOT_UNDERSTOOD, rule: code, message: String(answer['message']), line });
  }

  /** What was found in what a call gave. */
  #result({ findings = [] }: { readonly findings?: readonly ViolationObject[] }, line: number): void {
    for (const finding of findings) this.#violations.push({ ...finding, line });
    if (findings.length > 0) this.#status = STATUSES.length - 1;
  }

  #decision({ id, status, risk_score, violations }: Answered, line: number): void {
    // What waits for an approval may have it on a later line.
    if (status !== 'approval') this.#status = Math.max(this.#status, STATUSES.indexOf(status));
    this.#risk = Math.max(this.#risk, risk_score);
    for (const { approved_by: by, ...violation } of violations)
      this.#violations.push({
        ...violation,
        step_id: violation.step_id ?? id ?? null,
        ...(by !== undefined && { waiver: `approved by ${by}` }),
        line,
      });
  }

  /** @param waits - something waited for an approval to the end */
  decision(waits: boolean): DecisionObject {
    const status = STATUSES[Math.max(this.#status, waits ? STATUSES.indexOf('approval') : 0)] ?? 'deny';
    const { entry, parts } = this.#policy;
    return {
      is_valid: status === 'pass' || status === 'warn',
      status,
      risk_score: this.#risk,
      violations: this.#violations,
      entry,
      bundle: parts.parties.bundle,
    };
  }
}

/** A line that no session takes. */
const NOT_UNDERSTOOD: Omit<ViolationObject, 'rule' | 'message'> = {
  policy: 'plan-lint',
  severity: 'critical',
  enforcement: 'deny',
  category: 'SCHEMA_INVALID',
  step_index: null,
  step_id: null,
  arg_path: '',
  origin: null,
  waiver: null,
};
