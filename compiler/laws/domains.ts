import { globCovers } from '../glob/covers.ts';
import type { Interval } from '../ir/document.ts';
import { isWithin } from './values.ts';
import type { Law } from './values.ts';

/** What children may set anew; `null` for a guardrail, of which they may change nothing. */
export type IntervalDomain = Interval | null;
export type GlobDomain = readonly string[] | null;

type DomainLaw<T> = Pick<Law<T>, 'says' | 'weakens'>;

const says = 'a guardrail stays one, and a domain only shrinks';

/** A domain where there was a guardrail, or a wider one, opens what was promised. */
export const intervalDomain: DomainLaw<IntervalDomain> = {
  says,
  weakens: (parent, child) => child !== null && (parent === null || !isWithin(child, parent)),
};

export const globDomain: DomainLaw<GlobDomain> = {
  says,
  weakens: (parent, child) => child !== null && (parent === null || outside(child, parent).length > 0),
};

/** The globs that none of a list covers. */
export const outside = (globs: readonly string[], list: readonly string[]): readonly string[] =>
  globs.filter((glob) => !list.some((outer) => globCovers(outer, glob)));
