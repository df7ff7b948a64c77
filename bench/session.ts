/** Calls of a session, one after the other: what a call costs at the beginning, with a history, and with a longer one. */
import { openSession } from '@plan-lint/runtime/session';
import type { Session } from '@plan-lint/runtime/session';
import type { Policy } from '@plan-lint/runtime';
import { clock, quartile } from './measure.ts';
import { policyText } from './policy.ts';
import { build, open } from './us.ts';
import { makePlan, makeWorkload } from './workload.ts';
import type { Step } from './workload.ts';

/** Microseconds of processor time a call, and its `end`. */
export interface SessionCost {
  readonly rules: number;
  /** The same calls, each as a plan of one step: what a session cannot be faster than. */
  readonly alone: number;
  /** Around the tenth call. */
  readonly tenth: number;
  /** With 200 calls behind it. */
  readonly with200: number;
  /** Around the five hundredth. */
  readonly fiveHundredth: number;
}

/** Beside the rules of the workload: one of each kind that remembers. */
const REMEMBERING = `
      - { rule: counted, max_calls: { tool: "*", limit: 100000 } }
      - { rule: added, max_total: { tool: "*", arg: amount, limit: 1000000000, per: target } }
      - { rule: before, require_before: { tool: never.called, before: "*" } }
`;

const CALLS = 520;
/** Calls timed together, for reading the clock has its cost. */
const TOGETHER = 16;
const PLACES = { tenth: 4, with200: 200, fiveHundredth: 496 } as const;

export async function sessionCost(rules: number, rounds: number): Promise<SessionCost> {
  const workload = makeWorkload(rules);
  const bundle = await open(
    await build({
      'bench.yaml': policyText({ ...workload, maxSteps: 1_000_000 }).trimEnd() + REMEMBERING,
      'plan-lint.yaml': 'capabilities: [session]\n',
    }),
  );
  const policy = bundle.policy();
  const steps = passing(policy, Array.from({ length: 400 }, (_, i) => makePlan(workload, 5, i).steps).flat());
  const times = { tenth: [] as number[], with200: [] as number[], fiveHundredth: [] as number[] };
  for (let round = 0; round < rounds; round += 1) timeOne(policy, steps, round, times);
  return {
    rules,
    alone: alone(policy, steps, rounds),
    tenth: quartile(times.tenth),
    with200: quartile(times.with200),
    fiveHundredth: quartile(times.fiveHundredth),
  };
}

/** Calls that are admitted: what is denied has no history. */
function passing(policy: Policy, steps: readonly Step[]): readonly Step[] {
  const session = openSession(policy, { id: 'probe' });
  return steps.filter(({ tool, args }) => session.call({ tool, args }).admitted);
}

function timeOne(
  policy: Policy,
  steps: readonly Step[],
  round: number,
  times: Record<keyof typeof PLACES, number[]>,
): void {
  const session = openSession(policy, { id: `bench-${round}` });
  const now = Date.now();
  let made = 0;
  const makeUntil = (end: number): void => {
    for (; made < end; made += 1) call(session, steps, made + round, now);
  };
  for (const [name, place] of Object.entries(PLACES) as [keyof typeof PLACES, number][]) {
    makeUntil(place);
    const start = clock();
    makeUntil(place + TOGETHER);
    times[name].push((clock() - start) / TOGETHER);
  }
  makeUntil(CALLS);
}

function call(session: Session, steps: readonly Step[], nth: number, now: number): void {
  const { tool, args } = steps[nth % steps.length] as Step;
  const { id } = session.call({ tool, args, now });
  session.end(id, { outcome: 'succeeded', result: null });
}

function alone(policy: Policy, steps: readonly Step[], rounds: number): number {
  const options = { now: Date.now() };
  const plans = steps.map((step) => ({ goal: '', steps: [step] }));
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = clock();
    for (let i = 0; i < CALLS; i += 1) policy.evaluate(plans[(i + round) % plans.length], options);
    times.push((clock() - start) / CALLS);
  }
  return quartile(times);
}
