/**
 * Between a client and a server: every message is read strictly, told by its method what becomes of it, and written anew. A request that
 * does something is decided first; a method that nobody knows goes nowhere.
 */
import type { JsonValue } from '@plan-lint/runtime/json';
import { Calls } from './calls.ts';
import { flightOf } from './flight.ts';
import type { Flight } from './flight.ts';
import type { Gate } from './gate.ts';
import { Listing } from './listing.ts';
import { CLIENT_NOTIFICATIONS, REQUESTS, SERVER_NOTIFICATIONS, SERVER_REQUESTS } from './methods.ts';
import type { Handling } from './methods.ts';
import { OwnRequests } from './own-requests.ts';
import { nameOf, toolsOf } from './pins.ts';
import type { Pins } from './pins.ts';
import { callerIn, callerOf, resultIn, unknownCaller } from './wire/era.ts';
import type { Caller } from './wire/era.ts';
import {
  errorAnswer,
  hasEscapedName,
  isRecord,
  keyOf,
  member,
  readMessage,
  RPC,
  WireError,
  without,
} from './wire/message.ts';
import type { JsonRecord, Message, Notification, Request, Response } from './wire/message.ts';

export interface RelayOptions {
  readonly gate: Gate;
  /** `null` where definitions of tools are not held against a catalog. */
  readonly pins: Pins | null;
  /** What stands before the server's names of tools where policies speak of them. */
  readonly prefix: string;
  /** How long a person may take to answer, in milliseconds. */
  readonly askTimeout: number;
  readonly session: string;
  readonly now: () => number;
  readonly toClient: (message: Message) => void;
  readonly toServer: (message: Message) => void;
  /** For the operator. */
  readonly note: (text: string) => void;
  /** What `plan-lint/health` answers beside what is known here. */
  readonly facts: () => JsonRecord;
}

export class Relay {
  readonly #options: RelayOptions;
  readonly #flights = new Map<string, Flight>();
  /** Requests of the server that the client has not answered. */
  readonly #asked = new Set<string>();
  readonly #own = new OwnRequests();
  readonly #calls: Calls;
  #caller: Caller = unknownCaller();
  /** What becomes of a request, by the table. */
  readonly #handle: Readonly<Record<Handling, (flight: Flight) => void | Promise<void>>> = {
    pass: (flight) => this.#send(flight, flight.request),
    decide: (flight) => this.#calls.decide(flight),
    list: (flight) => this.#list(flight),
    hello: (flight) => this.#hello(flight),
    health: ({ request, caller }) =>
      this.#settle(request, { kind: 'response', id: request.id, result: this.#health(caller) }),
  };

  constructor(options: RelayOptions) {
    this.#options = options;
    const own = this.#own;
    this.#calls = new Calls({
      ...options,
      own,
      listing: new Listing({ ...options, own }),
      settle: (request, answer) => this.#settle(request, answer),
      send: (flight, request) => this.#send(flight, request),
      isOpen: (flight) => this.#flights.get(keyOf(flight.request.id)) === flight,
    });
  }

  /** Takes a text of the client. */
  fromClient(text: string): void {
    const { toClient, note } = this.#options;
    let message: Message;
    try {
      message = readMessage(text);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      toClient(errorAnswer(error.id, error.code, error.message));
      return;
    }
    if (message.kind === 'response') this.#answerOfClient(message);
    else if (message.kind === 'notification') this.#notificationOfClient(message);
    else
      void this.#request(message).catch((error: unknown) => {
        note(`a request was refused: ${error instanceof Error ? error.message : String(error)}`);
        this.#settle(
          message,
          errorAnswer(message.id, RPC.internal, 'plan-lint could not decide this request'),
        );
      });
  }

  /** Takes a text of the server. */
  fromServer(text: string): void {
    let message: Message;
    try {
      message = readMessage(text);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#unreadable(text, error.message);
      return;
    }
    if (message.kind === 'response') this.#answerOfServer(message);
    else if (message.kind === 'notification') this.#notificationOfServer(message);
    else this.#requestOfServer(message);
  }

  /** There will be no answers any more. */
  serverEnded(reason: string): void {
    for (const flight of [...this.#flights.values()])
      this.#fail(flight, `${reason}; whether the call was carried out is not known`);
    this.#own.loseAll();
  }

  /** A message did not reach the server. */
  lost(message: Message, reason: string): void {
    if (message.kind !== 'request') return;
    this.#own.lose(message.id);
    const flight = this.#flights.get(keyOf(message.id));
    // One that was answered has gone, and its id may be another one's by now.
    if (flight?.sent === message) this.#fail(flight, reason);
  }

  #fail({ request, call }: Flight, reason: string): void {
    if (call !== null) this.#options.gate.end(call, 'unknown');
    this.#settle(request, errorAnswer(request.id, RPC.internal, reason));
  }

  /** Answers a request that is still in flight. */
  #settle({ id }: Request, answer: Response): void {
    if (this.#flights.delete(keyOf(id))) this.#options.toClient(answer);
  }

  async #request(request: Request): Promise<void> {
    const { id, method, params } = request;
    const refusal = this.#refusalOf(request);
    if (refusal) {
      this.#options.toClient(refusal);
      return;
    }
    const flight = flightOf(request, callerIn(params) ?? this.#caller);
    this.#flights.set(keyOf(id), flight);
    await this.#handle[REQUESTS[method] ?? 'decide'](flight);
  }

  /** Why a request goes nowhere, whatever policies say. */
  #refusalOf({ id, method, params }: Request): Response | null {
    if (this.#flights.has(keyOf(id)) || this.#own.isOurs(id))
      return errorAnswer(id, RPC.invalid, 'a request with this `id` has not been answered yet');
    if (!Object.hasOwn(REQUESTS, method))
      return errorAnswer(id, RPC.unknownMethod, 'plan-lint does not pass this method on');
    if (!hasEscapedName(params)) return null;
    const why = 'the name of a member has to be written with an escape, and readers differ in what it is';
    return errorAnswer(id, RPC.invalidParams, why);
  }

  #send(flight: Flight, request: Request): void {
    flight.sent = request;
    this.#options.toServer(request);
  }

  /** Tasks would bring results past us, so nobody hears of them. */
  #hello(flight: Flight): void {
    const { request } = flight;
    if (request.method === 'initialize') this.#caller = callerOf(request.params);
    flight.onAnswer = (answer) => {
      const { result } = answer;
      const capabilities = member(result, 'capabilities');
      if (!result || !isRecord(capabilities)) return answer;
      return { ...answer, result: { ...result, capabilities: without(capabilities, ['tasks']) } };
    };
    this.#send(flight, request);
  }

  #health(caller: Caller): JsonRecord {
    const { gate, pins, facts } = this.#options;
    const { problem, owed } = gate;
    return resultIn(caller, {
      ok: problem === null,
      ...(problem !== null && { problem }),
      session: { ...gate.counts, owed: owed.length },
      pinned: pins !== null,
      ...facts(),
    });
  }

  /** Whether a tool is shown, by its name and what the server says of it. */
  #isShown(tool: JsonValue, seen: Set<string>): boolean {
    const { gate, pins, prefix } = this.#options;
    const name = nameOf(tool);
    if (name === null || !isRecord(tool) || seen.has(name)) return false;
    seen.add(name);
    pins?.see(name, tool);
    if (pins && pins.ofDefinition(name, tool) !== null) return false;
    return !gate.hides(prefix + name);
  }

  #list(flight: Flight): void {
    flight.onAnswer = (answer) => {
      const { result } = answer;
      if (!result) return answer;
      const seen = new Set<string>();
      const tools = toolsOf(result).filter((tool) => this.#isShown(tool, seen));
      return { ...answer, result: { ...result, tools } };
    };
    this.#send(flight, flight.request);
  }

  #notificationOfClient(message: Notification): void {
    const { toServer, note } = this.#options;
    const { method, params } = message;
    if (hasEscapedName(params)) note('a notification with an escaped name was left out');
    else if (CLIENT_NOTIFICATIONS.includes(method)) toServer(message);
    else if (method === 'notifications/cancelled') this.#cancelled(message);
    else note('a notification that plan-lint does not know was left out');
  }

  #cancelled(message: Notification): void {
    const { gate, toServer } = this.#options;
    const id = member(message.params, 'requestId');
    if (typeof id !== 'string' && typeof id !== 'number') return;
    const flight = this.#flights.get(keyOf(id));
    if (!flight) return;
    this.#flights.delete(keyOf(id));
    // Whether it was carried out, nobody will say.
    if (flight.call !== null) gate.end(flight.call, 'unknown');
    if (flight.sent) toServer(message);
  }

  #answerOfClient(answer: Response): void {
    const { toServer, note } = this.#options;
    if (answer.id === null) return;
    if (this.#own.take(answer)) return;
    if (this.#asked.delete(keyOf(answer.id))) {
      if (hasEscapedName(answer.result))
        toServer(errorAnswer(answer.id, RPC.internal, 'the answer holds a name with an escape'));
      else toServer(answer);
    } else note('an answer to nothing was left out');
  }

  #answerOfServer(answer: Response): void {
    const { toClient, note } = this.#options;
    if (answer.id === null) {
      note('the server could not read a message');
      return;
    }
    if (this.#own.take(answer)) return;
    const key = keyOf(answer.id);
    const flight = this.#flights.get(key);
    if (!flight?.sent) {
      note('an answer of the server to nothing was left out');
      return;
    }
    this.#flights.delete(key);
    toClient(flight.onAnswer(answer));
  }

  #notificationOfServer(message: Notification): void {
    const { toClient, pins, note } = this.#options;
    const { method } = message;
    if (method === 'notifications/tools/list_changed') pins?.forget();
    if (SERVER_NOTIFICATIONS.includes(method)) toClient(message);
    else note('a notification of the server that plan-lint does not know was left out');
  }

  #requestOfServer(request: Request): void {
    const { toClient, toServer } = this.#options;
    const { id, method } = request;
    const key = keyOf(id);
    if (this.#asked.has(key) || this.#own.isOurs(id))
      toServer(errorAnswer(id, RPC.invalid, 'a request with this `id` has not been answered yet'));
    else if (!SERVER_REQUESTS.includes(method))
      toServer(errorAnswer(id, RPC.unknownMethod, 'plan-lint does not pass this method on'));
    else {
      this.#asked.add(key);
      toClient(request);
    }
  }

  /** Whoever may wait for an answer that cannot be read hears so; what it was nobody knows. */
  #unreadable(text: string, why: string): void {
    this.#options.note(`the server wrote what is no message: ${why}`);
    for (const flight of [...this.#flights.values()]) {
      const written = JSON.stringify(flight.request.id).replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      if (flight.sent && new RegExp(`"id"\\s*:\\s*${written}\\s*[,}]`).test(text))
        this.#fail(flight, `the server's answer cannot be read: ${why}`);
    }
  }
}
