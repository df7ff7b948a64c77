/** A child that compiles is at least as strict as everything it inherits, and only the laws keep it so. */
import { afterEach, describe, expect, test } from 'vitest';
import { ENFORCEMENTS } from '@plan-lint/runtime/contract';
import { newest } from '../../compiler/2-resolve/versions.ts';
import * as laws from '../../compiler/laws/values.ts';
import { fuzzMonotonicity } from '../fuzz/monotonicity.ts';

test('what a child lets through its ancestors let through', async () => {
  const result = await fuzzMonotonicity({ seed: 20_261, pairs: 6_000 });
  expect(result.taken).toBeGreaterThan(200);
  expect(result.refused).toBeGreaterThan(60);
  expect(result.telling).toBeGreaterThan(2_000);
  // A family of one file shows nothing of how histories meet.
  expect(result.tellingDiamonds).toBeGreaterThan(12);
  expect(result.clashes).toBeLessThan(result.trees / 2);
  expect(result.emitted).toBeGreaterThan(500);
}, 240_000);

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
    resultAction: [laws.resultAction, () => 'redact'],
  } as const;
  // Any seed shows each of them in the end. These show it soon; `npm run fuzz` takes new ones.
  const seeds: Readonly<Record<string, number>> = { enforcement: 7, threshold: 2 };

  test.each(Object.entries(mutants))(
    '%s',
    async (name, [law, join]) => {
      const before = { ...law };
      restore = () => void Object.assign(law, before);
      Object.assign(law, { join, weakens: () => false });
      await expect(fuzzMonotonicity({ seed: seeds[name] ?? 1, pairs: 40_000 })).rejects.toThrow(
        'is weaker than',
      );
    },
    240_000,
  );
});

describe('versions', () => {
  const writer = (path: string, ...above: readonly Writing[]): Writing => ({
    path,
    above: new Set(above.flatMap((one) => [one, ...one.above])),
  });

  test('those count that no other one has gone on from, whichever way they came', () => {
    const base = writer('base');
    const [a, b] = [writer('a', base), writer('b', base)];
    const c = writer('c', a);
    const all = [base, a, b, c].map((one) => ({ writer: one, value: one.path }));
    for (const order of [all, [...all].reverse(), [...all.slice(2), ...all.slice(0, 2), ...all]]) {
      expect(newest(order).map(({ value }) => value)).toEqual(['b', 'c']);
    }
  });
});

interface Writing {
  readonly path: string;
  readonly above: ReadonlySet<Writing>;
}
