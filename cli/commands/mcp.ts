/** `plan-lint mcp`: opens the bundle, and hands over to the package for agents. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadBundle } from '@plan-lint/runtime';
import { choosePolicy } from '../../bundles/choose-policy.ts';
import { bundleSource } from '../../bundles/source.ts';
import type { SourceOptions } from '../../bundles/source.ts';
import { parseContext } from '../context.ts';
import { mcpPackage, targetOf, toldByPackage } from '../mcp-target.ts';
import type { TargetOptions } from '../mcp-target.ts';
import { reportFailures } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';

export interface McpCommandOptions extends SourceOptions, TargetOptions {
  readonly context?: readonly string[];
  readonly catalog?: string;
  readonly unpinned?: boolean;
  readonly prefix?: string;
  /** Milliseconds. */
  readonly askTimeout?: number;
  readonly audit?: string;
  readonly session?: string;
}

const ASK_TIMEOUT = 5 * 60_000;

async function* once(bytes: Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await bytes;
}

export function mcp(options: McpCommandOptions, io: Io): Promise<number> {
  return reportFailures(io, () =>
    toldByPackage(io, async () => {
      const { runProxy } = await mcpPackage('mcp');
      const target = targetOf(options, io);
      const context = parseContext(options.context ?? []);
      const source = await bundleSource(options, io);
      const bundle = await loadBundle(source.module, source.sidecars, source.trust, source.load);
      const { catalog } = bundle.predicate;
      const { signal } = io;
      return runProxy(
        {
          bundle,
          policy: choosePolicy(bundle, source.entry),
          context,
          target,
          catalog:
            options.catalog === undefined
              ? source.sources?.get(catalog?.name ?? '')
              : await readFile(resolve(io.cwd, options.catalog)),
          unpinned: options.unpinned === true,
          prefix: options.prefix ?? '',
          askTimeout: options.askTimeout ?? ASK_TIMEOUT,
          audit: options.audit === undefined ? undefined : resolve(io.cwd, options.audit),
          session: options.session,
          trust: () => readFile(resolve(io.cwd, options.trust ?? '')),
        },
        {
          stdout: (text: string) => io.stdout(text),
          stderr: (text: string) => io.stderr(text),
          stdin: () => (io.stdinStream ? io.stdinStream() : once(io.stdin())),
          now: () => io.now(),
          env: io.env,
          cwd: io.cwd,
          ...(signal && { signal }),
        },
      );
    }),
  );
}
