/** `plan-lint simulate`: what a change of policies would have meant for plans one has seen. */
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { loadBundle } from '@plan-lint/runtime';
import { blocksOf } from '../batch/blocks.ts';
import { plansOf } from '../batch/decide.ts';
import { planFiles } from '../batch/files.ts';
import { decidePlan } from '../batch/record.ts';
import type { DecideOptions } from '../batch/record.ts';
import { addPair, emptySimulation } from '../batch/simulation.ts';
import { isBundle } from '../bundle-files.ts';
import { bundleSource } from '../bundle-source.ts';
import { choosePolicy } from '../choose-policy.ts';
import { parseContext } from '../context.ts';
import { reportFailures, UsageError } from '../failure.ts';
import { replaceFile } from '../files.ts';
import { EXIT } from '../io.ts';
import type { Io } from '../io.ts';
import { SIMULATION_FORMATS } from '../report/simulation.ts';
import type { SimulationFormat } from '../report/simulation.ts';

export interface SimulateOptions {
  /** A policy directory or file, or a bundle (`.mjs`, `.tar.gz`). */
  readonly old: string;
  readonly new: string;
  /** For bundles: one trust root for both. */
  readonly trust?: string;
  readonly audience?: string;
  readonly plansDir: string;
  readonly plansPattern?: string;
  readonly entry?: string;
  /** Where the entries differ; default: `entry`. */
  readonly oldEntry?: string;
  readonly newEntry?: string;
  readonly context?: readonly string[];
  readonly format?: SimulationFormat;
  /** Reports in files; the extension says which: `.html`, `.json`, `.txt`. */
  readonly output?: readonly string[];
  /** More plans than this that would be refused from now on fail the command. */
  readonly maxNewlyRefused?: number;
}

export function simulate(options: SimulateOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const outputs = (options.output ?? []).map((path) => ({ path, format: formatOf(path) }));
    const before = await open(options.old, options.oldEntry, options, io);
    const after = await open(options.new, options.newEntry, options, io);
    const simulation = emptySimulation();
    const files = planFiles(resolve(io.cwd, options.plansDir), options.plansPattern);
    for await (const { parts } of blocksOf(files, io)) {
      if (io.signal?.aborted) return EXIT.interrupted;
      for (const part of parts) {
        for (const [place, , written] of plansOf(part)) {
          addPair(simulation, decidePlan(place, written, before), decidePlan(place, written, after));
        }
      }
    }
    if (simulation.plans === 0) {
      throw new UsageError(
        `there is no plan in \`${options.plansDir}\``,
        'check --plans-dir and --plans-pattern',
      );
    }
    io.stdout(SIMULATION_FORMATS[options.format ?? 'text'](simulation));
    for (const { path, format } of outputs) {
      const absolute = resolve(io.cwd, path);
      await mkdir(dirname(absolute), { recursive: true });
      await replaceFile({ path: absolute, content: SIMULATION_FORMATS[format](simulation) });
    }
    return simulation.newlyRefused > (options.maxNewlyRefused ?? Infinity) ? EXIT.findings : EXIT.ok;
  });
}

function formatOf(path: string): SimulationFormat {
  const format = ({ html: 'html', json: 'json', txt: 'text' } as const)[/[a-z]+$/.exec(path)?.[0] ?? ''];
  if (format) return format;
  throw new UsageError(`\`${path}\` does not say which report it is to be`, 'end it in .html, .json or .txt');
}

async function open(
  path: string,
  ownEntry: string | undefined,
  options: SimulateOptions,
  io: Io,
): Promise<DecideOptions> {
  const { trust, audience } = options;
  const entry = ownEntry ?? options.entry;
  const signed = isBundle(path);
  const source = await bundleSource(
    {
      ...(signed ? { bundle: path } : { policyDir: path }),
      ...(signed && trust !== undefined && { trust }),
      ...(signed && audience !== undefined && { audience }),
      ...(entry !== undefined && { entry }),
    },
    io,
  );
  const bundle = await loadBundle(source.module, source.sidecars, source.trust, source.load);
  const context = parseContext(options.context ?? []);
  return { policy: choosePolicy(bundle, source.entry), context, now: io.now() };
}
