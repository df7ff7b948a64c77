/** A few ratios in seconds, for whoever works on speed: `node bench/dist/bench/quick.js 1000 50`. */
import { early, straight } from './baselines/straight.ts';
import { tables } from './baselines/tables.ts';
import type { Engine, Prepared } from './engine.ts';
import { measure } from './measure.ts';
import { oracle } from './oracle.ts';
import { us } from './us.ts';
import { makePlan, makeWorkload } from './workload.ts';
import type { Plan } from './workload.ts';

const [size = 1000, steps = 50, rounds = 25] = process.argv.slice(2).map(Number);
const workload = makeWorkload(size);
const prepared: (readonly [Engine, Prepared])[] = [];
for (const engine of [straight, tables, us]) prepared.push([engine, await engine.prepare(workload)]);
const first = await early.prepare(workload);

for (const shuffled of [false, true]) {
  const plans = Array.from({ length: 200 }, (_, seed) => makePlan(workload, steps, seed, { shuffled }));
  for (const plan of plans.slice(0, size > 1000 ? 2 : 10)) {
    const expected = oracle(workload, plan).join(' ');
    for (const [{ name }, { verdict }] of prepared) {
      const found = (await verdict(plan)).join(' ');
      if (found !== expected) throw new Error(`${name} differs:\n${found}\n${expected}`);
    }
  }
  const texts = plans.map((plan) => JSON.stringify(plan));
  const subjects = prepared.flatMap(([{ name }, { decide, allows }]) => [
    { name, seen: decide, fresh: (text: string) => decide(JSON.parse(text) as Plan) },
    ...(allows ? [{ name: `${name}, allows`, seen: allows }] : []),
  ]);
  const parse = (text: string): unknown => JSON.parse(text);
  const results = measure(
    [{ name: 'JSON.parse', seen: () => 0, fresh: parse }, ...subjects, { name: 'early', seen: first.decide }],
    texts,
    { rounds },
  );
  console.log(`${size} rules, ${steps} steps, ${shuffled ? 'shuffled' : 'stable'}`);
  for (const [name, { seen, fresh }] of results)
    console.log(name.padEnd(30), seen.toFixed(1).padStart(9), fresh.toFixed(1).padStart(9));
}
for (const [{ name }, { bytes, gzip }] of prepared) console.log(name, bytes / size, (gzip ?? 0) / size);
