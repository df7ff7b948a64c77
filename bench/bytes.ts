/** Plans from their bytes: what they cost beside `JSON.parse` of the same text, and which are read as objects all the same. */
import { openBytes } from '@plan-lint/runtime/bytes';
import { memoryHost } from '../compiler/index.ts';
import { measure } from './measure.ts';
import { ordinary } from './ordinary.ts';
import type { Ordinary } from './ordinary.ts';
import { policyText } from './policy.ts';
import { buildFrom, open } from './us.ts';
import { makePlan, makeWorkload } from './workload.ts';

/** Microseconds a plan. */
export interface FromBytes {
  readonly rules: number;
  readonly steps: number;
  /** Steps in a thousand that violate. */
  readonly violating: number;
  /** `JSON.parse` of the text alone. */
  readonly parsed: number;
  /** From bytes to the verdict, the words unread. */
  readonly decided: number;
}

/** How often each text is parsed and decided before it is timed. */
const WARMING = 25;

export interface BytesResult {
  readonly costs: readonly FromBytes[];
  readonly plans: readonly Ordinary[];
}

export async function fromBytes(sizes: readonly number[], rounds: number): Promise<BytesResult> {
  const costs: FromBytes[] = [];
  for (const rules of sizes) {
    const workload = makeWorkload(rules);
    const bundle = await open(await buildFrom(memoryHost({ 'bench.yaml': policyText(workload) }), ['bytes']));
    const policy = await openBytes(bundle.policy());
    for (const steps of [5, 50]) {
      for (const violating of [0, 50]) {
        const texts = Array.from({ length: 40 }, (_, seed) =>
          JSON.stringify(makePlan(workload, steps, seed, { violating })),
        );
        const bytes = new Map(texts.map((text) => [text, Buffer.from(text)]));
        const options = { now: Date.now() };
        // Services are hot, and have met their tools: what is timed is not how an engine warms up.
        for (let time = 0; time < WARMING; time += 1)
          for (const [text, own] of bytes) {
            JSON.parse(text);
            policy.decideText(own, options);
          }
        const times = measure(
          [
            { name: 'parsed', seen: () => 0, fresh: (text) => JSON.parse(text) as unknown },
            {
              name: 'decided',
              seen: () => 0,
              fresh: (text) => policy.decideText(bytes.get(text) as Buffer, options).valid,
            },
          ],
          texts,
          { rounds },
        );
        const of = (name: string): number => times.get(name)?.fresh ?? NaN;
        costs.push({ rules, steps, violating, parsed: of('parsed'), decided: of('decided') });
      }
    }
  }
  return { costs, plans: await ordinary() };
}

export function bytesLines({ costs, plans }: BytesResult): readonly string[] {
  return [
    ...costs.map(({ rules, steps, violating, parsed, decided }) => {
      const what = violating === 0 ? 'clean' : `${violating / 10} % of the steps violate`;
      return `${rules} rules, ${steps} steps, ${what}: ${parsed.toFixed(1)} ${decided.toFixed(1)} (${(decided / parsed).toFixed(2)})`;
    }),
    '',
    'plans that are read as objects, by cause',
    ...plans.map(({ name, policy, plans: count, causes }) => {
      const { scanned = 0, ...others } = causes;
      const why = Object.entries(others).filter(([, times]) => times > 0);
      const share =
        count === 0 ? 'absent' : `${(((count - scanned) / count) * 100).toFixed(1)} % of ${count}`;
      return `${name} (${policy}): ${share} ${why.map(([cause, times]) => `${cause} ${times}`).join(', ')}`;
    }),
  ];
}
