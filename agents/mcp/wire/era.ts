/** The two eras of MCP: 2025-11-25 and before shake hands and ask back, 2026-07-28 says all in each request. */
import type { JsonValue } from '@plan-lint/runtime/json';
import { isRecord, member } from './message.ts';
import type { JsonRecord } from './message.ts';

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const CLIENT = 'io.modelcontextprotocol/clientInfo';

/** What a client says of itself: once in `initialize`, or in `_meta` of each request. */
export interface Caller {
  readonly era: 'handshake' | 'stateless';
  readonly version: string;
  /** Can show a form to a person. */
  readonly canAsk: boolean;
  readonly name: string;
}

const NOBODY: Caller = { era: 'handshake', version: '', canAsk: false, name: 'client' };

/** Of a request's `params`; `null` where the era is that of the handshake. */
export function callerIn(params: JsonRecord | undefined): Caller | null {
  const meta = member(params, '_meta');
  const version = member(meta, VERSION);
  if (typeof version !== 'string') return null;
  return {
    era: 'stateless',
    version,
    canAsk: canAsk(member(meta, CAPABILITIES)),
    name: nameIn(member(meta, CLIENT)),
  };
}

/** Of an `initialize` request. */
export function callerOf(params: JsonRecord | undefined): Caller {
  const version = member(params, 'protocolVersion');
  return {
    ...NOBODY,
    version: typeof version === 'string' ? version : '',
    canAsk: canAsk(member(params, 'capabilities')),
    name: nameIn(member(params, 'clientInfo')),
  };
}

/** Nobody has shaken hands yet. */
export const unknownCaller = (): Caller => NOBODY;

/** An empty object means forms (2025-06-18); since then `form` and `url` are said. */
function canAsk(capabilities: JsonValue | undefined): boolean {
  const elicitation = member(capabilities, 'elicitation');
  return isRecord(elicitation) && (!('url' in elicitation) || 'form' in elicitation);
}

function nameIn(info: JsonValue | undefined): string {
  const name = member(info, 'name');
  return typeof name === 'string' && name !== '' ? name.slice(0, 100) : 'client';
}

/** The `_meta` with which a request of our own speaks as the client does. */
export function ownMeta(params: JsonRecord | undefined): JsonRecord {
  const meta = member(params, '_meta');
  const kept = [VERSION, CAPABILITIES, CLIENT].flatMap((name): readonly (readonly [string, JsonValue])[] => {
    const value = member(meta, name);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(kept);
}

/** A request of nobody's, to a server that knows no handshake. */
export const statelessMeta = (version: string, client: JsonRecord): JsonRecord => ({
  [VERSION]: version,
  [CAPABILITIES]: {},
  [CLIENT]: client,
});

/** A result as the era has it: since 2026-07-28 each says what it is. */
export const resultIn = ({ era }: Caller, result: JsonRecord): JsonRecord =>
  era === 'stateless' ? { resultType: 'complete', ...result } : result;
