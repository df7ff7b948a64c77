/** How far a batch is, for someone who watches a terminal. */
import type { Io } from './io.ts';
import { many } from '../../compiler/inspect.ts';
import type { Summary } from '../../decisions/summary.ts';

const EVERY_MS = 200;
const WIDTH = 24;

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
    step(bytes, { plans, failing }) {
      done += bytes;
      const now = io.now();
      if (now - last < EVERY_MS) return;
      last = now;
      const seconds = Math.max(now - start, 1) / 1000;
      const rate = `${Math.round(plans / seconds).toLocaleString('en-US')} plans/s`;
      const count = `${many(plans, 'plan')}, ${failing.toLocaleString('en-US')} failing`;
      io.stderr(`\r\x1b[K${bar(done, total, seconds)}${count}, ${rate}`);
    },
    end: () => io.stderr('\r\x1b[K'),
  };
}

function bar(done: number, total: number | null, seconds: number): string {
  if (!total || done === 0) return '';
  const part = Math.min(done / total, 1);
  const full = Math.round(part * WIDTH);
  const left = Math.round((seconds * (1 - part)) / part);
  const time = left < 60 ? `${left} s` : `${Math.floor(left / 60)} min ${left % 60} s`;
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${Math.floor(part * 100)} %, ${time} left, `;
}
