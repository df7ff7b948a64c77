/** Peers, each held to the oracle first and then timed next to us. */
import { performance } from 'node:perf_hooks';
import { Missing } from './engine.ts';
import type { Engine, Prepared, Timed } from './engine.ts';
import { hold } from './hold.ts';
import { clock } from './measure.ts';
import { PEERS } from './peers/index.ts';
import { us } from './us.ts';
import { makePlan, makeWorkload } from './workload.ts';
import type { Plan, Workload } from './workload.ts';

export interface PeerCell {
  readonly name: string;
  readonly rules: number;
  /** Microseconds a plan of 50 steps, seen before; `null` where it was not run. */
  readonly micros: number | null;
  /** What we take for the same decisions: all of them, or for a peer that decides a part of them that part. */
  readonly ours: number | null;
  /** Milliseconds from rules to the first decision. */
  readonly ready: number | null;
  readonly bytes: number;
  readonly note: string;
  /** Why it is not here, and how to get it. */
  readonly skipped: string | null;
}

/** Milliseconds that one engine is given in all. */
const BUDGET = 1500;

export async function against(
  sizes: readonly number[],
  engines: readonly Engine[] = PEERS,
): Promise<readonly PeerCell[]> {
  const cells: PeerCell[] = [];
  for (const rules of sizes) {
    const workload = makeWorkload(rules);
    const own = await cellOf(us, rules, workload, null);
    cells.push({ ...own, ours: own.micros });
    for (const engine of engines) cells.push(await peerCell(engine, rules, workload, own.micros));
  }
  return cells;
}

/** A peer that cannot be asked all of it is compared with us on what it can be asked. */
async function peerCell(
  engine: Engine,
  rules: number,
  workload: Workload,
  whole: number | null,
): Promise<PeerCell> {
  if (!engine.part) return cellOf(engine, rules, workload, whole);
  const part = engine.part(workload);
  const cell = await cellOf(engine, rules, part, null, workload);
  if (cell.micros === null) return cell;
  return { ...cell, ours: (await cellOf(us, rules, part, null, workload)).micros };
}

async function cellOf(
  engine: Engine,
  rules: number,
  workload: Workload,
  ours: number | null,
  planned: Workload = workload,
): Promise<PeerCell> {
  const { name, most = Infinity } = engine;
  const cell = { name, rules, micros: null, ours, ready: null, bytes: 0, note: '', skipped: null };
  if (rules > most) return { ...cell, note: 'not run at this size' };
  const plans = Array.from({ length: 40 }, (_, seed) => makePlan(planned, 50, seed));
  try {
    const start = clock();
    const prepared = await hold(engine, workload, plans.slice(0, 1));
    const ready = (clock() - start) / 1000;
    await hold({ ...engine, prepare: () => prepared }, workload, plans.slice(1, rules > 1000 ? 2 : 8));
    const { bytes, note = '' } = prepared;
    const timed = prepared.timed ?? ((): Promise<Timed> => timeOf(prepared, plans, ready));
    return { ...cell, ...(await timed(plans, BUDGET)), bytes, note };
  } catch (error) {
    if (error instanceof Missing) return { ...cell, skipped: error.message };
    // A peer that cannot say what the rules ask is a line in the table.
    return { ...cell, note: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'failed' };
  }
}

const AT_A_TIME = 4;

/** Lower quartile, warm; processor time in microseconds. */
async function timeOf({ decide, later }: Prepared, plans: readonly Plan[], ready: number): Promise<Timed> {
  const times: number[] = [];
  const begin = performance.now();
  for (let i = 0; performance.now() - begin < BUDGET || i < 3; i += 1) {
    const start = clock();
    const answer = decide(plans[i % plans.length] as Plan);
    if (later) await answer;
    // Reading the clock costs as much as a fast decision does.
    else for (let more = 1; more < AT_A_TIME; more += 1) decide(plans[i % plans.length] as Plan);
    const spent = (clock() - start) / (later ? 1 : AT_A_TIME);
    if (performance.now() - begin > BUDGET / 4 || i === 0) times.push(spent);
  }
  times.sort((a, b) => a - b);
  return { micros: times[Math.floor(times.length / 4)] ?? NaN, ready };
}
