/** Asks a server what its tools are: the catalog to review, to name in `plan-lint.yaml`, and to sign. */
import { RUNTIME_VERSION } from '@plan-lint/runtime/contract';
import type { JsonValue } from '@plan-lint/runtime/json';
import { AgentsError } from '../failure.ts';
import { nameOf, readCatalog, toolsOf } from './pins.ts';
import { pseudoTools } from './pseudo-tools.ts';
import { startUpstream } from './upstream/start.ts';
import type { Target } from './upstream/start.ts';
import { statelessMeta } from './wire/era.ts';
import { isRecord, keyOf, member, readMessage, WireError } from './wire/message.ts';
import type { JsonRecord, Message, Response } from './wire/message.ts';

export interface PullOptions {
  readonly target: Target;
  /** What policies put before the server's names. */
  readonly prefix: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** The catalog as it was, to say what has changed. */
  readonly before: Uint8Array | undefined;
}

export interface Pulled {
  /** A catalog file. */
  readonly text: string;
  readonly count: number;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly gone: readonly string[];
}

const CLIENT = { name: 'plan-lint', version: RUNTIME_VERSION };
const HANDSHAKE = '2025-11-25';
const STATELESS = '2026-07-28';
const MOST_PAGES = 100;

interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  stderr(text: string): void;
}

type Ask = (method: string, params: JsonRecord) => Promise<Response>;

/** @throws AgentsError */
export async function pullCatalog(options: PullOptions, io: Place): Promise<Pulled> {
  const waiting = new Map<string, (answer: Response | string) => void>();
  const failAll = (reason: string): void => {
    for (const resolve of waiting.values()) resolve(reason);
    waiting.clear();
  };
  let ended: string | null = null;
  const upstream = startUpstream(options.target, io, {
    onText(text) {
      const message = readOrNull(text);
      if (message?.kind === 'request')
        upstream.send({ kind: 'response', id: message.id, error: { code: -32601, message: 'not here' } });
      if (message?.kind === 'response' && message.id !== null) {
        waiting.get(keyOf(message.id))?.(message);
        waiting.delete(keyOf(message.id));
      }
    },
    onLost(message, reason) {
      if (message.kind !== 'request') return;
      waiting.get(keyOf(message.id))?.(reason);
      waiting.delete(keyOf(message.id));
    },
    onEnd(reason) {
      ended = reason;
      failAll(reason);
    },
    note: (text) => io.stderr(`plan-lint: ${text}\n`),
  });
  let made = 0;
  const ask: Ask = async (method, params) => {
    const id = (made += 1);
    const timer = setTimeout(() => failAll('the server does not answer'), options.timeout);
    const answer = await new Promise<Response | string>((resolve) => {
      if (ended !== null) return resolve(ended);
      waiting.set(keyOf(id), resolve);
      upstream.send({ kind: 'request', id, method, params });
    });
    clearTimeout(timer);
    if (typeof answer !== 'string') return answer;
    throw new AgentsError(answer, 'run the command by itself to see what it says');
  };
  try {
    const { meta, capabilities } = await greet(ask, (message) => upstream.send(message));
    const tools = await listAll(ask, meta);
    return catalogOf(tools, pseudoTools(capabilities), options);
  } finally {
    await upstream.close();
  }
}

function readOrNull(text: string): Message | null {
  try {
    return readMessage(text);
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

interface Greeted {
  /** What each request has to say of itself. */
  readonly meta: JsonRecord;
  /** What the server can do. */
  readonly capabilities: JsonValue | undefined;
}

/** Shakes hands where the server does. */
async function greet(ask: Ask, send: (message: Message) => void): Promise<Greeted> {
  const hello = { protocolVersion: HANDSHAKE, capabilities: {}, clientInfo: CLIENT };
  const { result } = await ask('initialize', hello);
  if (!result) {
    const meta = { _meta: statelessMeta(STATELESS, CLIENT) };
    const discovered = await ask('server/discover', meta);
    return { meta, capabilities: member(discovered.result, 'capabilities') };
  }
  send({ kind: 'notification', method: 'notifications/initialized', params: undefined });
  return { meta: {}, capabilities: result['capabilities'] };
}

async function listAll(ask: Ask, meta: JsonRecord): Promise<readonly JsonRecord[]> {
  const tools: JsonRecord[] = [];
  let cursor: JsonValue | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { result, error } = await ask('tools/list', { ...meta, ...(cursor !== undefined && { cursor }) });
    if (!result)
      throw new AgentsError(
        `the server does not list its tools (${error?.code ?? 0})`,
        'a server without tools needs no catalog',
      );
    tools.push(...toolsOf(result).filter(isRecord));
    cursor = result['nextCursor'];
    if (typeof cursor !== 'string') return tools;
  }
  throw new AgentsError(
    `the list of tools has more than ${MOST_PAGES} pages`,
    'a server should end its list',
  );
}

function catalogOf(
  listed: readonly JsonRecord[],
  pseudo: readonly JsonRecord[],
  { prefix, before }: PullOptions,
): Pulled {
  const tools = [
    ...listed.map((tool) => ({ ...tool, name: prefix + (nameOf(tool) ?? '') })),
    ...pseudo.map((tool) => ({ ...tool, name: nameOf(tool) ?? '' })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  const text = `${JSON.stringify({ tools }, null, 2)}\n`;
  const byName = (all: readonly JsonRecord[]): ReadonlyMap<string, string> =>
    new Map(all.map((tool) => [nameOf(tool) ?? '', JSON.stringify(tool)]));
  const now = byName(readCatalog(Buffer.from(text)));
  const then = before ? byName(readCatalog(before)) : new Map<string, string>();
  return {
    text,
    count: tools.length,
    added: [...now.keys()].filter((name) => !then.has(name)),
    changed: [...now].flatMap(([name, tool]) => (then.has(name) && then.get(name) !== tool ? [name] : [])),
    gone: [...then.keys()].filter((name) => !now.has(name)),
  };
}
