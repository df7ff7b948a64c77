/** Sizes, compile times, and what it takes from bytes to the first decision; milliseconds of processor time. */
import { gzipSync } from 'node:zlib';
import { Script } from 'node:vm';
import { admitModule } from '../runtime/admit.ts';
import { createBundle } from '../runtime/evaluate.ts';
import { policyText } from './policy.ts';
import { build, open, PREDICATE } from './us.ts';
import { makePlan, makeWorkload } from './workload.ts';
import { clock, quartile } from './measure.ts';

export interface Cold {
  readonly rules: number;
  /** Milliseconds from YAML to signed module, the first time and again with everything warm. */
  readonly compile: number;
  readonly compileAgain: number;
  readonly bytesPerRule: number;
  readonly gzipPerRule: number;
  /** Milliseconds to verify, load and decide once. */
  readonly verified: number;
  /** Milliseconds to run the module and decide once, verification apart, from text and from V8's code cache. */
  readonly fromText: number;
  readonly fromCache: number;
}

export async function cold(rules: number): Promise<Cold> {
  const workload = makeWorkload(rules);
  const files = { 'bench.yaml': policyText(workload) };
  const first = await build(files);
  const again = await build(files);
  const plan = makePlan(workload, 50, 1);

  const start = clock();
  (await open(first)).policy().evaluate(plan);
  const verified = (clock() - start) / 1000;

  // As an expression, so that `vm.Script` takes it and a code cache can be had; a comment makes each text new.
  const text = Buffer.from(first.module).toString().replace('export default', '');
  const run = (script: Script): void => {
    const factory = script.runInThisContext() as unknown;
    const bundle = createBundle(
      { name: '', version: '', sequence: 1, digest: '' },
      PREDICATE,
      admitModule({ default: factory }),
    );
    bundle.policy().evaluate(plan);
  };
  const fromText = timed(7, (i) => run(new Script(`/*${i}*/(${text.trimEnd().replace(/;$/, '')})`)));
  const source = `(${text.trimEnd().replace(/;$/, '')})`;
  const warm = new Script(source);
  run(warm);
  const cachedData = warm.createCachedData();
  const fromCache = timed(7, () => run(new Script(source, { cachedData })));
  return {
    rules,
    compile: first.milliseconds,
    compileAgain: again.milliseconds,
    bytesPerRule: first.module.length / rules,
    gzipPerRule: gzipSync(first.module).length / rules,
    verified,
    fromText,
    fromCache,
  };
}

function timed(rounds: number, work: (round: number) => void): number {
  return quartile(
    Array.from({ length: rounds }, (_, round) => {
      const start = clock();
      work(round);
      return (clock() - start) / 1000;
    }),
  );
}

/** Bytes of heap that a plan that passes costs. */
export async function heapPerPlan(): Promise<number> {
  const workload = makeWorkload(1000);
  const bundle = await open(await build({ 'bench.yaml': policyText(workload) }));
  const policy = bundle.policy();
  const options = { now: Date.now() };
  const plans = Array.from({ length: 50 }, (_, seed) => makePlan(workload, 50, seed, { violating: 0 }));
  const round = (): void => {
    for (const plan of plans) policy.evaluate(plan, options);
  };
  for (let i = 0; i < 200; i += 1) round();
  // Without `--expose-gc` a collection may fall into a sample; the lower quartile leaves those out.
  const samples = Array.from({ length: 30 }, () => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 20; i += 1) round();
    return (process.memoryUsage().heapUsed - before) / (20 * plans.length);
  });
  return Math.max(0, quartile(samples.filter((bytes) => bytes >= 0)));
}
