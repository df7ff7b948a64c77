import type { Plan } from './workload.ts';

/** Something to be timed: what it does with one plan, as an object and as text. */
export interface Subject {
  readonly name: string;
  readonly seen: (plan: Plan) => unknown;
  /** Left out where only plans seen before are of interest. */
  readonly fresh?: (text: string) => unknown;
}

/** Microseconds a plan. */
export interface Timing {
  readonly seen: number;
  readonly fresh: number;
}

export interface MeasureOptions {
  readonly rounds?: number;
  /** Milliseconds that one subject is given at most in one round. */
  readonly slice?: number;
}

/**
 * Times subjects in turn, round by round, so that a noisy machine is noisy for all of them. What counts is the
 * lower quartile of the rounds: others' load only ever adds.
 */
export function measure(
  subjects: readonly Subject[],
  texts: readonly string[],
  { rounds = 15, slice = 25 }: MeasureOptions = {},
): ReadonlyMap<string, Timing> {
  const plans = texts.map((text) => JSON.parse(text) as Plan);
  const times = new Map(subjects.map(({ name }) => [name, { seen: [] as number[], fresh: [] as number[] }]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, seen, fresh } of subjects) {
      const of = times.get(name);
      of?.seen.push(time(plans, seen, slice));
      if (fresh) of?.fresh.push(time(texts, fresh, slice));
    }
  }
  return new Map(
    [...times].map(([name, { seen, fresh }]) => [name, { seen: quartile(seen), fresh: quartile(fresh) }]),
  );
}

/** Processor time of this process in microseconds: time in which others run does not count. */
function clock(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Microseconds an item; stops at the end of the slice. */
function time<T>(items: readonly T[], work: (item: T) => unknown, slice: number): number {
  const start = clock();
  let done = 0;
  let spent = 0;
  while (done < items.length && spent < slice * 1000) {
    // Several at a time, for reading the clock has its cost.
    const end = Math.min(done + 8, items.length);
    for (; done < end; done += 1) work(items[done] as T);
    spent = clock() - start;
  }
  return spent / done;
}

export function quartile(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 4)] ?? NaN;
}
