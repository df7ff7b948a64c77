/** The section `audit` of a configuration as the log takes it. */
import { readFile } from 'node:fs/promises';
import { keySigner, readPrivateKey } from 'plan-lint/sign';
import { checkpointSigner } from './audit/index.ts';
import type { AuditOptions } from './audit/index.ts';
import type { Config } from './config/sections.ts';

export async function auditOptions({ audit }: Config, now: () => number): Promise<AuditOptions> {
  const key =
    audit.checkpoint_key === null ? null : readPrivateKey(await readFile(audit.checkpoint_key, 'utf8'));
  const include = audit.include.filter((each): each is 'args' => each === 'args');
  return {
    path: audit.path,
    ...(audit.log !== null && { log: audit.log }),
    durability: audit.durability,
    segment: { bytes: audit.segment_bytes, daily: audit.daily, gzip: audit.gzip },
    keep: audit.keep,
    maxBytes: audit.max_bytes,
    onFull: audit.on_full,
    include,
    mask: audit.mask,
    ...(key && { checkpoint: { sign: checkpointSigner(keySigner(key)), everyMs: audit.checkpoint_every } }),
    now,
  };
}
