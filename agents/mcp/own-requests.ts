/** Requests of our own, to either side: their ids are like nobody else's. */
import { randomBytes } from 'node:crypto';
import { keyOf } from './wire/message.ts';
import type { Id, JsonRecord, Message, Request, Response } from './wire/message.ts';

export class OwnRequests {
  readonly #mark = `plan-lint-${randomBytes(6).toString('hex')}-`;
  readonly #waiting = new Map<string, (answer: Response | null) => void>();
  #made = 0;

  isOurs(id: Id): boolean {
    return typeof id === 'string' && id.startsWith(this.#mark);
  }

  make(method: string, params: JsonRecord): Request {
    return { kind: 'request', id: `${this.#mark}${(this.#made += 1)}`, method, params };
  }

  /** Sends a request; its answer, or `null` where there is none in so many milliseconds. */
  answerTo(request: Request, send: (message: Message) => void, patience: number): Promise<Response | null> {
    return new Promise((resolve) => {
      const key = keyOf(request.id);
      const timer = setTimeout(() => this.#end(key, null), patience);
      this.#waiting.set(key, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      send(request);
    });
  }

  /** Takes the answer to one of them; `false` where it is to none. */
  take(answer: Response): boolean {
    return answer.id !== null && this.#end(keyOf(answer.id), answer);
  }

  /** There will be no answer. */
  lose(id: Id): void {
    this.#end(keyOf(id), null);
  }

  loseAll(): void {
    for (const key of [...this.#waiting.keys()]) this.#end(key, null);
  }

  #end(key: string, answer: Response | null): boolean {
    const resolve = this.#waiting.get(key);
    this.#waiting.delete(key);
    resolve?.(answer);
    return resolve !== undefined;
  }
}
