/** How far a batch is, for someone who watches a terminal. */
import type { Io } from './io.ts';
import { many } from '../../compiler/inspect.ts';
import type { Summary } from '../../decisions/summary.ts';

const EVERY_MS = 200;
const BAR = 24;
/** Where the terminal does not say. */
const COLUMNS = 80;

export interface Progress {
  step(bytes: number, summary: Summary): void;
  end(): void;
}

/** Whether anyone watches: a terminal, and no CI that keeps what is printed. */
export const watched = (io: Io): boolean => io.terminal === true && !io.env['CI'];

/** @param total - bytes of all plans, or `null` for a stream whose end is not known */
export function progress(io: Io, total: number | null): Progress {
  if (!watched(io)) return { step: () => undefined, end: () => undefined };
  const start = io.now();
  let last = 0;
  let done = 0;
  return {
    step(bytes, summary) {
      done += bytes;
      const now = io.now();
      if (now - last < EVERY_MS) return;
      last = now;
      const seconds = Math.max(now - start, 1) / 1000;
      const part = !total || done === 0 ? null : Math.min(done / total, 1);
      io.stderr(`\r\x1b[K${progressLine(part, seconds, summary, io.columns ?? COLUMNS)}`);
    },
    end: () => io.stderr('\r\x1b[K'),
  };
}

/**
 * The line, in less than the width of the terminal: a line that breaks cannot be drawn again. What does not fit is left out,
 * the least important first.
 *
 * @param part - how much is done, from 0 to 1; `null` where the end is not known
 */
export function progressLine(
  part: number | null,
  seconds: number,
  { plans, failing }: Pick<Summary, 'plans' | 'failing'>,
  columns: number,
): string {
  const count = `${many(plans, 'plan')}, ${failing.toLocaleString('en-US')} failing`;
  const rate = `${Math.round(plans / seconds).toLocaleString('en-US')} plans/s`;
  const percent = part === null ? '' : `${Math.floor(part * 100)} %`;
  const left = part === null ? '' : timeLeft(part, seconds);
  const bar = part === null ? '' : barOf(part);
  const layouts = [
    [`${bar} ${percent}`, left, count, rate],
    [percent, left, count, rate],
    [percent, left, count],
    [percent, count],
    [count],
    [percent],
  ].map((parts) => parts.filter((text) => text.trim() !== '').join(', '));
  return layouts.find((line) => line.length < columns) ?? '';
}

function barOf(part: number): string {
  const full = Math.round(part * BAR);
  return '█'.repeat(full) + '░'.repeat(BAR - full);
}

function timeLeft(part: number, seconds: number): string {
  const left = Math.round((seconds * (1 - part)) / part);
  return left < 60 ? `${left} s left` : `${Math.floor(left / 60)} min ${left % 60} s left`;
}
