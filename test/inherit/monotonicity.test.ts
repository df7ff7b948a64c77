/** A child that compiles is at least as strict as everything it inherits, and only the laws keep it so. */
import { afterEach, describe, expect, test } from 'vitest';
import { ENFORCEMENTS } from '@plan-lint/runtime/contract';
import * as laws from '../../compiler/laws/values.ts';
import { fuzzMonotonicity } from '../fuzz/monotonicity.ts';

test('what a child lets through its ancestors let through', async () => {
  const result = await fuzzMonotonicity({ seed: 20_261, pairs: 8_000 });
  expect(result.pairs).toBeGreaterThan(5_000);
  expect(result.taken).toBeGreaterThan(100);
  expect(result.refused).toBeGreaterThan(30);
});

describe('mutating the merge table is noticed', () => {
  let restore = (): void => undefined;
  afterEach(() => restore());

  const least =
    <T>(order: readonly T[]) =>
    (a: T, b: T): T =>
      order.indexOf(a) <= order.indexOf(b) ? a : b;
  const mutants = {
    limit: [laws.limit, Math.max],
    threshold: [laws.threshold, Math.max],
    weight: [laws.weight, Math.min],
    enforcement: [laws.enforcement, least(ENFORCEMENTS)],
    interval: [laws.interval, (_: unknown, next: unknown) => next],
    aggregate: [laws.aggregate, () => 'max'],
  } as const;

  test.each(Object.entries(mutants))('%s', async (_, [law, join]) => {
    const before = { ...law };
    restore = () => void Object.assign(law, before);
    Object.assign(law, { join, weakens: () => false });
    // Not every seed has a tree that shows it; one of a few does.
    const tries = async (): Promise<void> => {
      for (let seed = 1; seed <= 4; seed += 1) await fuzzMonotonicity({ seed, pairs: 20_000 });
    };
    await expect(tries()).rejects.toThrow('is weaker than');
  });
});
