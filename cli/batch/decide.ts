/** Blocks of plans become pieces of reports; runs in threads and, for small batches, in place. */
import { loadBundle } from '@plan-lint/runtime';
import type { Policy } from '@plan-lint/runtime';
import { openBytes } from '@plan-lint/runtime/bytes';
import type { BytePolicy } from '@plan-lint/runtime/bytes';
import type { BundleSource } from '../../bundles/files.ts';
import { choosePolicy } from '../../bundles/choose-policy.ts';
import type { Carrying } from '../../workers/threads.ts';
import { subtract } from './baseline.ts';
import type { Block } from './blocks.ts';
import { eachPlan } from '../../plans/each-plan.ts';
import { decidePart } from '../../decisions/record.ts';
import type { DecideOptions, PlanRecord } from '../../decisions/record.ts';
import type { Rendered, RenderOptions } from './rendering.ts';
import { Rendering } from './rendering.ts';
import { takes } from './shard.ts';
import type { Shard } from './shard.ts';
import { decideTrajectory, needsSessions } from './trajectory.ts';

/** All that a thread needs; passes as a message. */
export interface BatchSetup extends RenderOptions {
  readonly source: BundleSource;
  readonly context: unknown;
  readonly now: number;
  readonly records: boolean;
  /** The files hold the lines of sessions, each of one. */
  readonly trajectories: boolean;
  readonly values: 'now' | 'later';
  readonly shard: Shard | undefined;
  /** Fingerprints of findings that are known. */
  readonly baseline: ReadonlySet<string> | undefined;
}

export interface BlockResult extends Rendered, Carrying {
  /** The block's memory, to be read into again. */
  readonly memory: readonly ArrayBuffer[];
}

export type Decide = (block: Block) => BlockResult;

/** @throws BundleError where the bundle may not be loaded, UsageError where it has no such entry */
export async function openDecider(setup: BatchSetup): Promise<Decide> {
  const { module, sidecars, trust, load, entry } = setup.source;
  const policy = choosePolicy(await loadBundle(module, sidecars, trust, load), entry);
  const bytes = await openBytes(policy);
  if (setup.trajectories) needsSessions({ policy });
  return (block) => decideBlock(block, { policy, bytes }, setup);
}

function decideBlock(
  { parts, buffers = [] }: Block,
  { policy, bytes }: { readonly policy: Policy; readonly bytes: BytePolicy },
  setup: BatchSetup,
): BlockResult {
  const { context, now, records, trajectories, values, shard, baseline } = setup;
  const options: DecideOptions = { policy, bytes, context, now, records, values };
  const asBytes = !records && bytes.counts !== null;
  const rendering = new Rendering(setup, true);
  const add = (record: PlanRecord): void => {
    rendering.add(baseline ? subtract(record, baseline) : record);
  };
  for (const part of parts) {
    const { file } = part;
    if (trajectories) {
      if (takes(shard, file, 0)) add(decideTrajectory(part, options));
      continue;
    }
    eachPlan(
      part,
      (place, ordinal, written) => {
        if (takes(shard, file, ordinal)) add(decidePart(part, place, written, options));
      },
      asBytes,
    );
  }
  const { pieces, summary } = rendering.end();
  return { pieces, summary, memory: buffers, buffers: [...buffers, ...pieces.map(({ buffer }) => buffer)] };
}
