/** `plan-lint validate-batch`: decides many plans and reports on all of them. */
import { resolve } from 'node:path';
import type { Severity } from '@plan-lint/runtime/contract';
import { readBaseline } from '../batch/baseline.ts';
import { blocksOf } from '../batch/blocks.ts';
import { openDecider } from '../batch/decide.ts';
import type { BatchSetup } from '../batch/decide.ts';
import { ALONE_BYTES, planFiles, sizeUpTo } from '../batch/files.ts';
import type { PlanFile } from '../batch/files.ts';
import { Memory } from '../batch/memory.ts';
import { openOutputs } from '../batch/outputs.ts';
import type { ReportOptions } from '../batch/outputs.ts';
import { progress, watched } from '../terminal/progress.ts';
import { runBatch } from '../batch/run.ts';
import { refuseBoth } from '../batch/trajectory.ts';
import { parseShard } from '../batch/shard.ts';
import { bundleSource } from '../../bundles/source.ts';
import type { SourceOptions } from '../../bundles/source.ts';
import { askedAt, parseContext } from '../context.ts';
import { reportFailures } from '../terminal/failure.ts';
import { UsageError } from '../../bundles/failure.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { shownFrom } from '../../bundles/policy-path.ts';
import { defaultJobs, openThreads } from '../../workers/threads.ts';

export interface ValidateBatchOptions extends SourceOptions, ReportOptions {
  /** Files of plans; `-` is standard input. */
  readonly plans?: readonly string[];
  readonly plansDir?: string;
  /** Glob below the plans directory; default: every .json, .jsonl and .ndjson file. */
  readonly plansPattern?: string;
  readonly context?: readonly string[];
  /** The plans are records `{plan, context, now}`. */
  readonly records?: boolean;
  /** The files hold the lines of sessions, each of one. */
  readonly trajectories?: boolean;
  /** Default: the clock. */
  readonly now?: string;
  /** Threads; default: one a core. */
  readonly jobs?: number;
  /** `i/n`: this run's part of the plans. */
  readonly shard?: string;
  /** An earlier JSON or JSONL report; its findings are not reported again. */
  readonly baseline?: string;
  /** Fail from this severity up; default: where a plan may not run. */
  readonly failOn?: Severity | 'never';
  /** `later`: checks of values that references stand for wait for the runs of the plans. */
  readonly values?: 'now' | 'later';
  /** A plan with a check that waits fails the run. */
  readonly failOnPending?: boolean;
}

export function validateBatch(options: ValidateBatchOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    refuseBoth(options);
    const input = await inputOf(options, io);
    // What is compiled here is asked about as bytes.
    const source = await bundleSource({ ...options, capabilities: ['bytes'] }, io);
    const context = parseContext(options.context ?? []);
    const now = askedAt(options.now, io);
    const about = { at: new Date(now).toISOString(), context };
    const { formats, item, outputs, talk } = openOutputs(options, { root: input.root, about }, io);
    const setup: BatchSetup = {
      source,
      context,
      now,
      records: options.records ?? false,
      trajectories: options.trajectories ?? false,
      values: options.values ?? 'now',
      formats,
      item,
      failOn: options.failOn,
      failOnPending: options.failOnPending,
      shard: options.shard === undefined ? undefined : parseShard(options.shard),
      baseline:
        options.baseline === undefined ? undefined : await readBaseline(resolve(io.cwd, options.baseline)),
    };
    const { size } = input;
    const jobs = options.jobs ?? (size !== null && size < ALONE_BYTES ? 1 : defaultJobs());
    // Here first, even where threads decide: a bundle that may not be loaded is refused once.
    const decide = await openDecider(setup);
    const threads = openThreads(jobs, new URL('../batch/worker.js', import.meta.url), setup, decide);
    const bar = progress(io, size);
    try {
      const memory = new Memory();
      const passedOver: string[] = [];
      const blocks = blocksOf(
        input.files((name) => passedOver.push(name)),
        io,
        { memory, isWhole: setup.trajectories },
      );
      const { signal } = io;
      const summary = await runBatch({ blocks, threads, outputs, progress: bar, memory, signal, passedOver });
      talk(summary);
      if (summary.interrupted) return EXIT.interrupted;
      return summary.failing > 0 ? EXIT.findings : EXIT.ok;
    } finally {
      bar.end();
      await threads.close();
    }
  });
}

interface Input {
  /** @param passed - hears of files that are left out */
  readonly files: (passed?: (name: string) => void) => AsyncIterable<PlanFile>;
  /** Where the names of the files start. */
  readonly root: string;
  /** Bytes of all files; `null` where it cannot be known beforehand. */
  readonly size: number | null;
}

async function inputOf({ plans = [], plansDir, plansPattern }: ValidateBatchOptions, io: Io): Promise<Input> {
  if ((plansDir === undefined) === (plans.length === 0)) {
    throw new UsageError(
      'give either --plans-dir, or files of plans (- is standard input)',
      'plan-lint validate-batch --plans-dir agent/plans/ --policy-dir policies/',
    );
  }
  if (plansDir === undefined) {
    const files = async function* (): AsyncGenerator<PlanFile> {
      for (const path of [...new Set(plans)].sort()) {
        yield path === '-' ? { name: 'stdin', path } : { name: path, path: resolve(io.cwd, path) };
      }
      await Promise.resolve();
    };
    return { files, root: '', size: plans.includes('-') ? null : (await measure(files(), io)).size };
  }
  const directory = resolve(io.cwd, plansDir);
  const files: Input['files'] = (passed) => planFiles(directory, plansPattern, passed);
  const { size, any } = await measure(files(), io);
  if (!any) {
    throw new UsageError(
      `no plan in \`${plansDir}\` matches \`${plansPattern ?? '**/*.{json,jsonl,ndjson}'}\``,
      'check --plans-dir and --plans-pattern: a run without plans proves nothing',
    );
  }
  return { files, root: shownFrom(io.cwd, directory), size };
}

/** All for a progress bar, else only whether there is much to do. */
async function measure(
  files: AsyncIterable<PlanFile>,
  io: Io,
): Promise<{ size: number | null; any: boolean }> {
  const limit = watched(io) ? Infinity : ALONE_BYTES;
  const { bytes, any } = await sizeUpTo(files, limit);
  return { size: bytes < limit ? bytes : null, any };
}
