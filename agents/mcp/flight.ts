/** A request of the client that has not been answered. */
import type { Caller } from './wire/era.ts';
import type { Request, Response } from './wire/message.ts';

export interface Flight {
  readonly request: Request;
  readonly caller: Caller;
  /** The admitted call that it is. */
  call: string | null;
  /** How policies name the tool of that call. */
  tool: string | null;
  /** What the server was sent of it. */
  sent: Request | null;
  /** What the client is told of the server's answer. */
  onAnswer: (answer: Response) => Response;
}

export const flightOf = (request: Request, caller: Caller): Flight => ({
  request,
  caller,
  call: null,
  tool: null,
  sent: null,
  onAnswer: (answer) => answer,
});
