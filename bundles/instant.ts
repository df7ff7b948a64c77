import { UsageError } from './failure.ts';

/** A day, in milliseconds. */
export const DAY = 86_400_000;

/** So many days before something ends it is told: time enough to have it approved or signed anew. */
export const DAYS_BEFORE_EXPIRY = 30;

/** Milliseconds of a span as people write one: `90d`, `12h`, `30m`. @throws UsageError */
export function parseSpan(written: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([dhm])$/.exec(written) ?? [];
  const length = { d: DAY, h: DAY / 24, m: DAY / 1440 }[unit];
  if (length === undefined)
    throw new UsageError(`\`${written}\` is no span of time`, 'write 90d, 12h or 30m');
  return Number(count) * length;
}

/**
 * An instant as people write one: `2027-01-31T00:00:00Z`, `2027-01-31` (midnight UTC), or `90d` from now.
 *
 * @returns RFC 3339 in UTC, whole seconds
 * @throws UsageError
 */
export function parseExpiry(written: string, now: number): string {
  const days = /^(\d{1,5})d$/.exec(written);
  const date = /^\d{4}-\d\d-\d\d$/.test(written) ? `${written}T00:00:00Z` : written;
  const parsed = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(date) ? Date.parse(date) : NaN;
  const at = days ? now + Number(days[1]) * DAY : parsed;
  // `Date.parse` takes 31 February for 3 March.
  const isDay =
    days !== null || (!Number.isNaN(at) && new Date(at).toISOString().startsWith(date.slice(0, 10)));
  if (Number.isNaN(at) || !isDay)
    throw new UsageError(`\`${written}\` is no instant`, 'write 2027-01-31T00:00:00Z, 2027-01-31 or 90d');
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
