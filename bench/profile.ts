/**
 * `npm run profile`: where the time of a plan goes, by V8's own profiler. The table is for a person; the profile
 * itself is written next to it, for Chrome's developer tools.
 * `npm run profile -- 10000 fresh` takes another number of rules, and plans straight out of `JSON.parse`.
 */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';
import { performance } from 'node:perf_hooks';
import { us } from './us.ts';
import { makePlan, makeWorkload } from './workload.ts';
import type { Plan } from './workload.ts';

const rules = Number(process.argv[2] ?? 1000);
const fresh = process.argv[3] === 'fresh';
const workload = makeWorkload(rules);
const { decide } = await us.prepare(workload);
const plans = Array.from({ length: 200 }, (_, seed) => makePlan(workload, 50, seed));
const texts = plans.map((plan) => JSON.stringify(plan));

function decideFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    plans.forEach((plan, i) => decide(fresh ? (JSON.parse(texts[i] ?? '') as Plan) : plan));
  }
}

decideFor(1500);
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: 100 });
await session.post('Profiler.start');
decideFor(3000);
const { profile } = await session.post('Profiler.stop');

const placeOf = ({ callFrame: { functionName, url, lineNumber } }: Profiler.ProfileNode): string => {
  const file = url.startsWith('data:') ? 'the module' : (url.split('/dist/').at(-1) ?? '');
  return `${functionName || '(anonymous)'}  ${file}${lineNumber > 0 ? `:${lineNumber + 1}` : ''}`;
};
const hits = new Map<string, number>();
for (const node of profile.nodes)
  hits.set(placeOf(node), (hits.get(placeOf(node)) ?? 0) + (node.hitCount ?? 0));
const all = [...hits.values()].reduce((sum, count) => sum + count, 0);
process.stdout.write(
  `${rules} rules, plans of 50 steps, ${fresh ? 'fresh' : 'seen before'}: share of samples\n`,
);
for (const [place, count] of [...hits].sort((a, b) => b[1] - a[1]).slice(0, 20))
  process.stdout.write(`${((100 * count) / all).toFixed(1).padStart(6)} %  ${place}\n`);

const file = new URL('../../plan.cpuprofile', import.meta.url);
await writeFile(file, JSON.stringify(profile));
process.stdout.write('the whole profile: bench/plan.cpuprofile\n');
