/** How many plans `validate-batch` decides a second, beside what `JSON.parse` alone reaches on the same lines. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { performance } from 'node:perf_hooks';
import { policyText } from './policy.ts';
import { makePlan, makeWorkload } from './workload.ts';

/** Plans of five steps a second, by the clock on the wall. */
export interface Batch {
  readonly plans: number;
  readonly threads: number;
  readonly decided: number;
  /** One thread that parses and does nothing else, times the threads. */
  readonly parsed: number;
}

const CLI = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const DISTINCT = 1000;

/** @throws Error when the command fails, or decides another number of plans */
export async function batch(plans: number): Promise<Batch> {
  const threads = Math.min(2, availableParallelism());
  const directory = await mkdtemp(join(tmpdir(), 'plan-lint-bench-'));
  try {
    const workload = makeWorkload(100);
    const lines = Array.from({ length: DISTINCT }, (_, seed) => JSON.stringify(makePlan(workload, 5, seed)));
    const file = join(directory, 'plans.jsonl');
    await writeFile(file, `${lines.join('\n')}\n`.repeat(plans / DISTINCT));
    const policies = join(directory, 'policies');
    await mkdir(policies);
    await writeFile(join(policies, 'bench.yaml'), policyText(workload));
    const report = join(directory, 'report.jsonl');
    // What start-up and compiling cost is taken off: it does not grow with the plans.
    const one = join(directory, 'one.jsonl');
    await writeFile(one, `${lines[0] ?? ''}\n`);
    const small = await run(one, policies, report, threads);
    const large = await run(file, policies, report, threads);
    const found = (await readFile(report, 'utf8')).trimEnd().split('\n').length;
    if (found < plans) throw new Error(`validate-batch reported ${found} of ${plans} plans`);
    return {
      plans,
      threads,
      decided: (plans / (large - small)) * 1000,
      parsed: (await parseAlone(file)) * threads,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Milliseconds. */
async function run(plans: string, policies: string, report: string, jobs: number): Promise<number> {
  const start = performance.now();
  const words = ['validate-batch', plans, '--policy-dir', policies, '--no-cache', '--jobs', `${jobs}`];
  const child = spawn(process.execPath, [CLI, ...words, '--report-format', 'jsonl', '--output', report], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  // 1: some plans are denied, as they should be.
  if (code !== 0 && code !== 1) throw new Error(`validate-batch ended with ${code ?? 'a signal'}`);
  return performance.now() - start;
}

/** Lines a second. */
async function parseAlone(file: string): Promise<number> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const start = performance.now();
  for (const line of lines) JSON.parse(line);
  return (lines.length / (performance.now() - start)) * 1000;
}
