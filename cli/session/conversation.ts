/** The protocol of `plan-lint session`: one JSON object a line asks, one line answers. */
import type { Decision, Policy } from '@plan-lint/runtime';
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { openRun, openSession, SessionError } from '@plan-lint/runtime/session';
import type { CallDecision, Run, Sealing, Session } from '@plan-lint/runtime/session';

/** What is asked for on one line. */
type Asked = Readonly<Record<string, unknown>>;

/** What is answered; it is written as one line of JSON. */
export type Answer = Readonly<Record<string, unknown>>;

/** A line that is not understood; the session stays as it was. */
class LineError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The members that an operation takes, beside `op`. */
const MEMBERS: Readonly<
  Record<string, { readonly needs: readonly string[]; readonly may: readonly string[] }>
> = {
  open: { needs: [], may: ['session', 'context', 'resume', 'plan'] },
  call: { needs: ['tool', 'args'], may: ['id', 'step', 'reads', 'now'] },
  end: { needs: ['id', 'outcome'], may: ['result'] },
  approve: { needs: ['ticket', 'by'], may: ['at'] },
  owed: { needs: [], may: [] },
  snapshot: { needs: [], may: [] },
  close: { needs: [], may: ['now'] },
};

/** What a member must be, where it is there; a session judges the others. */
const TYPES: Readonly<Record<string, 'string' | 'number'>> = {
  session: 'string',
  resume: 'string',
  id: 'string',
  step: 'string',
  tool: 'string',
  now: 'number',
  at: 'number',
  ticket: 'string',
  by: 'string',
  outcome: 'string',
};

export interface ConversationOptions {
  readonly sealing: Sealing | undefined;
  /** Milliseconds since the epoch, for lines that do not say. */
  readonly now: () => number;
  /** What the caller vouches for, where `open` does not say. */
  readonly context?: unknown;
}

const DEEPEST = 200;

/** One session, driven by lines. */
export class Conversation {
  readonly #policy: Policy;
  readonly #options: ConversationOptions;
  #session: Session | Run | null = null;
  #isClosed = false;
  /** Calls that wait for an approval, by id; and a plan, by its ticket. */
  readonly #waiting = new Set<string>();
  #denied = 0;
  #keptBack = 0;
  #errors = 0;
  #owed = 0;

  constructor(policy: Policy, options: ConversationOptions) {
    this.#policy = policy;
    this.#options = options;
  }

  /** Calls that were denied, that waited for an approval to the end, or of whose results something was kept back; and what was owed at the close. */
  get findings(): number {
    return this.#denied + this.#keptBack + this.#waiting.size + this.#owed;
  }

  /** Whether something waits for an approval. */
  get waits(): boolean {
    return this.#waiting.size > 0;
  }

  /** Lines that were not understood. */
  get errors(): number {
    return this.#errors;
  }

  /** Answers one line. */
  answer(text: string, line: number): Answer {
    try {
      return this.#dispatch(readLine(text));
    } catch (error) {
      this.#errors += 1;
      if (error instanceof LineError || error instanceof SessionError)
        return { op: 'error', code: error.code, message: error.message, line };
      throw error;
    }
  }

  /** Says what the end of the input means: it closes; `null` where it is closed already. */
  end(): Answer | null {
    return this.#isClosed ? null : this.#close({});
  }

  #dispatch(asked: Asked): Answer {
    const op = asked['op'];
    if (op === 'open') return this.#open(asked);
    if (this.#isClosed) throw new LineError('session.closed', 'the session is closed');
    const session = this.#opened();
    switch (op) {
      case 'call':
        return this.#decided('call', session.call({ ...asked, now: this.#at(asked['now']) } as never));
      case 'approve': {
        const { ticket, by, at } = asked as { ticket: string; by: string; at?: number };
        const answer = session.approve(ticket, { by, at: this.#at(at) });
        if (isOfCall(answer)) return this.#decided('approve', answer);
        // The plan of a run: what was approved is its decision.
        this.#waiting.delete(ticket);
        return { op, decision: answer.toJSON() };
      }
      case 'end': {
        const { id, outcome, result } = asked as { id: string; outcome: never; result?: unknown };
        const answer = session.end(id, { outcome, ...('result' in asked && { result }) });
        if (answer.findings.length === 0) return { op, id };
        this.#keptBack += 1;
        return { op, id, ...answer.toJSON() };
      }
      case 'owed':
        return { op, owed: session.owed };
      case 'snapshot':
        return { op, snapshot: Buffer.from(session.snapshot()).toString('base64') };
      default:
        return this.#close(asked);
    }
  }

  #open(asked: Asked): Answer {
    if (this.#session) throw new LineError('session.line', '`open` stands on the first line, if at all');
    const {
      session = 'session',
      context = this.#options.context,
      resume,
    } = asked as {
      session?: string;
      context?: unknown;
      resume?: string;
    };
    const options = {
      id: session,
      context,
      now: this.#options.now(),
      ...(this.#options.sealing && { sealing: this.#options.sealing }),
      ...(resume !== undefined && { resume: Buffer.from(resume, 'base64') }),
    };
    if (!('plan' in asked)) {
      this.#session = openSession(this.#policy, options);
      return { op: 'open', session, ...skippedIn(this.#session) };
    }
    const run = openRun(this.#policy, asked['plan'], options);
    this.#session = run;
    if (run.decision.status === 'deny') this.#denied += 1;
    if (run.ticket !== null) this.#waiting.add(run.ticket);
    const { ticket, decision } = run;
    return {
      op: 'open',
      session,
      decision: { ...decision.toJSON(), ...(ticket !== null && { ticket }) },
      ...skippedIn(run),
    };
  }

  #opened(): Session | Run {
    if (!this.#session) this.#open({});
    return this.#session as unknown as Session | Run;
  }

  #at(now: unknown): number {
    return typeof now === 'number' ? now : this.#options.now();
  }

  #decided(op: string, decision: CallDecision): Answer {
    const { id, status, ticket } = decision;
    this.#waiting.delete(id);
    if (ticket !== null) this.#waiting.add(id);
    if (status === 'deny') this.#denied += 1;
    return { op, id, decision: decision.toJSON() };
  }

  #close(asked: Asked): Answer {
    const decision = this.#opened().close(this.#at(asked['now']));
    this.#isClosed = true;
    this.#owed = decision.valid ? 0 : decision.violations.length;
    return { op: 'close', decision: decision.toJSON() };
  }
}

const isOfCall = (decision: CallDecision | Decision): decision is CallDecision => 'admitted' in decision;

const skippedIn = ({ skipped }: Session | Run): object => (skipped.length > 0 ? { skipped } : {});

/** @throws LineError for what no operation says */
function readLine(text: string): Asked {
  let asked: unknown;
  try {
    asked = parseJson(text, DEEPEST);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new LineError('session.line', `the line is no JSON as it must be: ${error.message}`);
  }
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked))
    throw new LineError('session.line', 'a line is an object with `op`');
  const given = asked as Asked;
  const op = given['op'];
  const members = typeof op === 'string' && Object.hasOwn(MEMBERS, op) ? MEMBERS[op] : undefined;
  if (!members) throw new LineError('session.line', `\`op\` is one of ${Object.keys(MEMBERS).join(', ')}`);
  const missing = members.needs.find((key) => !Object.hasOwn(given, key));
  if (missing !== undefined) throw new LineError('session.line', `\`${String(op)}\` needs \`${missing}\``);
  for (const key of Object.keys(given)) {
    if (key === 'op') continue;
    if (!members.needs.includes(key) && !members.may.includes(key))
      throw new LineError(
        'session.line',
        `\`${String(op)}\` takes ${[...members.needs, ...members.may].map((each) => `\`${each}\``).join(', ') || 'nothing'} beside \`op\``,
      );
    const type = TYPES[key];
    if (type !== undefined && typeof given[key] !== type)
      throw new LineError('session.line', `\`${key}\` is a ${type === 'string' ? 'text' : 'number'}`);
  }
  return given;
}
