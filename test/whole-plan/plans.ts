/** Random plans whose steps wait for each other, read each other and handle each other's failures. */
import fc from 'fast-check';
import type { OracleStep } from '../oracle/oracle.ts';

const FAILURES = ['abort', 'retry', 'continue', undefined, null] as const;

interface Shape {
  readonly most?: number;
  /** Whether steps may handle failures, or say something unknown about them. */
  readonly handled: boolean;
}

/** Steps `s0`…; circles of dependencies are left out, since no policy is asked about them. */
export function steps(
  tools: readonly string[],
  { most = 6, handled }: Shape,
): fc.Arbitrary<readonly OracleStep[]> {
  const number = fc.nat({ max: most - 1 });
  const failure: fc.Arbitrary<unknown> = handled
    ? fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...FAILURES) },
        { weight: 3, arbitrary: number.map((i) => `s${i}`) },
        {
          weight: 1,
          arbitrary: fc.array(number, { minLength: 1, maxLength: 2 }).map((some) => some.map((i) => `s${i}`)),
        },
        { weight: 1, arbitrary: fc.constantFrom<unknown>('nobody', [], ['continue'], 7) },
      )
    : fc.constantFrom(...FAILURES);
  const values = fc.constantFrom<unknown>(1, '1', 2, null, [1, 'x'], { a: 1, b: '2' }, undefined);
  const step = fc.record({
    tool: fc.constantFrom(...tools),
    value: values,
    other: values,
    reads: fc.array(number, { maxLength: 1 }),
    waits: fc.array(number, { maxLength: 2 }),
    failure,
  });
  return fc
    .tuple(
      fc.array(step, { minLength: 1, maxLength: most, size: 'max' }),
      fc.array(fc.nat(), { maxLength: most }),
    )
    .map(([written, places]) => {
      const made = written.map(({ tool, value, other, reads, waits, failure: onFail }, i) => ({
        id: `s${i}`,
        tool,
        args: {
          ...(value === undefined ? {} : { value }),
          ...(other === undefined ? {} : { in: { other } }),
          ...Object.fromEntries(reads.filter((j) => j < i).map((j) => [`r${j}`, `see \${s${j}.result.x}`])),
        },
        depends_on: waits.filter((j) => j < i).map((j) => `s${j}`),
        ...(onFail === undefined ? {} : { on_fail: onFail }),
      }));
      // Each step may move to the front, so that not every plan lists its steps in order.
      return places.reduce<readonly OracleStep[]>((list, place, i) => {
        const moved = list[i];
        if (!moved || place % 3 > 0) return list;
        return [moved, ...list.filter((one) => one !== moved)];
      }, made);
    });
}
