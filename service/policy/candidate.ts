/** A bundle that may become the one that decides: bytes, and what it must satisfy. */
import { createHash } from 'node:crypto';
import type { LoadOptions, TrustRoot } from '@plan-lint/runtime';
import { trustBytes } from 'plan-lint/sign';

export interface Candidate {
  readonly module: Uint8Array;
  /** `undefined` for a single-file bundle. */
  readonly sidecars: readonly Uint8Array[] | undefined;
  readonly trust: Uint8Array | TrustRoot;
  readonly load: Pick<LoadOptions, 'name' | 'audience' | 'minSequence' | 'maxAge'>;
  /** Signed by somebody the trust root names; `false` for policies that were compiled here. */
  readonly isSigned: boolean;
  /** A path or an address, for the status. */
  readonly origin: string;
}

/** As a thread takes it: a trust root that was read is one in the thread alone that has read it, and goes there as its file. */
export const forThread = (candidate: Candidate): Candidate => ({
  ...candidate,
  trust: candidate.trust instanceof Uint8Array ? candidate.trust : fileOf(candidate.trust),
});

const fileOf = (root: TrustRoot): Uint8Array =>
  trustBytes({
    ...root,
    keys: root.keys.map((key) => ({ ...key, spki: Buffer.from(key.spki).toString('base64') })),
  });

/** Tells whether two looks at a source have found the same. */
export function fingerprintOf({ module, sidecars = [], trust }: Candidate): string {
  const hash = createHash('sha256');
  const root = trust instanceof Uint8Array ? [trust] : [];
  for (const part of [module, ...sidecars, ...root]) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

/** The source document's plan for `/health/deep`; a bundle that cannot decide it does not become the one that decides. */
export const HEALTH_PLAN = {
  goal: 'health check',
  steps: [{ id: 'step1', tool: 'health.check', parameters: {} }],
} as const;
