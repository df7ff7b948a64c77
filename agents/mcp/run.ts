/** `plan-lint mcp`: a proxy between the client on standard input and output and a server, until one of them ends. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Bundle, Policy } from '@plan-lint/runtime';
import { linesOf } from 'plan-lint/plans';
import { openAudit } from '../audit.ts';
import { AgentsError } from '../failure.ts';
import { Gate } from './gate.ts';
import { checkCatalogDigest, Pins, readCatalog } from './pins.ts';
import { Relay } from './relay.ts';
import { startUpstream } from './upstream/start.ts';
import type { Target } from './upstream/start.ts';
import { writeMessage } from './wire/message.ts';

export interface ProxyOptions {
  readonly bundle: Bundle;
  readonly policy: Policy;
  /** What the caller vouches for. */
  readonly context: unknown;
  readonly target: Target;
  /** Bytes of the tool catalog; `undefined` where there is no such file. */
  readonly catalog: Uint8Array | undefined;
  /** Definitions of tools are not held against the catalog, though the bundle has one. */
  readonly unpinned: boolean;
  readonly prefix: string;
  /** Milliseconds. */
  readonly askTimeout: number;
  /** A file that lines are added to. */
  readonly audit: string | undefined;
  readonly session: string | undefined;
  /** The trust root as it is now; asked again while the proxy runs. */
  readonly trust: () => Promise<Uint8Array>;
}

/** What the command line gives: nothing is read from the process. */
export interface ProxyIo {
  stdout(text: string): void;
  stderr(text: string): void;
  stdin(): AsyncIterable<Uint8Array>;
  now(): number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal?: AbortSignal;
}

/** How often the trust root is asked again, in milliseconds. */
const TRUST_INTERVAL = 60_000;

/** @throws AgentsError */
export function pinsOf({
  bundle,
  catalog,
  unpinned,
  prefix,
}: Pick<ProxyOptions, 'bundle' | 'catalog' | 'unpinned' | 'prefix'>): Pins | null {
  const signed = bundle.predicate.catalog;
  if (unpinned) return null;
  if (signed === null) {
    if (catalog === undefined) return null;
    throw new AgentsError(
      'the bundle was signed without a tool catalog, so nothing can be held against this one',
      'name the catalog in plan-lint.yaml and make the bundle anew, or leave --catalog out',
    );
  }
  if (catalog === undefined)
    throw new AgentsError(
      `the bundle was signed with the tool catalog \`${signed.name}\`, and it is not here`,
      'give it with --catalog FILE, or do without its pins: --unpinned',
    );
  checkCatalogDigest(catalog, signed.sha256);
  return new Pins(readCatalog(catalog), prefix);
}

const aborted = (signal: AbortSignal | undefined): Promise<'told'> =>
  new Promise((resolve) => {
    if (signal?.aborted) resolve('told');
    signal?.addEventListener('abort', () => resolve('told'), { once: true });
  });

/**
 * Runs the proxy.
 *
 * @returns the exit code: 0 where the client ended it and nothing is owed, else 1
 * @throws AgentsError, BundleError `capability_missing`, the file system's error
 */
export async function runProxy(options: ProxyOptions, io: ProxyIo): Promise<number> {
  const { bundle, policy, context, prefix, askTimeout } = options;
  const note = (text: string): void => io.stderr(`plan-lint: ${text}\n`);
  const pins = pinsOf(options);
  const session = options.session ?? randomUUID();
  const now = (): number => io.now();
  const audit = openAudit(options.audit);
  const gate = new Gate({ bundle, policy, session, context, audit, now });
  if (pins === null) note('definitions of tools are not held against a catalog');
  const relay = new Relay({
    gate,
    pins,
    prefix,
    askTimeout,
    session,
    now,
    note,
    toClient: (message) => io.stdout(`${writeMessage(message)}\n`),
    toServer: (message) => upstream.send(message),
    facts: () => ({
      session_id: session,
      bundle: { ...bundle.identity },
      entry: policy.entry,
      expires: bundle.predicate.expires,
    }),
  });
  let tellEnd: (reason: string) => void = () => undefined;
  const serverEnd = new Promise<string>((resolve) => (tellEnd = resolve));
  const upstream = startUpstream(options.target, io, {
    onText: (text) => relay.fromServer(text),
    onLost: (message, reason) => relay.lost(message, reason),
    onEnd: (reason) => tellEnd(reason),
    note,
  });
  const timer = setInterval(() => void recheck(options, note), TRUST_INTERVAL);
  timer.unref();
  const stdin = io.stdin();
  const clientEnd = readClient(stdin, relay, note);
  const how = await Promise.race([clientEnd, serverEnd, aborted(io.signal)]);
  clearInterval(timer);
  const isEndOfClient = how === 'client' || how === 'told';
  if (!isEndOfClient) {
    note(how);
    relay.serverEnded(how);
  }
  await upstream.close();
  const owed = gate.close();
  audit.close();
  for (const each of owed) note(`still owed: ${each}`);
  // Nobody listens any more, and an open input would be waited for.
  if (stdin instanceof Readable) stdin.destroy();
  return isEndOfClient && owed.length === 0 ? 0 : 1;
}

async function readClient(
  stdin: AsyncIterable<Uint8Array>,
  relay: Relay,
  note: (text: string) => void,
): Promise<'client'> {
  try {
    for await (const { text } of linesOf(stdin)) {
      // Answered as what it is: nothing that can be read.
      if (text === null) relay.fromClient('');
      else if (text.trim() !== '') relay.fromClient(text);
    }
  } catch (error) {
    note(`reading the client: ${error instanceof Error ? error.message : String(error)}`);
  }
  return 'client';
}

/** A bundle whose key was revoked meanwhile decides no longer; the session denies from then on. */
async function recheck({ bundle, trust }: ProxyOptions, note: (text: string) => void): Promise<void> {
  try {
    await bundle.check(await trust());
  } catch (error) {
    note(`the trust root: ${error instanceof Error ? error.message : String(error)}`);
  }
}
