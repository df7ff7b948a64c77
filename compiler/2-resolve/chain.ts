import type { ChainStep } from '../ir/resolved.ts';
import type { Span } from '../ir/source.ts';

export type Chain = readonly ChainStep[];

export function samePlace(a: Span, b: Span): boolean {
  return a.file === b.file && a.start === b.start;
}

/** Both histories, steps that are in both once. */
export function joinChains(a: Chain, b: Chain): Chain {
  if (a === b) return a;
  return [
    ...a,
    ...b.filter((step) => !a.some(({ span, says }) => samePlace(span, step.span) && says === step.says)),
  ];
}
