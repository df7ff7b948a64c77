import { DAY, DAYS_BEFORE_EXPIRY } from '../../bundles/instant.ts';
import { many } from '../../compiler/inspect.ts';

/** What an examination of an installation found, one line each. */
export interface Finding {
  readonly outcome: 'ok' | 'warning' | 'wrong';
  /** What was looked at, in a word or two. */
  readonly about: string;
  /** One lower-case sentence. */
  readonly says: string;
  /** What to do about it; none where nothing is to be done. */
  readonly hint?: string;
}

export const ok = (about: string, says: string): Finding => ({ outcome: 'ok', about, says });

export const warning = (about: string, says: string, hint: string): Finding => ({
  outcome: 'warning',
  about,
  says,
  hint,
});

export const wrong = (about: string, says: string, hint: string): Finding => ({
  outcome: 'wrong',
  about,
  says,
  hint,
});

/** Whether something that ends is near its end. */
export function untilEnd(about: string, end: string | null, now: number, hint: string): Finding {
  if (end === null) return ok(about, 'it does not expire');
  const left = Math.floor((Date.parse(end) - now) / DAY);
  if (left < 0) return wrong(about, `it expired at ${end}`, hint);
  const says = `it expires at ${end}, in ${many(left, 'day')}`;
  return left < DAYS_BEFORE_EXPIRY ? warning(about, says, hint) : ok(about, says);
}
