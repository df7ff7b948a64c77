/** `plan-lint catalog pull`: writes what a server says of its tools. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createFiles, replaceFile } from '../files.ts';
import { mcpPackage, targetOf, toldByPackage } from '../mcp-target.ts';
import type { TargetOptions } from '../mcp-target.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';

export interface CatalogPullOptions extends TargetOptions {
  readonly output?: string;
  readonly force?: boolean;
  readonly prefix?: string;
  /** Milliseconds. */
  readonly timeout?: number;
}

const TIMEOUT = 60_000;

async function earlier(path: string | undefined): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function catalogPull(options: CatalogPullOptions, io: Io): Promise<number> {
  return reportFailures(io, () =>
    toldByPackage(io, async () => {
      const { pullCatalog } = await mcpPackage('catalog pull');
      const target = targetOf(options, io);
      const { prefix = '', timeout = TIMEOUT } = options;
      const output = options.output === undefined ? undefined : resolve(io.cwd, options.output);
      const before = options.force === true ? await earlier(output) : undefined;
      const { text, ...pulled } = await pullCatalog({ target, prefix, timeout, before }, io);
      if (output === undefined) io.stdout(text);
      else if (options.force === true) await replaceFile({ path: output, content: text });
      else await createFiles([{ path: output, content: text }]);
      const parts = (['added', 'changed', 'gone'] as const)
        .filter((kind) => before !== undefined && pulled[kind].length > 0)
        .map((kind) => `; ${kind}: ${pulled[kind].join(', ')}`);
      io.stderr(`${pulled.count} tools${parts.join('')}\n`);
      return EXIT.ok;
    }),
  );
}
