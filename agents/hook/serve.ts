/** Hooks over HTTP, for agents that can: `POST /claude` with what a hook is told, on this machine alone. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bundle, Policy } from '@plan-lint/runtime';
import { answerHook } from './decide.ts';
import type { HookOptions } from './decide.ts';
import { blocked, DIALECTS, HookError, isAgent, readInput } from './dialects.ts';
import type { HookAnswer } from './dialects.ts';

const LOOPBACK = /^(localhost|127(?:\.\d+){3}|\[::1\]):(\d{1,5})$/;
const MOST_BYTES = 16 * 1024 * 1024;
/** How often the trust root is asked again, in milliseconds. */
const TRUST_INTERVAL = 60_000;

export const healthOf = ({ identity, predicate }: Bundle, policy: Policy, now: number) => {
  const problem = policy.parts.problem(now)?.message ?? null;
  const canDecide = predicate.capabilities.includes('session');
  return {
    ok: problem === null && canDecide,
    problem: canDecide ? problem : 'the bundle was built without the capability `session`',
    bundle: identity,
    expires: predicate.expires,
  };
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BYTES) throw new HookError('the input is too large');
    parts.push(part);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
}

/** Runs until the process is told to end. @throws HookError for an address that others reach */
export async function serveHooks(
  address: string,
  bundle: Bundle,
  common: Omit<HookOptions, 'agent'>,
  trust: () => string,
): Promise<HookAnswer> {
  const [, host, port] = LOOPBACK.exec(address) ?? [];
  if (host === undefined) throw new HookError(`\`--serve ${address}\` is not HOST:PORT of this machine`);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    };
    // A page in a browser can make a browser ask; it cannot choose these.
    if (!LOOPBACK.test(request.headers.host ?? '') || request.headers.origin !== undefined) {
      send(403, '{}');
      return;
    }
    const path = (request.url ?? '').slice(1);
    if (request.method === 'GET' && path === 'health') {
      const health = healthOf(bundle, common.policy, common.now());
      send(health.ok ? 200 : 503, JSON.stringify(health));
      return;
    }
    if (request.method !== 'POST' || !isAgent(path)) {
      send(404, '{}');
      return;
    }
    try {
      const event = DIALECTS[path].read(readInput(await bodyOf(request)));
      const { stdout } = await answerHook(event, { ...common, agent: path });
      send(200, stdout === '' ? '{}' : stdout);
    } catch (error) {
      const reason = `denied: ${error instanceof Error ? error.message : String(error)}`;
      // An answer of any other status would let the call run.
      send(200, blocked(path, reason).stdout);
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(Number(port), host.replace(/[[\]]/g, ''), done);
  });
  const { port: own } = server.address() as AddressInfo;
  process.stderr.write(`plan-lint-hook listens on http://${host}:${own}\n`);
  const timer = setInterval(() => {
    readFile(trust())
      .then((bytes) => bundle.check(bytes))
      .catch((error: unknown) => process.stderr.write(`plan-lint-hook: the trust root: ${String(error)}\n`));
  }, TRUST_INTERVAL);
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  clearInterval(timer);
  server.close();
  server.closeAllConnections();
  return { stdout: '', stderr: '', exit: 0 };
}
