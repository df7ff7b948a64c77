/** Between the seeds of two rounds. */
const ROUND = 1_000_003;

/**
 * The seed of a run's `round`. Runs begun with neighbouring seeds, as the parts of a long one are, share no round: with
 * `seed + round` each but the first would see again what its neighbour saw, and count it again.
 */
export const seedOfRound = (seed: number, round: number): number => (seed + round * ROUND) | 0;
