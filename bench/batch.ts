/** How many plans `validate-batch` decides a second, beside what `JSON.parse` alone reaches on the same lines. */
import { spawn } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { performance } from 'node:perf_hooks';
import { parseAlone } from './parse-alone.ts';
import type { Rate } from './parse-alone.ts';
import { policyText } from './policy.ts';
import { makePlan, makeWorkload } from './workload.ts';

/** Plans of five steps; medians of rounds in which both take turns. */
export interface Batch {
  readonly plans: number;
  readonly threads: number;
  readonly decided: Rate;
  readonly parsed: Rate;
}

const CLI = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const DISTINCT = 1000;
const ROUNDS = 5;

/** @throws Error when the command fails, or decides another number of plans */
export async function batch(plans: number): Promise<Batch> {
  const threads = Math.min(2, availableParallelism());
  const directory = await mkdtemp(join(tmpdir(), 'plan-lint-bench-'));
  try {
    const workload = makeWorkload(100);
    const lines = Array.from({ length: DISTINCT }, (_, seed) => JSON.stringify(makePlan(workload, 5, seed)));
    const files = { few: join(directory, 'few.jsonl'), many: join(directory, 'many.jsonl') };
    await writeFile(files.few, `${lines.join('\n')}\n`);
    // In parts: the whole is longer than a string may be.
    for (let done = 0; done < plans; done += DISTINCT) await appendFile(files.many, `${lines.join('\n')}\n`);
    const policies = join(directory, 'policies');
    await mkdir(policies);
    await writeFile(join(policies, 'bench.yaml'), policyText(workload));
    const report = join(directory, 'report.jsonl');
    const decided: Rate[] = [];
    const parsed: Rate[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      parsed.push(await parseAlone(files.few, threads, plans / DISTINCT / threads));
      // What start-up and compiling cost is taken off: it does not grow with the plans.
      const small = await run(files.few, policies, report, threads);
      const large = await run(files.many, policies, report, threads);
      decided.push({
        perSecond: ((plans - DISTINCT) / (large.millis - small.millis)) * 1000,
        micros: (large.micros - small.micros) / (plans - DISTINCT),
      });
    }
    const found = await linesIn(report);
    if (found !== plans) throw new Error(`validate-batch reported ${found} of ${plans} plans`);
    return { plans, threads, decided: medians(decided), parsed: medians(parsed) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Lets a process say at its end how much processor time it took, all threads together. */
const TELL_TIME = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
   import { isMainThread } from 'node:worker_threads';
   if (isMainThread) process.on('exit', () => {
     const { user, system } = process.cpuUsage();
     writeSync(3, String(user + system));
   });`,
)}`;

interface Taken {
  readonly millis: number;
  /** Of processor time. */
  readonly micros: number;
}

async function run(plans: string, policies: string, report: string, jobs: number): Promise<Taken> {
  const start = performance.now();
  const words = ['validate-batch', plans, '--policy-dir', policies, '--no-cache', '--jobs', `${jobs}`];
  const child = spawn(
    process.execPath,
    ['--import', TELL_TIME, CLI, ...words, '--report-format', 'jsonl', '--output', report],
    { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] },
  );
  let told = '';
  (child.stdio[3] as Readable).setEncoding('utf8').on('data', (text: string) => (told += text));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  // 1: some plans are denied, as they should be.
  if (code !== 0 && code !== 1) throw new Error(`validate-batch ended with ${code ?? 'a signal'}`);
  return { millis: performance.now() - start, micros: Number(told) };
}

async function linesIn(file: string): Promise<number> {
  const bytes = await readFile(file);
  let found = 0;
  for (let at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', at + 1)) found += 1;
  return found;
}

function medians(rates: readonly Rate[]): Rate {
  const median = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  return {
    perSecond: median(rates.map(({ perSecond }) => perSecond)),
    micros: median(rates.map(({ micros }) => micros)),
  };
}
