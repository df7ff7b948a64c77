/** `plan-lint simulate`: what a change of policies would have meant for plans one has seen. */
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { blocksOf } from '../batch/blocks.ts';
import { openComparer } from '../batch/compare.ts';
import type { CompareSetup } from '../batch/compare.ts';
import { ALONE_BYTES, planFiles, sizeUpTo } from '../batch/files.ts';
import type { PlanFile } from '../batch/files.ts';
import { refuseBoth } from '../batch/trajectory.ts';
import { tellPassedOver } from '../batch/passed-over.ts';
import { until } from '../batch/run.ts';
import { addSimulation, emptySimulation } from '../batch/simulation.ts';
import { isBundle } from '../../bundles/files.ts';
import type { BundleSource } from '../../bundles/files.ts';
import { limitOptionsOf } from '../../bundles/plan-limits.ts';
import type { PlanLimitOptions } from '../../bundles/plan-limits.ts';
import { bundleSource } from '../../bundles/source.ts';
import { askedAt, parseContext } from '../context.ts';
import { reportFailures } from '../terminal/failure.ts';
import { UsageError } from '../../bundles/failure.ts';
import { replaceFile } from '../files.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { SIMULATION_FORMATS } from '../text/simulation.ts';
import type { SimulationFormat } from '../text/simulation.ts';
import { defaultJobs, inOrder, openThreads } from '../../workers/threads.ts';

export interface SimulateOptions extends PlanLimitOptions {
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
  /** The plans are records `{plan, context, now}`. */
  readonly records?: boolean;
  /** The files hold the lines of sessions, each of one. */
  readonly trajectories?: boolean;
  /** Default: the clock. */
  readonly now?: string;
  readonly format?: SimulationFormat;
  /** Reports in files; the extension says which: `.html`, `.json`, `.txt`. */
  readonly output?: readonly string[];
  /** More plans than this that would be refused from now on fail the command. */
  readonly maxNewlyRefused?: number;
  /** Threads; default: one a core. */
  readonly jobs?: number;
}

export function simulate(options: SimulateOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const outputs = (options.output ?? []).map((path) => ({ path, format: formatOf(path) }));
    refuseIdleTrust(options);
    refuseBoth(options);
    const setup: CompareSetup = {
      before: await open(options.old, options.oldEntry, options, io),
      after: await open(options.new, options.newEntry, options, io),
      context: parseContext(options.context ?? []),
      now: askedAt(options.now, io),
      records: options.records ?? false,
      trajectories: options.trajectories ?? false,
    };
    const files = (passed?: (name: string) => void): AsyncIterable<PlanFile> =>
      planFiles(resolve(io.cwd, options.plansDir), options.plansPattern, passed);
    const { bytes } = await sizeUpTo(files(), ALONE_BYTES);
    const jobs = options.jobs ?? (bytes < ALONE_BYTES ? 1 : defaultJobs());
    // Here first, even where threads decide: a bundle that may not be loaded is refused once.
    const compare = await openComparer(setup);
    const threads = openThreads(jobs, new URL('../batch/compare-worker.js', import.meta.url), setup, compare);
    const simulation = emptySimulation();
    const passedOver: string[] = [];
    try {
      const all = files((name) => passedOver.push(name));
      const blocks = until(blocksOf(all, io, { isWhole: setup.trajectories }), io.signal);
      for await (const [, part] of inOrder(blocks, threads)) addSimulation(simulation, part);
    } finally {
      await threads.close();
    }
    if (io.signal?.aborted) return EXIT.interrupted;
    if (simulation.plans === 0) {
      throw new UsageError(
        `there is no plan in \`${options.plansDir}\``,
        'check --plans-dir and --plans-pattern',
      );
    }
    tellPassedOver(passedOver, io);
    const about = { at: new Date(setup.now).toISOString(), context: setup.context };
    io.stdout(SIMULATION_FORMATS[options.format ?? 'text'](simulation, about));
    for (const { path, format } of outputs) {
      const absolute = resolve(io.cwd, path);
      await mkdir(dirname(absolute), { recursive: true });
      await replaceFile({ path: absolute, content: SIMULATION_FORMATS[format](simulation, about) });
    }
    return simulation.newlyRefused > (options.maxNewlyRefused ?? Infinity) ? EXIT.findings : EXIT.ok;
  });
}

function formatOf(path: string): SimulationFormat {
  const format = ({ html: 'html', json: 'json', txt: 'text' } as const)[/[a-z]+$/.exec(path)?.[0] ?? ''];
  if (format) return format;
  throw new UsageError(`\`${path}\` does not say which report it is to be`, 'end it in .html, .json or .txt');
}

/** @throws UsageError for flags about signatures where nothing is signed */
function refuseIdleTrust({ old, new: now, trust, audience }: SimulateOptions): void {
  if (isBundle(old) || isBundle(now) || (trust ?? audience) === undefined) return;
  throw new UsageError(
    `${trust === undefined ? '--audience' : '--trust'} is for bundles, and both --old and --new are policy directories`,
    'leave it out, or compare with a signed bundle: --old acme.mjs --trust trust.json',
  );
}

function open(
  path: string,
  ownEntry: string | undefined,
  options: SimulateOptions,
  io: Io,
): Promise<BundleSource> {
  const { trust, audience } = options;
  const entry = ownEntry ?? options.entry;
  const signed = isBundle(path);
  return bundleSource(
    {
      ...(signed ? { bundle: path } : { policyDir: path }),
      ...(signed && trust !== undefined && { trust }),
      ...(signed && audience !== undefined && { audience }),
      ...(entry !== undefined && { entry }),
      ...limitOptionsOf(options),
    },
    io,
  );
}
