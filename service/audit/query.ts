/** Looks through a log for lines, oldest first. */
import type { WrittenEvent } from './line.ts';
import { batchesFrom, type ReadLine } from './reader.ts';

/** What a line has to be; what is not named may be anything. */
export interface LogQuery {
  /** Milliseconds since the epoch: from (inclusive), to (exclusive). */
  readonly from?: number;
  readonly to?: number;
  readonly action?: string;
  readonly user?: string;
  readonly plan?: string;
  readonly policy?: string;
  readonly status?: string;
  /** A rule that fired. */
  readonly rule?: string;
  readonly decision?: string;
}

const TESTS: Readonly<{
  [K in keyof LogQuery]-?: (event: WrittenEvent, asked: NonNullable<LogQuery[K]>) => boolean;
}> = {
  from: ({ timestamp }, asked) => Date.parse(timestamp) >= asked,
  to: ({ timestamp }, asked) => Date.parse(timestamp) < asked,
  action: ({ action }, asked) => action === asked,
  user: ({ user }, asked) => user === asked,
  plan: ({ plan_id }, asked) => plan_id === asked,
  policy: ({ policy_id }, asked) => policy_id === asked,
  status: ({ status }, asked) => status === asked,
  rule: ({ result }, asked) => result?.violations.some(({ rule }) => rule === asked) ?? false,
  decision: ({ decision_id }, asked) => decision_id === asked,
};

/** Whether a line is one that is asked for. */
export function matches(event: WrittenEvent, query: LogQuery): boolean {
  return Object.entries(query).every(([name, asked]: [string, unknown]) => {
    if (asked === undefined) return true;
    const test = TESTS[name as keyof LogQuery] as (event: WrittenEvent, asked: unknown) => boolean;
    return test(event, asked);
  });
}

/**
 * The lines of a log that match.
 *
 * @param onSkipped - told how many lines could not be looked at: unreadable, or removed
 * @throws Error of the system
 */
export async function* queryLog(
  path: string,
  query: LogQuery,
  onSkipped: (what: 'unreadable' | 'removed', count: number) => void = () => undefined,
): AsyncGenerator<ReadLine> {
  for await (const { lines, gap, unreadable } of batchesFrom(path)) {
    if (gap) onSkipped('removed', gap.to - gap.from + 1);
    if (unreadable > 0) onSkipped('unreadable', unreadable);
    for (const line of lines) if (matches(line.event, query)) yield line;
  }
}
