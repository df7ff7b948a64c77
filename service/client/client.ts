/** A client of the service. What cannot be asked is an error, never a pass; an answer is read as strictly as a plan. */
import { parsePlan } from '@plan-lint/runtime';

export interface ClientOptions {
  /** The address of the service, as `http://127.0.0.1:8000`. */
  readonly url: string;
  /** A bearer token, or what gives one for each request. */
  readonly token: string | (() => string | Promise<string>);
  /** Milliseconds; default 10,000. */
  readonly timeout?: number;
}

export interface Violation {
  readonly rule: string;
  readonly policy: string;
  readonly message: string;
  readonly severity: 'info' | 'low' | 'medium' | 'high' | 'critical';
  readonly enforcement: 'audit' | 'warn' | 'require_approval' | 'deny';
  readonly step_id: string | null;
  readonly arg_path: string;
}

export interface Decision {
  readonly is_valid: boolean;
  readonly violations: readonly Violation[];
  readonly decision_id: string;
  readonly status: 'pass' | 'warn' | 'approval' | 'deny';
  readonly risk_score: number;
  readonly policy: string | null;
  readonly pending?: readonly Violation[];
}

/** Of a call in a session or a run. */
export interface CallDecision extends Omit<Decision, 'policy'> {
  readonly id: string;
  readonly admitted: boolean;
  readonly ticket?: string;
}

/** What is still owed; the others are there where something of the result is kept back. */
export interface SessionResult {
  readonly owed: readonly unknown[];
  /** What may be handed on, in place of what was given. */
  readonly result?: unknown;
  readonly blocked?: boolean;
  readonly findings?: readonly Violation[];
}

/** A refusal of the service, with its status and code. */
export class ServiceRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface AskOptions {
  /** An entry, a bundle, or `bundle/entry`. */
  readonly policy?: string;
  readonly values?: 'now' | 'later';
}

/**
 * Asks a service.
 *
 * @example
 * const decision = await new PlanLintClient({ url, token }).validate(plan);
 * if (!decision.is_valid) refuse(decision.violations);
 */
export class PlanLintClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** @throws ServiceRefusal, and the error of `fetch` where nobody answers */
  validate(plan: unknown, options: AskOptions = {}): Promise<Decision> {
    return this.#post(`/validate${queryOf(options)}`, plan);
  }

  openSession(options: Pick<AskOptions, 'policy'> = {}): Promise<{ readonly session_id: string }> {
    return this.#post(`/sessions${queryOf(options)}`, {});
  }

  openRun(
    plan: unknown,
    options: Pick<AskOptions, 'policy'> = {},
  ): Promise<Decision & { readonly session_id: string; readonly ticket?: string }> {
    return this.#post(`/runs${queryOf(options)}`, { plan });
  }

  call(
    session: string,
    call: { readonly tool: string; readonly args: unknown; readonly step?: string; readonly id?: string },
  ): Promise<CallDecision> {
    return this.#post(`/sessions/${encodeURIComponent(session)}/calls`, call);
  }

  result(
    session: string,
    result: { readonly id: string; readonly outcome: string; readonly result?: unknown },
  ): Promise<SessionResult> {
    return this.#post(`/sessions/${encodeURIComponent(session)}/results`, result);
  }

  approve(session: string, ticket: string): Promise<CallDecision> {
    return this.#post(`/sessions/${encodeURIComponent(session)}/approvals`, { ticket });
  }

  async #post<T>(path: string, body: unknown): Promise<T> {
    const { url, token, timeout = 10_000 } = this.#options;
    const bearer = typeof token === 'string' ? token : await token();
    const reply = await fetch(url.replace(/\/$/, '') + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
    });
    const answer = parsePlan(await reply.text()) as T & { readonly error?: string; readonly code?: string };
    if (reply.ok) return answer;
    throw new ServiceRefusal(
      reply.status,
      answer.code ?? String(reply.status),
      answer.error ?? reply.statusText,
    );
  }
}

function queryOf(options: AskOptions): string {
  const query = new URLSearchParams(Object.entries(options).filter(([, value]) => value !== undefined));
  return query.size === 0 ? '' : `?${query.toString()}`;
}
