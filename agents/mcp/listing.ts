/** The server's list of tools, asked for as the client would, before a pinned tool is called. */
import type { JsonValue } from '@plan-lint/runtime/json';
import type { OwnRequests } from './own-requests.ts';
import { pinMessage, toolsOf } from './pins.ts';
import type { Pins } from './pins.ts';
import { ownMeta } from './wire/era.ts';
import { member } from './wire/message.ts';
import type { JsonRecord, Message, Request } from './wire/message.ts';

/** A list has no more pages than this. */
const MOST_PAGES = 100;
/** How long the server may take for one; milliseconds. */
const PATIENCE = 30_000;

export interface ListingOptions {
  readonly pins: Pins | null;
  readonly own: OwnRequests;
  readonly toServer: (message: Message) => void;
  readonly note: (text: string) => void;
}

export class Listing {
  readonly #options: ListingOptions;
  /** Calls that come meanwhile wait for the same list. */
  #running: Promise<void> | null = null;

  constructor(options: ListingOptions) {
    this.#options = options;
  }

  /** Why a tool may not be called, whatever policies say. */
  async problemOf({ method, params }: Request): Promise<string | null> {
    const { pins } = this.#options;
    const name = member(params, 'name');
    if (!pins || method !== 'tools/call' || typeof name !== 'string') return null;
    if (pins.isStale) {
      this.#running ??= this.#take(pins, params).finally(() => (this.#running = null));
      await this.#running;
    }
    if (pins.isStale) return 'the server does not say what its tools are';
    const problem = pins.ofCall(name);
    return problem === null ? null : pinMessage(problem);
  }

  async #take(pins: Pins, like: JsonRecord | undefined): Promise<void> {
    const { own, toServer, note } = this.#options;
    const meta = ownMeta(like);
    const tools: JsonValue[] = [];
    let cursor: JsonValue | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const params = {
        ...(Object.keys(meta).length > 0 && { _meta: meta }),
        ...(cursor !== undefined && { cursor }),
      };
      const answer = await own.answerTo(own.make('tools/list', params), toServer, PATIENCE);
      if (!answer?.result) return;
      tools.push(...toolsOf(answer.result));
      cursor = answer.result['nextCursor'];
      if (typeof cursor === 'string') continue;
      pins.take(tools);
      for (const name of pins.missingFrom(tools)) note(`the server does not have \`${name}\` of the catalog`);
      return;
    }
    note(`the server's list of tools has more than ${MOST_PAGES} pages`);
  }
}
