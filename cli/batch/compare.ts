/** Blocks of plans, each decided by two policies: what changes. Runs in threads and, for few plans, in place. */
import { loadBundle } from '@plan-lint/runtime';
import type { BundleSource } from '../../bundles/files.ts';
import { choosePolicy } from '../../bundles/choose-policy.ts';
import type { Block } from './blocks.ts';
import { eachPlan } from '../../plans/each-plan.ts';
import { decidePart } from '../../decisions/record.ts';
import type { DecideOptions } from '../../decisions/record.ts';
import { addPair, emptySimulation } from './simulation.ts';
import type { Simulation } from './simulation.ts';
import { decideTrajectory, needsSessions } from './trajectory.ts';

/** All that a thread needs; passes as a message. */
export interface CompareSetup {
  readonly before: BundleSource;
  readonly after: BundleSource;
  readonly context: unknown;
  readonly now: number;
  readonly records: boolean;
  /** The files hold the lines of sessions, each of one. */
  readonly trajectories: boolean;
}

/** @throws BundleError where a bundle may not be loaded, UsageError where it has no such entry */
export async function openComparer(setup: CompareSetup): Promise<(block: Block) => Simulation> {
  const [before, after] = [await open(setup.before, setup), await open(setup.after, setup)];
  const { trajectories } = setup;
  if (trajectories) for (const each of [before, after]) needsSessions(each);
  return ({ parts }) => {
    const simulation = emptySimulation();
    for (const part of parts) {
      if (trajectories) {
        addPair(simulation, decideTrajectory(part, before), decideTrajectory(part, after));
        continue;
      }
      eachPlan(part, (place, _, written) => {
        addPair(
          simulation,
          decidePart(part, place, written, before),
          decidePart(part, place, written, after),
        );
      });
    }
    return simulation;
  };
}

async function open(source: BundleSource, { context, now, records }: CompareSetup): Promise<DecideOptions> {
  const bundle = await loadBundle(source.module, source.sidecars, source.trust, source.load);
  return { policy: choosePolicy(bundle, source.entry), context, now, records };
}
