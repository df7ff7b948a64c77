/** Plans made to be slow: time a character and a value must stay flat. */
import { WHOLE_PLAN } from './hostile-policies.ts';
import type { Policy } from '@plan-lint/runtime';
import { measure } from './measure.ts';
import { build, open } from './us.ts';
import type { Plan } from './workload.ts';

export interface Hostile {
  readonly name: string;
  /** Nanoseconds a character, or a value, for a small and for a sixteen times larger plan. */
  readonly small: number;
  readonly large: number;
}

const POLICY = JSON.stringify({
  deny_tokens_regex: [
    '(?:a+)+$',
    '(?:x|x)*y',
    'AKIA[0-9A-Z]{16}',
    '(?i)begin [a-z ]*private key',
    '[ab]*a[ab]{12}c',
  ],
  bounds: { 'pay.amount': [0, 10] },
});

const planOf = (args: object, steps = 1): Plan =>
  ({
    goal: '',
    steps: Array.from({ length: steps }, (_, i) => ({ id: `s${i}`, tool: 'pay', args })),
  }) as unknown as Plan;
const nested = (depth: number): object => (depth === 0 ? {} : { in: nested(depth - 1) });
/** Ids whose last characters, by which they are told apart, are the same. */
const colliding = (count: number): Plan => ({
  goal: '',
  steps: Array.from({ length: count }, (_, i) => ({
    id: `${i}`.padStart(8, '0') + 'collide',
    tool: `t${i}`,
    args: {},
  })),
});

/** Where there are several plans they take turns, so that nothing kept of the last one helps. */
type Make = (size: number) => readonly [plan: Plan | readonly Plan[], units: number];
const CASES: readonly (readonly [string, Make])[] = [
  ...['a', 'x', 'AKIA', 'begin ', 'ab', '{{', '${a', '-----'].map((part): readonly [string, Make] => [
    `text of ${JSON.stringify(part)}`,
    (size) => [planOf({ amount: 1, note: `${part.repeat(size)}!` }), size * part.length],
  ]),
  [
    'wide arguments',
    (size) => [planOf(Object.fromEntries(Array.from({ length: size }, (_, i) => [`k${i}`, i]))), size],
  ],
  [
    'wide list',
    (size) => [planOf({ amount: 1, list: Array.from({ length: size }, (_, i) => `v${i}`) }), size],
  ],
  [
    'deep objects, many',
    (size) => [
      planOf({ amount: 1, list: Array.from({ length: size / 16 }, () => nested(40)) }),
      (size / 16) * 40,
    ],
  ],
  ['step ids that collide, tools never seen', (size) => [colliding(size), size]],
];

/** Steps of which every second one is governed, with values of their own; what each waits for, in one text. */
const stepsOf = (
  size: number,
  waits: (i: number) => readonly number[],
  onFail: (i: number) => unknown,
): Plan => ({
  goal: '',
  steps: Array.from({ length: size }, (_, i) => ({
    id: `s${i}`,
    tool: i % 2 === 0 ? 'b' : 'a',
    args: {
      x: Math.floor(i / 2),
      n: 5e-324,
      waits: waits(i)
        .map((j) => `\${s${j}.result}`)
        .join(''),
    },
    on_fail: onFail(i),
  })),
});
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
const behind = (i: number): readonly number[] => upTo(Math.min(i, 8)).map((j) => i - 1 - j);
const spread = (i: number): readonly number[] => upTo(Math.min(i, 8)).map((j) => (i * 7 + j * 13) % i);

/** The unit is a step; up to the limit on work the passes over the graph grow with the groups of values. */
const WHOLE_CASES: typeof CASES = [
  ['whole plan, dependencies on what is near', (size) => [stepsOf(size, behind, () => undefined), size]],
  ['whole plan, dependencies on anything', (size) => [stepsOf(size, spread, () => 'continue'), size]],
  [
    'whole plan, handlers that lead back',
    (size) => [stepsOf(size, behind, (i) => (i % 3 === 0 ? undefined : `s${(i * 5 + 1) % size}`)), size],
  ],
  ['whole plan, failures unknown', (size) => [stepsOf(size, behind, () => 7), size]],
  [
    'whole plan, no dependencies',
    (size) => [
      stepsOf(
        size,
        () => [],
        () => ['s0', 's1'],
      ),
      size,
    ],
  ],
];
/** Values of the context that nearly stand in a text, from each of its characters on; the unit is a character. */
const VALUES = upTo(64).map((i) => `${'a'.repeat(500 + i)}b`);
const TEXT_CASES: typeof CASES = [
  ['64 values of the context in a text', (size) => [planOf({ note: 'a'.repeat(size) }), size]],
];

const SPELLED_CASES: typeof CASES = ['\ufdfa', '\u0430', '\uac00'].map((part): readonly [string, Make] => [
  `long texts of U+${part.charCodeAt(0).toString(16)}`,
  (size) => [
    upTo(2 + Math.ceil(4_000_000 / size)).map((i) => planOf({ amount: 1, note: `${part.repeat(size)}${i}` })),
    size,
  ],
]);

export async function hostile(): Promise<readonly Hostile[]> {
  const policyOf = async (text: string): Promise<Policy> =>
    (await open(await build({ 'p.yaml': text }))).policy();
  const ofSteps = await policyOf(POLICY);
  const ofPlans = await policyOf(WHOLE_PLAN);
  const ofTexts = await policyOf(
    JSON.stringify({ rules: [{ rule: 'r', flows: { from: 'z', from_context: ['values'], to: 'pay' } }] }),
  );
  return [
    ...timed(ofSteps, CASES, 512),
    ...timed(ofPlans, WHOLE_CASES, 512),
    ...timed(ofSteps, SPELLED_CASES, 32_768),
    // The values are put together once a decision; a text is as long as that it does not matter.
    ...timed(ofTexts, TEXT_CASES, 32_768),
  ];
}

function timed(policy: Policy, cases: typeof CASES, smallest: number): readonly Hostile[] {
  const options = { now: Date.now(), context: { values: VALUES } };
  return cases.map(([name, make]) => {
    const perUnit = (size: number): number => {
      const [made, units] = make(size);
      const plans = [made].flat() as readonly Plan[];
      let turn = 0;
      const results = measure(
        [{ name, seen: () => policy.evaluate(plans[(turn += 1) % plans.length], options) }],
        Array<string>(30).fill('{}'),
        {
          rounds: 9,
        },
      );
      return ((results.get(name)?.seen ?? NaN) * 1000) / units;
    };
    return { name, small: perUnit(smallest), large: perUnit(smallest * 16) };
  });
}
