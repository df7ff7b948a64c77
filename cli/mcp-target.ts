/** Which MCP server a command line names, and the package that speaks with it. */
import { UsageError } from '../bundles/failure.ts';
import { optionalPackage } from './optional-package.ts';
import { EXIT } from './terminal/io.ts';
import type { Io } from './terminal/io.ts';

export interface TargetOptions {
  readonly command: readonly string[];
  readonly http?: string;
  /** `NAME=VARIABLE`. */
  readonly header?: readonly string[];
}

/** A program to run, or an address. */
export type Target =
  | { readonly command: readonly string[] }
  | { readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** What the package has; it is built after this, so its own types are not here. */
export interface McpFace {
  readonly runProxy: (options: object, io: object) => Promise<number>;
  readonly pullCatalog: (
    options: object,
    io: object,
  ) => Promise<{
    readonly text: string;
    readonly count: number;
    readonly added: readonly string[];
    readonly changed: readonly string[];
    readonly gone: readonly string[];
  }>;
}

/** @throws UsageError where it is not installed */
export const mcpPackage = (verb: string): Promise<McpFace> =>
  optionalPackage<McpFace>('@plan-lint/agents', verb, '/mcp');

/** @throws UsageError */
export function targetOf({ command, http, header = [] }: TargetOptions, { env }: Io): Target {
  if (command.length > 0 === (http !== undefined))
    throw new UsageError(
      'name one server: a command, or an address',
      'a command stands behind --: -- npx mcp-server-filesystem /srv/data',
    );
  if (http === undefined) {
    if (header.length === 0) return { command };
    throw new UsageError('a program takes no headers', '--header belongs to --http');
  }
  const headers = header.map((pair) => {
    const [name = '', variable = ''] = pair.split('=');
    const value = env[variable];
    if (!/^[\w-]+$/.test(name) || value === undefined)
      throw new UsageError(
        `\`${pair}\` is not NAME=VARIABLE of a variable that is set`,
        'AUTH="Bearer …" plan-lint mcp --header authorization=AUTH: secrets stay out of the list of processes',
      );
    return [name.toLowerCase(), value] as const;
  });
  return { url: http, headers: Object.fromEntries(headers) };
}

/** Errors of the package, as ours: its classes may be another copy's. */
export async function toldByPackage(io: Io, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AgentsError') throw error;
    const { hint, kind } = error as Error & { readonly hint: string; readonly kind: 'usage' | 'trust' };
    if (kind === 'usage') throw new UsageError(error.message, hint);
    io.stderr(`error: ${error.message}\n  hint: ${hint}\n`);
    return EXIT.trust;
  }
}
