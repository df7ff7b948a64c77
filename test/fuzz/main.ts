/**
 * The long runs of the properties: `npm run fuzz`, or `npm run fuzz -- --only oracle --size 50000 --seed 7`. Each
 * prints how much it has done; the first disagreement ends it with an example and exit code 1.
 */
import { parseArgs } from 'node:util';
import { fuzzPatterns } from '../patterns/fuzz.ts';
import { fuzzMonotonicity } from './monotonicity.ts';
import { fuzzDifferential } from './differential.ts';
import { fuzzSchemas } from './schemas.ts';

interface Target {
  readonly says: string;
  readonly size: number;
  readonly run: (seed: number, size: number) => Promise<number> | number;
}

const TARGETS: Readonly<Record<string, Target>> = {
  oracle: {
    says: '(policy, plan) pairs on which emitted code and oracle agree',
    size: 1_000_000,
    run: fuzzDifferential,
  },
  schemas: {
    says: '(schema, arguments) pairs on which validators and oracle agree',
    size: 1_000_000,
    run: fuzzSchemas,
  },
  inheritance: {
    says: '(child, ancestor, plan) triples in which the child is at least as strict',
    size: 200_000,
    run: async (seed, size) => (await fuzzMonotonicity({ seed, pairs: size })).pairs,
  },
  patterns: {
    says: 'comparisons of pattern engines with RegExp.test',
    size: 2_000_000,
    run: comparePatterns,
  },
};

function comparePatterns(seed: number, size: number): number {
  const { comparisons, differences } = fuzzPatterns({ seed, comparisons: size });
  if (differences.length > 0) throw new Error(`engines differ: ${JSON.stringify(differences.slice(0, 3))}`);
  return comparisons;
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, size: { type: 'string' }, seed: { type: 'string' } },
});
const chosen = Object.entries(TARGETS).filter(([name]) => values.only === undefined || name === values.only);
if (chosen.length === 0) throw new Error(`no such target; there are ${Object.keys(TARGETS).join(', ')}`);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);

/** Long runs are made in parts, each with the next seed: what has been done is told as it is done. */
const PART = 50_000;

for (const [name, { says, size, run }] of chosen) {
  const start = Date.now();
  const wanted = values.size === undefined ? size : Number(values.size);
  let done = 0;
  for (let part = 0; done < wanted; part += 1) {
    if (part > 0) console.error(`${name}: ${done.toLocaleString('en')} so far (seeds from ${seed})`);
    done += await run(seed + part, Math.min(PART, wanted - done));
  }
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(`${name}: ${done.toLocaleString('en')} ${says} (seed ${seed}, ${seconds} s)`);
}
