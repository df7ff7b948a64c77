/** Requests that do something: decided, approved, passed on, ended. */
import type { JsonValue } from '@plan-lint/runtime/json';
import type { CallDecision, EndAnswer } from '@plan-lint/runtime/session';
import { keptBackOf, reasonOf } from '../reason.ts';
import { elicitationOf, isApproval, Seals } from './approvals.ts';
import type { State } from './approvals.ts';
import type { Flight } from './flight.ts';
import type { Gate, GateCall } from './gate.ts';
import type { Listing } from './listing.ts';
import type { OwnRequests } from './own-requests.ts';
import { pseudoToolOf } from './pseudo-tools.ts';
import { resultIn } from './wire/era.ts';
import { errorAnswer, isRecord, member, RPC, without } from './wire/message.ts';
import type { JsonRecord, Message, Request, Response } from './wire/message.ts';

export interface CallsOptions {
  readonly gate: Gate;
  readonly listing: Listing;
  readonly own: OwnRequests;
  /** What stands before the server's names of tools where policies speak of them. */
  readonly prefix: string;
  /** How long a person may take to answer, in milliseconds. */
  readonly askTimeout: number;
  readonly session: string;
  readonly now: () => number;
  readonly toClient: (message: Message) => void;
  /** Answers a request that is still in flight. */
  readonly settle: (request: Request, answer: Response) => void;
  /** Passes a request on. */
  readonly send: (flight: Flight, request: Request) => void;
  readonly isOpen: (flight: Flight) => boolean;
}

/** The name of our question among those of a result that asks. */
const QUESTION = 'plan-lint-approval';
const textIn = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '[redacted]');

/** Members of `params` that belong to the exchange, and not to the call. */
const EXCHANGE = ['requestState', 'inputResponses'];

export class Calls {
  readonly #options: CallsOptions;
  readonly #seals: Seals;

  constructor(options: CallsOptions) {
    this.#options = options;
    this.#seals = new Seals(options.session, options.now);
  }

  async decide(flight: Flight): Promise<void> {
    const { request, caller } = flight;
    const { gate, listing, settle, isOpen } = this.#options;
    const call = this.#callOf(request);
    if (typeof call === 'string') {
      settle(request, errorAnswer(request.id, RPC.invalidParams, call));
      return;
    }
    const { requestState, inputResponses } = request.params ?? {};
    if (caller.era === 'stateless' && (requestState !== undefined || inputResponses !== undefined)) {
      this.#resume(flight, call, requestState, inputResponses);
      return;
    }
    const problem = await listing.problemOf(request);
    if (!isOpen(flight)) return;
    if (problem !== null) {
      gate.refuseUnasked(call.tool, problem);
      this.#deny(flight, call, `plan-lint denied \`${call.tool}\`: ${problem}.`);
      return;
    }
    this.#take(flight, call, gate.decide(call));
  }

  /** What a request does, as policies see it; or what is wrong with it. */
  #callOf({ method, params = {} }: Request): GateCall | string {
    const own = without(params, ['_meta', ...EXCHANGE]);
    const pseudo = pseudoToolOf(method);
    if (pseudo !== undefined) return { tool: pseudo, args: own };
    const { name, arguments: args = {}, ...more } = own;
    if (typeof name !== 'string') return '`name` is a text';
    if (!isRecord(args)) return '`arguments` is an object';
    if (Object.keys(more).length > 0)
      return '`tools/call` has members that plan-lint does not decide, such as `task`';
    return { tool: this.#options.prefix + name, args };
  }

  /** Goes on with what was decided. */
  #take(flight: Flight, call: GateCall, decision: CallDecision): void {
    if (decision.admitted) {
      flight.call = decision.id;
      flight.tool = call.tool;
      const { request } = flight;
      this.#send(flight, { ...request, params: without(request.params ?? {}, EXCHANGE) });
    } else if (decision.ticket !== null) this.#ask(flight, call, decision, decision.ticket);
    else this.#deny(flight, call, reasonOf(call.tool, decision, 'denied'));
  }

  /** The model reads why; whoever asked without a model gets an error. */
  #deny({ request, caller }: Flight, { tool }: GateCall, reason: string): void {
    const { settle } = this.#options;
    const { id, method } = request;
    if (method !== 'tools/call') {
      settle(request, errorAnswer(id, RPC.denied, reason, { tool }));
      return;
    }
    const result = { content: [{ type: 'text', text: reason }], isError: true };
    settle(request, { kind: 'response', id, result: resultIn(caller, result) });
  }

  /** Passes an admitted call on, and tells the session what became of it. */
  #send(flight: Flight, request: Request): void {
    flight.onAnswer = (answer) => this.#answered(flight, answer);
    this.#options.send(flight, request);
  }

  #answered(flight: Flight, answer: Response): Response {
    const { call, request } = flight;
    const { gate } = this.#options;
    const { result, error } = answer;
    const id = call ?? '';
    if (result?.['resultType'] === 'input_required') {
      // The call goes on when the client comes back, and is the same call then.
      const server = result['requestState'];
      const state: State = { call: id, ...(typeof server === 'string' && { server }) };
      return { ...answer, result: { ...result, requestState: this.#seals.seal(state, request) } };
    }
    const isFailure = error !== undefined || result?.['isError'] === true;
    // The text of an error is read by a model, too.
    const { code, ...said } = error ?? { code: RPC.internal };
    const ended = gate.end(id, isFailure ? 'failed' : 'succeeded', result ?? said);
    if (!ended || ended.findings.length === 0) return answer;
    if (ended.blocked) return this.#keptBack(flight, ended);
    const kept = ended.result as JsonRecord;
    if (error === undefined) return { ...answer, result: kept };
    return errorAnswer(answer.id, code, textIn(kept['message']), kept['data']);
  }

  /** The model reads that the call was made, and why it reads nothing of what it gave. */
  #keptBack({ request, caller, tool }: Flight, ended: EndAnswer): Response {
    const { id, method } = request;
    const reason = keptBackOf(tool ?? method, ended);
    if (method !== 'tools/call') return errorAnswer(id, RPC.denied, reason);
    const result = { content: [{ type: 'text', text: reason }], isError: true };
    return { kind: 'response', id, result: resultIn(caller, result) };
  }

  /** A client comes back with what it was asked for. */
  #resume(
    flight: Flight,
    call: GateCall,
    sealed: JsonValue | undefined,
    answers: JsonValue | undefined,
  ): void {
    const { request, caller } = flight;
    const opened =
      typeof sealed === 'string'
        ? this.#seals.open(sealed, request)
        : { problem: '`requestState` is missing' };
    if ('problem' in opened) {
      this.#options.settle(request, errorAnswer(request.id, RPC.invalidParams, opened.problem));
      return;
    }
    const { call: id, ticket, server } = opened.state;
    if (ticket !== undefined) {
      this.#settleTicket(flight, call, { id, ticket }, isApproval(member(answers, QUESTION)), caller.name);
      return;
    }
    flight.call = id;
    flight.tool = call.tool;
    const params = without(request.params ?? {}, ['requestState']);
    this.#send(flight, {
      ...request,
      params: { ...params, ...(server !== undefined && { requestState: server }) },
    });
  }

  #settleTicket(
    flight: Flight,
    call: GateCall,
    { id, ticket }: { readonly id: string; readonly ticket: string },
    isYes: boolean,
    name: string,
  ): void {
    const { gate } = this.#options;
    if (isYes) {
      this.#take(flight, call, gate.approve(call, ticket, `elicitation by ${name}`));
      return;
    }
    gate.refuse(call, id, 'nobody approved it');
    this.#deny(flight, call, `plan-lint denied \`${call.tool}\`: it needs an approval, and nobody gave it.`);
  }

  #ask(flight: Flight, call: GateCall, decision: CallDecision, ticket: string): void {
    const { gate, settle } = this.#options;
    const { request, caller } = flight;
    const { id } = decision;
    if (!caller.canAsk) {
      gate.refuse(call, id, 'the client cannot ask');
      const head = 'denied, for it needs an approval and this client can ask nobody,';
      this.#deny(flight, call, reasonOf(call.tool, decision, head));
      return;
    }
    const params = elicitationOf(call, decision);
    if (caller.era === 'stateless') {
      const requestState = this.#seals.seal({ call: id, ticket }, request);
      const inputRequests = { [QUESTION]: { method: 'elicitation/create', params } };
      const result = { resultType: 'input_required', inputRequests, requestState };
      settle(request, { kind: 'response', id: request.id, result });
      return;
    }
    void this.#askNow(flight, call, { id, ticket }, params);
  }

  /** The era of the handshake: the client is asked while its own request waits. */
  async #askNow(
    flight: Flight,
    call: GateCall,
    waiting: { readonly id: string; readonly ticket: string },
    params: JsonRecord,
  ): Promise<void> {
    const { own, toClient, askTimeout, isOpen, gate } = this.#options;
    const question = own.make('elicitation/create', params);
    const answer = await own.answerTo(question, toClient, askTimeout);
    if (answer === null)
      toClient({
        kind: 'notification',
        method: 'notifications/cancelled',
        params: { requestId: question.id, reason: 'nobody answered in time' },
      });
    try {
      if (isOpen(flight))
        this.#settleTicket(flight, call, waiting, isApproval(answer?.result), flight.caller.name);
      else gate.refuse(call, waiting.id, 'the client took the request back');
    } catch {
      this.#deny(flight, call, `plan-lint denied \`${call.tool}\`: its approval could not be taken.`);
    }
  }
}
