/**
 * A server at an address: MCP's Streamable HTTP transport, client's side. Each message is a POST; answers come as JSON or as a stream of
 * events. Redirects are not followed: credentials would go with them.
 */
import { isLocal } from 'plan-lint/bundles';
import { AgentsError } from '../../failure.ts';
import { member, writeMessage } from '../wire/message.ts';
import type { Message, Request } from '../wire/message.ts';
import { eventsOf } from './events.ts';
import type { Upstream, UpstreamEvents } from './upstream.ts';

export interface HttpTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The largest answer that is read at once. */
const MOST_BYTES = 16 * 1024 * 1024;

/** @throws AgentsError for an address over which credentials and calls would travel open */
export function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal(url.hostname));
  if (url && isSafe && url.username === '' && url.password === '') return url;
  throw new AgentsError(
    `\`${url ? url.host : text}\` is no address that a server may be asked at`,
    'write https://…, without a user; http:// is for this machine alone',
  );
}

/** What the stateless era says of a request outside its body. */
function bodyHeaders(message: Message): Readonly<Record<string, string>> {
  if (message.kind !== 'request') return {};
  const version = member(member(message.params, '_meta'), 'io.modelcontextprotocol/protocolVersion');
  if (typeof version !== 'string') return {};
  const subject = member(message.params, message.method === 'resources/read' ? 'uri' : 'name');
  return {
    'mcp-protocol-version': version,
    'mcp-method': message.method,
    ...(typeof subject === 'string' && { 'mcp-name': headerText(subject) }),
  };
}

/** Text that a header cannot hold is written in base64, between marks. */
const headerText = (text: string): string =>
  /^[!-~](?:[ -~]*[!-~])?$/.test(text) && !text.startsWith('=?base64?')
    ? text
    : `=?base64?${Buffer.from(text).toString('base64')}?=`;

const reasonIn = (error: unknown): string => {
  const { cause } = error as { readonly cause?: { readonly code?: string } };
  return cause?.code ?? (error instanceof Error ? error.message : String(error));
};

export function startHttp(target: HttpTarget, events: UpstreamEvents): Upstream {
  const url = checkedUrl(target.url);
  const stop = new AbortController();
  /** What the server has named and settled while shaking hands. */
  let handshake: Readonly<Record<string, string>> = {};
  const base = { ...target.headers };
  let hello: Request | null = null;

  const fetched = (method: string, headers: object, body?: string): Promise<globalThis.Response> =>
    fetch(url, {
      method,
      headers: { ...base, ...handshake, ...headers },
      redirect: 'error',
      signal: stop.signal,
      ...(body !== undefined && { body }),
    });

  const take = (text: string): void => {
    if (text.trim() !== '') events.onText(text);
  };

  async function post(message: Message): Promise<void> {
    const reply = await fetched(
      'POST',
      {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...bodyHeaders(message),
      },
      writeMessage(message),
    );
    const type = reply.headers.get('content-type') ?? '';
    if (message === hello) {
      const session = reply.headers.get('mcp-session-id');
      const version = member(hello.params, 'protocolVersion');
      handshake = {
        ...(session !== null && { 'mcp-session-id': session }),
        ...(typeof version === 'string' && { 'mcp-protocol-version': version }),
      };
    }
    // Errors of the stateless era are answers with a status of their own.
    const isJson = type.startsWith('application/json');
    if (!reply.ok && !isJson) {
      await reply.body?.cancel();
      events.onLost(message, `the server answered with status ${reply.status}`);
      return;
    }
    if (message.kind !== 'request') await reply.body?.cancel();
    else if (isJson) take(await capped(reply));
    else if (type.startsWith('text/event-stream') && reply.body) {
      for await (const text of eventsOf(reply.body)) take(text);
      // Nothing more will come of it; one that was answered is not there any more.
      events.onLost(message, 'the server ended its answer before it was whole');
    } else {
      await reply.body?.cancel();
      events.onLost(message, 'the server answered with neither JSON nor events');
    }
  }

  /** What the server says unasked. */
  async function listen(): Promise<void> {
    const reply = await fetched('GET', { accept: 'text/event-stream' });
    if (!reply.ok || !reply.body) {
      // A server need not have such a stream (405).
      await reply.body?.cancel();
      return;
    }
    for await (const text of eventsOf(reply.body)) take(text);
  }

  return {
    send(message) {
      if (message.kind === 'request' && message.method === 'initialize') hello = message;
      void post(message).catch((error: unknown) => {
        if (!stop.signal.aborted) events.onLost(message, `the server cannot be reached: ${reasonIn(error)}`);
      });
      if (message.kind === 'notification' && message.method === 'notifications/initialized')
        void listen().catch((error: unknown) => {
          if (!stop.signal.aborted) events.note(`the server's events: ${reasonIn(error)}`);
        });
    },
    async close() {
      if ('mcp-session-id' in handshake)
        await Promise.race([
          fetched('DELETE', {}).catch(() => undefined),
          new Promise((done) => setTimeout(done, 1_000).unref()),
        ]);
      stop.abort();
    },
  };
}

async function capped(reply: globalThis.Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | null = reply.body;
  if (body === null) return '';
  for await (const part of body) {
    length += part.length;
    if (length > MOST_BYTES) throw new Error('the answer is too large');
    parts.push(part);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
}
