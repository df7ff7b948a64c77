import type { Located } from '../ir/source.ts';

/** Milliseconds of each unit. */
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90d`, `12h`, `15m` or `30s` in milliseconds; the shape has been checked. */
export function durationOf(written: Located<string> | undefined): Located<number> | undefined {
  if (!written) return undefined;
  const unit = UNITS[written.value.slice(-1)] ?? 0;
  return { value: Number.parseInt(written.value, 10) * unit, span: written.span };
}
