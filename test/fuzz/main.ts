/**
 * The long runs of the properties: `npm run fuzz`, or `npm run fuzz -- --only oracle --size 50000 --seed 7`. Without
 * `--seed` each run has a fresh one, which it prints first. Each prints how much it has done; the first disagreement
 * ends it with an example and exit code 1.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { fuzzPatterns } from '../patterns/fuzz.ts';
import { fuzzMonotonicity } from './monotonicity.ts';
import { fuzzBytes } from './bytes.ts';
import { fuzzDifferential, PLANS } from './differential.ts';
import { fuzzSchemas } from './schemas.ts';
import { fuzzSessions, TRACES } from './sessions.ts';

interface Target {
  readonly says: string;
  readonly size: number;
  readonly run: (seed: number, size: number) => Promise<number> | number;
  /**
   * How much is done at a time, each part with the next seed: what has been done is told as it is done. `inProcesses`: each
   * in a process of its own, for an imported module stays in memory until its process ends.
   */
  readonly part: number;
  readonly inProcesses?: true;
}

const TARGETS: Readonly<Record<string, Target>> = {
  oracle: {
    says: `(policy, plan) pairs, ${PLANS} plans a policy, on which the loaded bundle and the oracle agree`,
    size: 1_000_000,
    part: 25_000,
    inProcesses: true,
    run: fuzzDifferential,
  },
  bytes: {
    says: 'texts of plans on which deciding from bytes and reading strictly, then evaluating agree',
    size: 1_000_000,
    part: 100_000,
    inProcesses: true,
    run: fuzzBytes,
  },
  schemas: {
    says: '(schema, arguments) pairs on which validators and oracle agree',
    size: 1_000_000,
    part: 50_000,
    inProcesses: true,
    run: fuzzSchemas,
  },
  sessions: {
    says: `traces of sessions and runs, ${TRACES} a policy, on which these, the same taken up anew at every move and the oracle agree`,
    size: 1_000_000,
    part: 10_000,
    inProcesses: true,
    run: fuzzSessions,
  },
  inheritance: {
    says: '(child, ancestor, plan) triples in which the child is at least as strict',
    size: 200_000,
    part: 50_000,
    run: async (seed, size) => (await fuzzMonotonicity({ seed, pairs: size })).pairs,
  },
  patterns: {
    says: 'comparisons of pattern engines with RegExp.test',
    size: 2_000_000,
    part: 50_000,
    run: comparePatterns,
  },
};

function comparePatterns(seed: number, size: number): number {
  const { comparisons, differences } = fuzzPatterns({ seed, comparisons: size });
  if (differences.length > 0) throw new Error(`engines differ: ${JSON.stringify(differences.slice(0, 3))}`);
  return comparisons;
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    size: { type: 'string' },
    seed: { type: 'string' },
    /** Set by this program itself: the part is done here, and nothing is printed. */
    part: { type: 'boolean' },
  },
});
const chosen = Object.entries(TARGETS).filter(([name]) => values.only === undefined || name === values.only);
if (chosen.length === 0) throw new Error(`no such target; there are ${Object.keys(TARGETS).join(', ')}`);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);

/**
 * Of modules that decide a hundred plans and are thrown away: their functions are compiled plainly and at once, only those
 * that really are hot are optimised, and there is room for what dies young. Twice as many pairs a second.
 */
const ENGINE_FLAGS = ['--always-sparkplug', '--interrupt-budget=4000000', '--max-semi-space-size=64'];

/** One part in a process of its own, which prints the example where there is a disagreement. */
function inProcess(name: string, partSeed: number, size: number): number {
  const [, main = ''] = process.argv;
  const flags = ['--only', name, '--size', String(size), '--seed', String(partSeed), '--part'];
  const { status, stdout } = spawnSync(
    process.execPath,
    [...ENGINE_FLAGS, ...process.execArgv, main, ...flags],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    },
  );
  if (status !== 0) process.exit(1);
  return Number(stdout);
}

const [only] = chosen;
if (values.part && only) {
  process.stdout.write(String(await only[1].run(seed, Number(values.size))));
  process.exit(0);
}

console.error(`seed ${seed}`);
for (const [name, { says, size, run, part: most, inProcesses }] of chosen) {
  const start = Date.now();
  const wanted = values.size === undefined ? size : Number(values.size);
  let done = 0;
  for (let part = 0; done < wanted; part += 1) {
    if (part > 0) console.error(`${name}: ${done.toLocaleString('en')} so far (seeds from ${seed})`);
    const next = Math.min(most, wanted - done);
    done += inProcesses ? inProcess(name, seed + part, next) : await run(seed + part, next);
  }
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(`${name}: ${done.toLocaleString('en')} ${says} (seed ${seed}, ${seconds} s)`);
}
