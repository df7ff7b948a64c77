/** Blocks of plans become pieces of reports; runs in threads and, for small batches, in place. */
import { loadBundle } from '@plan-lint/runtime';
import type { Policy } from '@plan-lint/runtime';
import type { BundleSource } from '../bundle-files.ts';
import { choosePolicy } from '../choose-policy.ts';
import { BATCH_FORMATS } from '../report/batch.ts';
import type { BatchFormatName } from '../report/batch.ts';
import type { ItemOptions } from '../report/batch-format.ts';
import { subtract } from './baseline.ts';
import type { Block, Part } from './blocks.ts';
import { decidePlan, unreadable } from './record.ts';
import type { DecideOptions, PlanPlace, PlanRecord } from './record.ts';
import { takes } from './shard.ts';
import type { Shard } from './shard.ts';
import { addRecord, emptySummary } from './summary.ts';
import type { FailOn, Summary } from './summary.ts';

/** All that a thread needs; passes as a message. */
export interface BatchSetup {
  readonly source: BundleSource;
  readonly context: unknown;
  readonly now: number;
  readonly formats: readonly BatchFormatName[];
  readonly item: ItemOptions;
  readonly failOn: FailOn;
  readonly shard: Shard | undefined;
  /** Fingerprints of findings that are known. */
  readonly baseline: ReadonlySet<string> | undefined;
}

/** Pieces of reports, in the order of the formats, and what they amount to. */
export interface BlockResult {
  readonly pieces: readonly string[];
  readonly summary: Summary;
}

export type Decide = (block: Block) => BlockResult;

/** @throws BundleError where the bundle may not be loaded, UsageError where it has no such entry */
export async function openDecider(setup: BatchSetup): Promise<Decide> {
  const { module, sidecars, trust, load, entry } = setup.source;
  const policy = choosePolicy(await loadBundle(module, sidecars, trust, load), entry);
  return (block) => render(decideBlock(block, policy, setup), setup);
}

/** Turns records into what reports say of them. */
export function render(
  records: Iterable<PlanRecord>,
  { formats, item, failOn }: Pick<BatchSetup, 'formats' | 'item' | 'failOn'>,
): BlockResult {
  const summary = emptySummary();
  const pieces = formats.map((): string[] => []);
  for (const record of records) {
    addRecord(summary, record, failOn);
    formats.forEach((format, i) => {
      const text = BATCH_FORMATS[format].item(record, item);
      if (text !== '') pieces[i]?.push(text);
    });
  }
  return { pieces: pieces.map((all, i) => all.join(BATCH_FORMATS[formats[i] ?? 'json'].separator)), summary };
}

function* decideBlock(block: Block, policy: Policy, setup: BatchSetup): Generator<PlanRecord> {
  const options: DecideOptions = { policy, context: setup.context, now: setup.now };
  for (const part of block.parts) {
    for (const [place, ordinal, written] of plansOf(part)) {
      if (!takes(setup.shard, part.file, ordinal)) continue;
      const record =
        part.problem === undefined
          ? decidePlan(place, written, options)
          : unreadable(place, part.problem, policy.entry);
      yield setup.baseline ? subtract(record, setup.baseline) : record;
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The plans of a part: place, ordinal for shards, and text. */
export function* plansOf({
  file,
  kind,
  at,
  bytes,
  problem,
}: Part): Generator<readonly [PlanPlace, number, Uint8Array | string]> {
  if (kind === 'whole') yield [{ file }, 0, bytes];
  else if (kind === 'element') yield [{ file, index: at }, at, bytes];
  else if (problem !== undefined) yield [{ file, line: at }, at - 1, bytes];
  else {
    let line = at;
    for (const written of linesOf(bytes)) {
      if (written.length > 0 && !(typeof written === 'string' && written.trim() === '')) {
        yield [{ file, line }, line - 1, written];
      }
      line += 1;
    }
  }
}

/** Lines as text where all of them are UTF-8, as bytes where one is not: only that one is to be refused. */
function linesOf(bytes: Uint8Array): readonly (string | Uint8Array)[] {
  try {
    return decoder.decode(bytes).split('\n');
  } catch {
    const lines: Uint8Array[] = [];
    for (let from = 0; from < bytes.length;) {
      const end = bytes.indexOf(0x0a, from);
      lines.push(bytes.subarray(from, end < 0 ? bytes.length : end));
      from = end < 0 ? bytes.length : end + 1;
    }
    return lines;
  }
}
