/** `plan-lint rollout`: asks each validator of a fleet, and says of each what it has answered. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseJson } from '@plan-lint/runtime/json';
import { UsageError } from '../../bundles/failure.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { rolloutText } from '../text/rollout.ts';
import type { RolloutStatus } from '../text/rollout.ts';

export interface RolloutOptions {
  readonly name: string;
  readonly url: readonly string[];
  readonly tokenEnv: string;
}

export interface RolloutStartOptions extends RolloutOptions {
  readonly bundle: string;
  readonly lane?: 'canary' | 'shadow';
  readonly percent?: number;
  readonly team?: readonly string[];
  readonly sticky?: 'plan_id' | 'user';
}

/** How long one validator may take, milliseconds. */
const PATIENCE = 30_000;

interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly type?: string;
  readonly body?: Uint8Array | string;
}

type Ask = (asked: Asked) => Promise<RolloutStatus & { readonly digest?: string }>;

/** What a validator refuses: it is told, and the others are asked all the same. */
class Refused extends Error {}

function asker(url: string, token: string): Ask {
  return async ({ method, path, type, body }) => {
    const headers = { authorization: `Bearer ${token}`, ...(type !== undefined && { 'content-type': type }) };
    let reply: Response;
    let text: string;
    try {
      reply = await fetch(url.replace(/\/$/, '') + path, {
        method,
        headers,
        ...(body !== undefined && { body: body as string }),
        // A token goes to whom it was meant for.
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE),
      });
      text = await reply.text();
    } catch (error) {
      throw new Refused(`it does not answer: ${error instanceof Error ? error.message : String(error)}`);
    }
    const answer = objectIn(text);
    if (reply.ok) return answer as unknown as RolloutStatus & { readonly digest?: string };
    const { error = 'no reason is given' } = answer;
    throw new Refused(`${reply.status}: ${String(error)}`);
  };
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value = parseJson(text);
    if (typeof value === 'object' && value !== null)
      return value as unknown as Readonly<Record<string, unknown>>;
  } catch {
    // Told below: it is no validator.
  }
  throw new Refused('what answers there is no validator');
}

/** Exit code 1 where one of them has refused: the others have done it, and it is said which. */
function eachOf({ url, tokenEnv }: RolloutOptions, io: Io, work: (ask: Ask) => Promise<RolloutStatus>) {
  return reportFailures(io, async () => {
    const token = io.env[tokenEnv];
    if (token === undefined || token === '')
      throw new UsageError(`the variable \`${tokenEnv}\` is not set`, `export ${tokenEnv}=…`);
    let refused = 0;
    for (const each of url) {
      try {
        io.stdout(rolloutText(each, await work(asker(each, token))));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused += 1;
        io.stderr(`error: ${each}: ${error.message}\n`);
      }
    }
    if (refused > 0 && refused < url.length)
      io.stderr(`note: ${url.length - refused} of ${url.length} validators have done it\n`);
    return refused === 0 ? EXIT.ok : EXIT.findings;
  });
}

const pathOf = (name: string, rest: string): string => `/policies/${encodeURIComponent(name)}${rest}`;

export function rollout(
  step: 'status' | 'promote' | 'rollback',
  options: RolloutOptions,
  io: Io,
): Promise<number> {
  const isStatus = step === 'status';
  return eachOf(options, io, (ask) =>
    ask({
      method: isStatus ? 'GET' : 'POST',
      path: pathOf(options.name, isStatus ? '/rollout' : `/${step}`),
    }),
  );
}

export function rolloutStart(options: RolloutStartOptions, io: Io): Promise<number> {
  const { name, bundle, lane, percent, team, sticky } = options;
  return eachOf(options, io, async (ask) => {
    const content = await readFile(resolve(io.cwd, bundle));
    const { digest } = await ask({
      method: 'PUT',
      path: pathOf(name, ''),
      type: /\.m?js$/.test(bundle) ? 'text/javascript' : 'application/gzip',
      body: content,
    });
    const settings = {
      digest,
      ...(lane !== undefined && { lane }),
      ...(percent !== undefined && { percent }),
      ...(team !== undefined && { teams: team }),
      ...(sticky !== undefined && { sticky }),
    };
    return ask({
      method: 'POST',
      path: pathOf(name, '/rollout'),
      type: 'application/json',
      body: JSON.stringify(settings),
    });
  });
}
