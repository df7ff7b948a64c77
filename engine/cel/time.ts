import { INT_MAX, INT_MIN, toBigint, toNumber } from './number.ts';
import { BAD_ARGUMENT, CelDuration, CelTimestamp, failed, OVERFLOW, type CelFailure } from './value.ts';

const SECOND = 1_000_000_000n;
const DAY = 86_400;

/** Days from 0001-01-01 to 1970-01-01, and from 0000-03-01 (where leap years are easy) to 0001-01-01. */
const EPOCH_DAYS = 719_162;
const MARCH_DAYS = 306;

/** 0001-01-01T00:00:00Z and the last nanosecond of the year 9999 (langdef.md "Timestamps"). */
const FIRST = -62_135_596_800_000_000_000n;
const LAST = 253_402_300_799_999_999_999n;

export function timestamp(nanos: bigint): CelTimestamp | CelFailure {
  if (nanos < FIRST || nanos > LAST) return OVERFLOW;
  const made = new CelTimestamp();
  made.nanos = nanos;
  return made;
}

/** Durations are int64 nanoseconds, as in cel-go: about 292 years. */
export function duration(nanos: bigint): CelDuration | CelFailure {
  if (nanos < INT_MIN || nanos > INT_MAX) return OVERFLOW;
  const made = new CelDuration();
  made.nanos = nanos;
  return made;
}

/** The instant `ms` milliseconds after 1970-01-01 as a timestamp: how `now` comes into an expression. */
export function celInstant(ms: unknown): unknown {
  if (typeof ms !== 'number') return failed(ms);
  const whole = ms - (ms % 1);
  return whole - whole === 0 ? timestamp(toBigint(whole) * 1_000_000n) : BAD_ARGUMENT;
}

function divide(value: number, by: number): number {
  return (value - (value % by)) / by;
}

/** Days since 0001-01-01 of a date of the proleptic Gregorian calendar; `month` from 1. */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = divide(153 * (month > 2 ? month - 3 : month + 9) + 2, 5) + day - 1;
  return 365 * y + divide(y, 4) - divide(y, 100) + divide(y, 400) + dayOfYear - MARCH_DAYS;
}

interface Civil {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** Days since 0001-01-01. */
  readonly days: number;
  /** Seconds of the day. */
  readonly seconds: number;
  /** Nanoseconds of the second. */
  readonly nanos: number;
}

/** The date and time of an instant, `offset` seconds east of UTC. */
function civil(nanos: bigint, offset: number): Civil {
  const since = nanos - FIRST;
  const total = toNumber(since / SECOND) + offset + DAY;
  const days = divide(total, DAY) - 1;
  const z = days + MARCH_DAYS;
  const era = divide(z, 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = divide(
    dayOfEra - divide(dayOfEra, 1460) + divide(dayOfEra, 36_524) - divide(dayOfEra, 146_096),
    365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + divide(yearOfEra, 4) - divide(yearOfEra, 100));
  const shifted = divide(5 * dayOfYear + 2, 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - divide(153 * shifted + 2, 5) + 1,
    days,
    seconds: total % DAY,
    nanos: toNumber(since % SECOND),
  };
}

/** Seconds east of UTC of `UTC`, `Z`, `+HH:MM`, `-HH:MM` or `HH:MM`; the compiler lets nothing else through. */
function offsetOf(zone: unknown): number | null {
  if (typeof zone === 'undefined') return 0;
  if (typeof zone !== 'string') return null;
  if (zone === 'UTC' || zone === 'Z') return 0;
  const [, sign = '', hours = '', minutes = ''] = /^([+-]?)(\d\d):(\d\d)$/.exec(zone) ?? [];
  if (hours === '') return null;
  const seconds = (+hours * 60 + +minutes) * 60;
  return sign === '-' ? -seconds : seconds;
}

function part(value: unknown, zone: unknown, read: (time: Civil) => number): unknown {
  if (!(value instanceof CelTimestamp)) return failed(value);
  const offset = offsetOf(zone);
  return offset === null ? failed(zone) : toBigint(read(civil(value.nanos, offset)));
}

export function celGetFullYear(value: unknown, zone?: unknown): unknown {
  return part(value, zone, (time) => time.year);
}

/** From 0. */
export function celGetMonth(value: unknown, zone?: unknown): unknown {
  return part(value, zone, (time) => time.month - 1);
}

/** Day of the month from 1. */
export function celGetDate(value: unknown, zone?: unknown): unknown {
  return part(value, zone, (time) => time.day);
}

/** Day of the month from 0. */
export function celGetDayOfMonth(value: unknown, zone?: unknown): unknown {
  return part(value, zone, (time) => time.day - 1);
}

/** From 0, Sunday. */
export function celGetDayOfWeek(value: unknown, zone?: unknown): unknown {
  return part(value, zone, (time) => (time.days + 8) % 7);
}

/** From 0. */
export function celGetDayOfYear(value: unknown, zone?: unknown): unknown {
  return part(value, zone, (time) => time.days - daysOf(time.year, 1, 1));
}

/** The hour of a timestamp; the whole hours of a duration. So with minutes and seconds. */
export function celGetHours(value: unknown, zone?: unknown): unknown {
  if (value instanceof CelDuration) return value.nanos / (3600n * SECOND);
  return part(value, zone, (time) => divide(time.seconds, 3600));
}

export function celGetMinutes(value: unknown, zone?: unknown): unknown {
  if (value instanceof CelDuration) return value.nanos / (60n * SECOND);
  return part(value, zone, (time) => divide(time.seconds, 60) % 60);
}

export function celGetSeconds(value: unknown, zone?: unknown): unknown {
  if (value instanceof CelDuration) return value.nanos / SECOND;
  return part(value, zone, (time) => time.seconds % 60);
}

/** The milliseconds of the second, of both. */
export function celGetMilliseconds(value: unknown, zone?: unknown): unknown {
  if (value instanceof CelDuration) return (value.nanos / 1_000_000n) % 1000n;
  return part(value, zone, (time) => divide(time.nanos, 1_000_000));
}

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A timestamp from RFC 3339 text. */
export function parseTimestamp(text: string): CelTimestamp | CelFailure {
  const found = RFC3339.exec(text);
  if (!found) return BAD_ARGUMENT;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = found;
  const [fraction = '', sign = '+', zoneHours = '0', zoneMinutes = '0'] = found.slice(7);
  const leap = +year % 4 === 0 && (+year % 100 !== 0 || +year % 400 === 0);
  const longest = (MONTH_DAYS[+month - 1] ?? 0) + (leap && +month === 2 ? 1 : 0);
  if (+day < 1 || +day > longest || +hour > 23 || +minute > 59 || +second > 59) return BAD_ARGUMENT;
  const offset = (+zoneHours * 60 + +zoneMinutes) * (sign === '-' ? -60 : 60);
  const days = daysOf(+year, +month, +day) - EPOCH_DAYS;
  const seconds = days * DAY + (+hour * 60 + +minute) * 60 + +second - offset;
  return timestamp(toBigint(seconds) * SECOND + toBigint(+fraction.padEnd(9, '0')));
}

/** RFC 3339 in UTC; the fraction without trailing zeros. */
export function formatTimestamp(value: CelTimestamp): string {
  const { year, month, day, seconds, nanos } = civil(value.nanos, 0);
  const two = (number: number): string => `${number}`.padStart(2, '0');
  const date = `${`${year}`.padStart(4, '0')}-${two(month)}-${two(day)}`;
  const time = `${two(divide(seconds, 3600))}:${two(divide(seconds, 60) % 60)}:${two(seconds % 60)}`;
  return `${date}T${time}${fractionText(toBigint(nanos))}Z`;
}

/** Seconds with as many decimals as it takes: `1.5s`. */
export function formatDuration(value: CelDuration): string {
  const positive = value.nanos < 0n ? -value.nanos : value.nanos;
  return `${value.nanos < 0n ? '-' : ''}${positive / SECOND}${fractionText(positive % SECOND)}s`;
}

function fractionText(nanos: bigint): string {
  if (nanos === 0n) return '';
  let digits = `${nanos}`.padStart(9, '0');
  while (digits.endsWith('0')) digits = digits.slice(0, -1);
  return `.${digits}`;
}

/** Seconds since 1970, rounded down. */
export function unixSeconds(value: CelTimestamp): bigint {
  return (value.nanos - FIRST) / SECOND + FIRST / SECOND;
}

/** A timestamp from seconds since 1970. */
export function fromUnixSeconds(seconds: bigint): CelTimestamp | CelFailure {
  return timestamp(seconds * SECOND);
}
