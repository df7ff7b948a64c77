/** `plan-lint pull`: the current bundle of a channel becomes a file. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileStore, rollbackGuard } from '@plan-lint/runtime/node';
import { readIfThere } from '../../bundles/files.ts';
import { openRegistry, type RegistryOptions } from '../../bundles/registry/open.ts';
import { pull as pullFrom } from '../../bundles/registry/pull.ts';
import { loadDemands, type Demands } from '../../bundles/source.ts';
import { createFiles, replaceFile } from '../files.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { pulledJson, pulledText } from '../text/registry.ts';
import type { PrintFormat } from '../text/written.ts';
import { requireChannel } from './publish.ts';

export interface PullCommandOptions extends Demands, RegistryOptions {
  readonly from: string;
  readonly channel: string;
  readonly trust: string;
  readonly output: string;
  /** Remembers the heads that were seen. */
  readonly state?: string;
  /** Replace what is there. */
  readonly force?: boolean;
  /** Again and again, until it is told to end: milliseconds between. */
  readonly every?: number;
  readonly format?: PrintFormat;
}

/** Whether the file had to be written. */
async function write(path: string, content: Uint8Array, force: boolean): Promise<boolean> {
  const there = await readIfThere(path);
  if (there && Buffer.compare(there, content) === 0) return false;
  if (force) await replaceFile({ path, content });
  else await createFiles([{ path, content }]);
  return true;
}

/** One pull. */
async function once(options: PullCommandOptions, io: Io): Promise<number> {
  const { from, channel, trust, output, state, force = false } = options;
  requireChannel(channel);
  const store = await openRegistry(from, options, io);
  const pulled = await pullFrom(store, {
    channel,
    trust: await readFile(resolve(io.cwd, trust)),
    load: loadDemands(options),
    heads: state === undefined ? null : rollbackGuard(fileStore(resolve(io.cwd, state))),
    now: io.now(),
  });
  const path = resolve(io.cwd, output);
  const isNew = await write(path, pulled.content, force);
  io.stdout(options.format === 'json' ? pulledJson(pulled, path, isNew) : pulledText(pulled, path, isNew));
  if (state === undefined)
    io.stderr(
      'note: nobody remembers this head: an older one that has not expired would pass next time\n  hint: --state channels.json\n',
    );
  return EXIT.ok;
}

/** Until the process is told to end. A pull that fails is told, and what is there stays. */
async function repeatedly(options: PullCommandOptions, every: number, io: Io): Promise<number> {
  const { signal } = io;
  let last: number = EXIT.ok;
  while (signal?.aborted !== true) {
    last = await reportFailures(io, () => once(options, io));
    // Wrong usage does not mend itself.
    if (last === EXIT.usage) return last;
    await setTimeout(every, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
  return last;
}

export function pull(options: PullCommandOptions, io: Io): Promise<number> {
  const { every } = options;
  return every === undefined
    ? reportFailures(io, () => once(options, io))
    : repeatedly({ ...options, force: true }, every, io);
}
