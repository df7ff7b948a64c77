/**
 * Whether a canary departs from the bundle that decides. Both are asked of the same plans, so that neither the hour nor who happens to
 * ask can make a difference: what counts is how often one refuses what the other lets pass. The test is McNemar’s, exact.
 */

/** Decisions of both about the same plans. */
export interface Pairs {
  readonly decisions: number;
  /** The canary refuses what the other lets pass, and the other way round. */
  readonly newlyRefused: number;
  readonly newlyAllowed: number;
}

export interface DriftRule {
  /** Decisions between two looks; none before that many. */
  readonly every: number;
  /** Difference of the shares of refused plans that is no departure: 0.05 is five of a hundred. */
  readonly maxDelta: number;
  /** How likely a look may err at all, over all looks together. */
  readonly alpha: number;
}

/** Share of refused plans: the canary’s, less the other’s. */
export const deltaOf = ({ decisions, newlyRefused, newlyAllowed }: Pairs): number =>
  decisions === 0 ? 0 : (newlyRefused - newlyAllowed) / decisions;

/**
 * How likely at least as uneven a split is, were both equally strict: two-sided, exact.
 *
 * @example
 * evenOdds(10, 0); // 2 / 1024
 */
export function evenOdds(left: number, right: number): number {
  const all = left + right;
  const few = Math.min(left, right);
  // In logarithms: a thousand halves are no number any more.
  let term = -all * Math.LN2;
  let sum = 0;
  for (let i = 0; i <= few; i += 1) {
    sum += Math.exp(term);
    term += Math.log((all - i) / (i + 1));
  }
  return Math.min(1, 2 * sum);
}

/**
 * Whether it departs, asked after every decision. Looking often makes chance look like a finding; so the first look may err with half of
 * `alpha`, the second with a sixth, the third with a twelfth: over all of them it is `alpha`.
 */
export function departs(pairs: Pairs, { every, maxDelta, alpha }: DriftRule): boolean {
  const { decisions, newlyRefused, newlyAllowed } = pairs;
  if (decisions === 0 || decisions % every !== 0) return false;
  if (Math.abs(deltaOf(pairs)) <= maxDelta) return false;
  const look = decisions / every;
  return evenOdds(newlyRefused, newlyAllowed) <= alpha / (look * (look + 1));
}
