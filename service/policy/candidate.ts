/** A bundle that may become the one that decides: bytes, and what it must satisfy. */
import { createHash } from 'node:crypto';
import type { LoadOptions, TrustRoot } from '@plan-lint/runtime';
import { trustBytes, trustFileOf } from 'plan-lint/sign';

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

/** As another thread can be given it: a parsed trust root is known by its object, and a thread gets a copy. */
export const portable = (candidate: Candidate): Candidate =>
  candidate.trust instanceof Uint8Array
    ? candidate
    : { ...candidate, trust: new Uint8Array(trustBytes(trustFileOf(candidate.trust))) };

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
