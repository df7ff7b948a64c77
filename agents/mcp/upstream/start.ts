/** A server, by what the command line names. */
import { startHttp } from './http.ts';
import { startProcess } from './process.ts';
import type { Upstream, UpstreamEvents } from './upstream.ts';

/** A program to run, or an address. */
export type Target =
  | { readonly command: readonly string[] }
  | { readonly url: string; readonly headers: Readonly<Record<string, string>> };

export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export const startUpstream = (target: Target, { env, cwd }: Place, events: UpstreamEvents): Upstream =>
  'command' in target
    ? startProcess({ command: target.command, env, cwd }, events)
    : startHttp(target, events);
