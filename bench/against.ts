/** Peers, each held to the oracle first and then timed next to us. */
import { performance } from 'node:perf_hooks';
import type { Engine, Prepared } from './engine.ts';
import { hold } from './hold.ts';
import { PEERS } from './peers/index.ts';
import { us } from './us.ts';
import { makePlan, makeWorkload } from './workload.ts';
import type { Plan } from './workload.ts';

export interface PeerCell {
  readonly name: string;
  readonly rules: number;
  /** Microseconds a plan of 50 steps, seen before; `null` where it was not run. */
  readonly micros: number | null;
  /** Milliseconds from rules to the first decision. */
  readonly ready: number | null;
  readonly bytes: number;
  readonly note: string;
}

/** Milliseconds that one engine is given in all. */
const BUDGET = 1500;

export async function against(sizes: readonly number[]): Promise<readonly PeerCell[]> {
  const cells: PeerCell[] = [];
  for (const rules of sizes) for (const engine of [us, ...PEERS]) cells.push(await cellOf(engine, rules));
  return cells;
}

async function cellOf(engine: Engine, rules: number): Promise<PeerCell> {
  const cell = { name: engine.name, rules, micros: null, ready: null, bytes: 0, note: '' };
  if (rules > (engine.most ?? Infinity)) return { ...cell, note: 'not run at this size' };
  const workload = makeWorkload(rules);
  const plans = Array.from({ length: 40 }, (_, seed) => makePlan(workload, 50, seed));
  try {
    const start = performance.now();
    const prepared = await hold(engine, workload, plans.slice(0, 1));
    const ready = performance.now() - start;
    await hold({ ...engine, prepare: () => prepared }, workload, plans.slice(1, rules > 1000 ? 2 : 8));
    const micros = await timeOf(prepared, plans);
    return { ...cell, micros, ready, bytes: prepared.bytes };
  } catch (error) {
    // A peer that is not installed, or that cannot say what the rules ask, is a line in the table.
    return { ...cell, note: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'failed' };
  }
}

/** Lower quartile of single plans, warm. */
async function timeOf({ decide, later }: Prepared, plans: readonly Plan[]): Promise<number> {
  const times: number[] = [];
  const begin = performance.now();
  for (let i = 0; performance.now() - begin < BUDGET || i < 3; i += 1) {
    const start = performance.now();
    const answer = decide(plans[i % plans.length] as Plan);
    if (later) await answer;
    if (performance.now() - begin > BUDGET / 4 || i === 0) times.push((performance.now() - start) * 1000);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 4)] ?? NaN;
}
