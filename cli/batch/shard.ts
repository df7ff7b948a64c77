import { UsageError } from '../../bundles/failure.ts';

/** The part of a batch that one of several runs takes. */
export interface Shard {
  /** 1-based. */
  readonly index: number;
  readonly of: number;
}

/** @throws UsageError for anything but `i/n` with 1 ≤ i ≤ n */
export function parseShard(written: string): Shard {
  const [, index = 0, of = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(written) ?? []).map(Number);
  if (index < 1 || index > of) {
    throw new UsageError(
      `\`${written}\` is no shard`,
      'write 1/4 to 4/4; with a Kubernetes Indexed Job: $((JOB_COMPLETION_INDEX + 1))/4',
    );
  }
  return { index, of };
}

/** Whether a shard takes a plan: files start at different shards, so that one-plan files spread too. */
export function takes(shard: Shard | undefined, file: string, ordinal: number): boolean {
  return !shard || (hash(file) + ordinal) % shard.of === shard.index - 1;
}

/** FNV-1a, 32 bits: the same on every machine. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}
