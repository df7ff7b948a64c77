/** Plans made to be slow: time a character and a value must stay flat. */
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

type Make = (size: number) => readonly [plan: Plan, units: number];
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

export async function hostile(): Promise<readonly Hostile[]> {
  const policy = (await open(await build({ 'p.yaml': POLICY }))).policy();
  const options = { now: Date.now() };
  return CASES.map(([name, make]) => {
    const perUnit = (size: number): number => {
      const [plan, units] = make(size);
      const results = measure(
        [{ name, seen: () => policy.evaluate(plan, options) }],
        Array<string>(30).fill('{}'),
        {
          rounds: 9,
        },
      );
      return ((results.get(name)?.seen ?? NaN) * 1000) / units;
    };
    return { name, small: perUnit(512), large: perUnit(8192) };
  });
}
