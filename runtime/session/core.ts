/** What sessions and runs have in common: calls are asked one by one, approved, ended, and what is owed is told. */
import { OUTCOMES } from '../contract.ts';
import type {
  CallVerdict,
  Decision,
  Kept,
  OpenSessions,
  Outcome,
  PlannedCall,
  ResultVerdict,
  SessionModule,
  SessionState,
  Source,
  Violation,
  ViolationData,
} from '../contract.ts';
import { asData, decision, readViolations, refused, STATUSES } from '../decision.ts';
import { digestOf } from '../digest.ts';
import { BundleError, refuseAs } from '../errors.ts';
import type { Policy, PolicyParts } from '../evaluate.ts';
import { clock, freeze, isArray } from '../platform.ts';
import { frozenCopy } from './copy.ts';
import { callDecision, refusedCall, type CallDecision } from './decision.ts';
import { SessionError } from './errors.ts';
import { limitsOf, type SessionLimits } from './limits.ts';

export interface SessionOptions {
  /** Names the session: tickets and snapshots are of it and of no other. */
  readonly id: string;
  /** What the caller vouches for: who is asking, role, environment. It stays the same as long as the session lives. */
  readonly context?: unknown;
  /** Milliseconds since the epoch; the clock when absent. */
  readonly now?: number;
  readonly limits?: Partial<SessionLimits>;
}

/** Who approved, and when: milliseconds since the epoch, the clock when absent. */
export interface Approval {
  readonly by: string;
  readonly at?: number;
}

/** How a call ended. */
export interface EndOptions {
  readonly outcome: Outcome;
  /** What it gave; left out where nobody hands it over. */
  readonly result?: unknown;
}

/** What may be done with a result. */
export interface EndAnswer {
  /** What may be handed on, in place of what was given; `null` where it is blocked. */
  readonly result: unknown;
  readonly blocked: boolean;
  /** What `results` of the policy found in it; empty for most. */
  readonly findings: readonly Violation[];
  toJSON(): EndAnswerData;
}

/** The same as JSON has it. */
export interface EndAnswerData {
  readonly result: unknown;
  readonly blocked: boolean;
  readonly findings: readonly ViolationData[];
}

/** A class: what it inherits is no member of an answer. */
class Ended implements EndAnswer {
  readonly result: unknown;
  readonly blocked: boolean;
  readonly findings: readonly Violation[];

  constructor(result: unknown, blocked: boolean, findings: readonly Violation[]) {
    this.result = result;
    this.blocked = blocked;
    this.findings = findings;
    freeze(this);
  }

  toJSON(): EndAnswerData {
    const { result, blocked, findings } = this;
    return { result, blocked, findings: findings.map((one) => asData<ViolationData>(one)) };
  }
}
freeze(Ended.prototype);

/** Something that must follow a call and has not yet. */
export interface Obligation {
  /** The call that owes it. */
  readonly id: string;
  readonly rule: string;
  readonly message: string;
  readonly origin: Violation['origin'];
}

/** A call as the core is asked about it. */
export interface CoreCall {
  readonly id: string;
  readonly tool: string;
  readonly args: unknown;
  readonly reads: readonly string[] | null;
  /** In a run: where in the arguments they stand. */
  readonly sources: readonly Source[] | null;
  /** Rules of which findings on this call were approved before, by index, with who did. */
  readonly settled: ReadonlyMap<number, string>;
  /** In a run: the step that is called for the first time. */
  readonly planned: PlannedCall | null;
}

/** A call that waits for an approval. */
interface Waiting {
  readonly call: CoreCall;
  readonly approvals: readonly number[];
}

/** What a snapshot holds of the core. */
export type CoreState = readonly [
  state: Kept,
  last: number,
  ids: readonly string[],
  used: readonly string[],
  running: readonly string[],
  waiting: readonly (readonly [
    ticket: string,
    call: readonly [
      id: string,
      tool: string,
      args: unknown,
      reads: readonly string[] | null,
      planned: PlannedCall | null,
      sources?: readonly Source[] | null,
    ],
    settled: readonly (readonly [rule: number, by: string])[],
    approvals: readonly number[],
  ])[],
  ended: number,
];

/** @throws BundleError `capability_missing` where the bundle was built without `session` */
function moduleOf({ module, entries, planLimits }: PolicyParts): SessionModule {
  const open = module.session as OpenSessions | undefined;
  if (!open) throw new BundleError('capability_missing', 'session');
  return refuseAs('module_failed', () => open(entries, planLimits ?? {}));
}

export class SessionCore {
  readonly id: string;
  readonly parts: PolicyParts;
  readonly module: SessionModule;
  readonly limits: SessionLimits;
  readonly context: unknown;
  #state: SessionState;
  /** The latest time that was told. */
  #last: number;
  readonly #ids = new Set<string>();
  readonly #running = new Set<string>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #used = new Set<string>();
  #closed = false;
  #made = 0;

  /** @param head - of a run: what the plan says beside its steps */
  constructor(
    { parts }: Policy,
    options: SessionOptions,
    saved: CoreState | null,
    head?: Readonly<Record<string, unknown>>,
  ) {
    const { id, context, now = clock(), limits } = options;
    if (typeof id !== 'string' || id === '' || id.length > 256)
      throw new SessionError('session.argument', '`id` names the session, in up to 256 characters');
    if (!Number.isFinite(now))
      throw new SessionError('session.argument', '`now` is a number of milliseconds');
    this.id = id;
    this.parts = parts;
    this.module = moduleOf(parts);
    this.limits = limitsOf(limits);
    // Whoever holds the context may not change what is being decided by.
    this.context =
      context === undefined
        ? undefined
        : argument('`context` is data as JSON has it', () => frozenCopy(context));
    const [state = null, last = now, ids = [], used = [], running = [], waiting = [], made = 0] = saved ?? [];
    this.#state = refuseAs('module_failed', () => this.module.open(this.context, state, head));
    this.#last = now > last ? now : last;
    for (const each of ids) this.#ids.add(each);
    for (const each of used) this.#used.add(each);
    for (const each of running) this.#running.add(each);
    for (const [ticket, [own, tool, args, reads, planned, sources = null], settled, approvals] of waiting)
      this.#waiting.set(ticket, {
        call: { id: own, tool, args, reads, sources, settled: new Map(settled), planned },
        approvals,
      });
    this.#made = made;
  }

  /** Time never goes back. */
  tell(now: number | undefined): number {
    const told = now ?? clock();
    // What is no instant decides nothing, and is said; later ones are not held to it.
    if (!Number.isFinite(told)) return told;
    if (told > this.#last) this.#last = told;
    return this.#last;
  }

  /** An id for a call that has none. */
  nextId(isTaken: (id: string) => boolean = () => false): string {
    do this.#made += 1;
    while (this.#ids.has(`call-${this.#made}`) || isTaken(`call-${this.#made}`));
    return `call-${this.#made}`;
  }

  /** Of a run: sets aside what a step that has not been called will count, as far as it is known. */
  reserve(step: PlannedCall): void {
    this.#state.reserve(step);
  }

  refuse(id: string, rule: string, message: string): CallDecision {
    return refusedCall({ parties: this.parts.parties, id, skipped: this.module.skipped }, rule, message);
  }

  /** Decides a call; never throws. */
  ask(call: CoreCall, now: number | undefined): CallDecision {
    const before = this.#last;
    try {
      const told = this.tell(now);
      const reason = this.#obstacle(call, told, before);
      if (reason) return this.refuse(call.id, ...reason);
      return this.#decide(call, told);
    } catch {
      // A getter or proxy in the arguments, or a module that breaks its contract: nothing was decided.
      return this.refuse(call.id, 'runtime.error', 'the call could not be decided');
    }
  }

  #obstacle(call: CoreCall, now: number, before: number): readonly [rule: string, message: string] | null {
    const { id, tool, reads } = call;
    if (this.#closed) return ['session.closed', 'the session is closed'];
    const problem = this.parts.problem(now);
    if (problem) return [problem.rule, problem.message];
    const { calls, running, characters, idle } = this.limits;
    if (now - before > idle) {
      this.#closed = true;
      return ['session.idle', 'nothing was asked for longer than the session lives'];
    }
    if (typeof id !== 'string' || id === '' || typeof tool !== 'string')
      return ['session.call', 'a call has `tool`, a text, and may have `id`, a text that is not empty'];
    if (this.#ids.has(id)) return ['session.id_taken', 'a call of this id was admitted before'];
    const isKnown = (each: unknown): boolean => typeof each === 'string' && this.#ids.has(each);
    if (reads !== null && !(isArray(reads) && reads.every(isKnown)))
      return ['session.unknown_read', '`reads` lists ids of calls that were admitted before'];
    if (this.#ids.size >= calls) return full(`${calls} calls`);
    if (this.#running.size >= running) return full(`${running} calls that run`);
    if (this.#state.size() >= characters) return full(`${characters} characters`);
    return null;
  }

  #decide(call: CoreCall, now: number): CallDecision {
    const { id, tool, args, reads, sources, settled, planned } = call;
    const rules = settled.size === 0 ? NO_RULES : [...settled.keys()];
    const verdict = this.#state.call({ id, tool, args, reads, sources, settled: rules, planned }, now);
    if (verdict.status === 2) return this.#waitFor(call, verdict);
    if (verdict.status < 2) {
      this.#ids.add(id);
      this.#running.add(id);
    }
    return this.#say(call, verdict, null);
  }

  #waitFor(call: CoreCall, verdict: CallVerdict): CallDecision {
    const { approvals } = verdict;
    const kept = { ...call, args: frozenCopy(call.args), reads: call.reads && [...call.reads] };
    const ticket = this.#ticketOf(kept, approvals);
    if (this.#used.has(ticket))
      return this.refuse(call.id, 'session.ticket_used', 'this call was approved and settled before');
    for (const [other, { call: waiting }] of this.#waiting)
      if (waiting.id === call.id) this.#waiting.delete(other);
    if (this.#waiting.size >= this.limits.waiting)
      return this.refuse(call.id, ...full(`${this.limits.waiting} calls that wait`));
    this.#waiting.set(ticket, { call: kept, approvals });
    return this.#say(call, verdict, ticket);
  }

  /** sha256 of what is approved: this call, with these arguments, against these rules, in this session. */
  #ticketOf({ id, tool, args }: CoreCall, approvals: readonly number[]): string {
    const rules = approvals.map((index) => this.module.ruleId(index));
    return digestOf({ session: this.id, id, tool, rules, args });
  }

  #say({ id, settled }: CoreCall, verdict: CallVerdict, ticket: string | null): CallDecision {
    const { parties } = this.parts;
    const approvals =
      settled.size === 0
        ? NO_APPROVALS
        : new Map([...settled].map(([index, by]) => [this.module.ruleId(index), by]));
    return callDecision({ parties, id, ticket, skipped: this.module.skipped, approvals }, verdict);
  }

  /**
   * @param admitted - is told of the id of the call where it is admitted
   */
  approve(ticket: string, { by, at }: Approval): CallDecision {
    if (typeof by !== 'string' || by === '')
      throw new SessionError('session.argument', '`by` says who approves');
    if (this.#closed) throw new SessionError('session.closed');
    const waiting = this.#waiting.get(ticket);
    if (!waiting)
      throw new SessionError(this.#used.has(ticket) ? 'session.ticket_used' : 'session.ticket_unknown');
    const { call, approvals } = waiting;
    const settled = new Map(call.settled);
    for (const index of approvals) settled.set(index, by);
    const answer = this.ask({ ...call, settled }, at);
    if (answer.status === 'deny') return answer;
    this.#waiting.delete(ticket);
    this.#used.add(ticket);
    return answer;
  }

  end(id: string, { outcome, result }: EndOptions): EndAnswer {
    if (!OUTCOMES.includes(outcome))
      throw new SessionError('session.argument', `\`outcome\` is one of ${OUTCOMES.join(', ')}`);
    if (this.#closed) throw new SessionError('session.closed');
    if (!this.#running.has(id)) throw new SessionError('session.unknown_call');
    // One that is told while a call is being decided is told nobody: it can be told again.
    const verdict = this.#state.end(id, outcome, result) as ResultVerdict | undefined;
    this.#running.delete(id);
    // Modules of before `results` look at none.
    if (!verdict || verdict.violations.length === 0)
      return new Ended(verdict ? verdict.result : result, false, NO_FINDINGS);
    return new Ended(verdict.result, verdict.isBlocked, freeze(readViolations(verdict.violations, '')));
  }

  get owed(): readonly Obligation[] {
    return freeze(
      this.#state.owed(this.#last).map(({ id, violation }) => {
        const { rule, message, origin } = violation;
        return freeze({ id, rule, message, origin });
      }),
    );
  }

  close(now: number | undefined): Decision {
    const { parties } = this.parts;
    const told = this.tell(now);
    this.#closed = true;
    try {
      const { status, risk, violations } = this.#state.close(told);
      return decision(parties, STATUSES[status] ?? 'deny', risk, () => readViolations(violations, ''));
    } catch {
      return refused(parties, 'runtime.error', 'what is owed could not be told');
    }
  }

  save(): CoreState {
    if (this.#closed) throw new SessionError('session.closed');
    const waiting = [...this.#waiting].map(
      ([ticket, { call, approvals }]) =>
        [
          ticket,
          [call.id, call.tool, call.args, call.reads, call.planned, call.sources],
          [...call.settled],
          approvals,
        ] as const,
    );
    return [
      this.#state.save(),
      this.#last,
      [...this.#ids],
      [...this.#used],
      [...this.#running],
      waiting,
      this.#made,
    ];
  }
}

const NO_RULES: readonly number[] = freeze([]);
const NO_FINDINGS: readonly Violation[] = freeze([]);
const NO_APPROVALS: ReadonlyMap<string, string> = new Map();
/** Of a call that nobody has approved anything of. */
export const UNSETTLED: CoreCall['settled'] = new Map();

const full = (what: string): readonly [rule: string, message: string] => [
  'session.full',
  `the session holds ${what}, which is the most`,
];

/** What the caller hands over, read; whatever is thrown says that it is not as documented. */
function argument<T>(detail: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new SessionError('session.argument', detail);
  }
}
