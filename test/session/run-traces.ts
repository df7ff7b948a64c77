/** Random plans whose steps pass values on, and random traces of their runs. */
import fc from 'fast-check';
import { move, TOOLS, value } from './traces.ts';
import type { Move } from './traces.ts';

export interface RunStep {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly depends_on?: readonly string[];
  readonly on_fail?: string;
}

export interface PlannedRun {
  readonly plan: { readonly steps: readonly RunStep[] };
  readonly unplanned: 'refuse' | 'session';
}

/** How an argument names the result of an earlier step; `nth` is turned into the id of one. */
const reference = fc.constantFrom(
  (id: string) => `\${${id}.result}`,
  (id: string) => `\${${id}.result.x}`,
  (id: string) => `{{ ${id}.result.y }}`,
  (id: string) => `see \${${id}.result.x}!`,
  () => '{{ x | upper }}',
);

const argument = fc.oneof(
  { weight: 3, arbitrary: value.map((literal) => () => literal) },
  {
    weight: 2,
    arbitrary: fc.tuple(reference, fc.nat({ max: 9 })).map(([write, nth]) => (earlier: readonly string[]) => {
      const id = earlier[nth % Math.max(1, earlier.length)];
      return id === undefined ? 5 : write(id);
    }),
  },
);

const step = fc.record({
  tool: fc.constantFrom(...TOOLS),
  args: fc.dictionary(fc.constantFrom('amount', 'to', 'note'), argument, { maxKeys: 3 }),
  after: fc.option(fc.nat({ max: 9 }), { nil: null, freq: 2 }),
  onFail: fc.constantFrom(undefined, undefined, 'retry', 'continue', 'abort', 'next'),
});

const plan = fc.array(step, { minLength: 1, maxLength: 5 }).map((written): PlannedRun['plan'] => {
  const ids = written.map((_, i) => `s${i}`);
  const steps = written.map(({ tool, args, after, onFail }, i): RunStep => {
    const earlier = ids.slice(0, i);
    const before = after === null ? undefined : earlier[after % Math.max(1, i)];
    const handler = onFail === 'next' ? ids[i + 1] : onFail;
    return {
      id: `s${i}`,
      tool,
      args: Object.fromEntries(Object.entries(args).map(([key, write]) => [key, write(earlier)])),
      ...(before !== undefined && { depends_on: [before] }),
      ...(handler !== undefined && { on_fail: handler }),
    };
  });
  return { steps };
});

export const plannedRun: fc.Arbitrary<PlannedRun> = fc.record({
  plan,
  unplanned: fc.constantFrom('refuse', 'session', 'session'),
});

const stepMove = fc.record({
  op: fc.constant('step' as const),
  nth: fc.nat({ max: 5 }),
  change: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'argument', 'more', 'tool'),
  later: fc.constantFrom(0, 0, 30_000),
});

/** Steps are called mostly; now and then something that nobody planned. */
export const runTrace: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: stepMove }, { weight: 4, arbitrary: move }),
  { minLength: 3, maxLength: 16 },
);
