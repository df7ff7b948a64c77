/** A bundle that somebody sends: an archive, or a single file. Nobody has verified it yet. */
import { BundleError, verifyBundle } from '@plan-lint/runtime';
import { archivedBundle, readArchive } from 'plan-lint/bundles';
import type { Candidate } from '../policy/candidate.ts';

/** RFC 1952 §2.3.1: how a gzip file begins. */
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** @throws BundleError for an archive that is none, or holds no signature */
export function candidateOf(
  bytes: Uint8Array,
  load: Candidate['load'],
  origin: string,
): Omit<Candidate, 'trust'> {
  if (!isGzip(bytes)) return { load, module: bytes, sidecars: undefined, isSigned: true, origin };
  const { module, sidecars } = archivedBundle(readArchive(bytes));
  if (sidecars.length === 0) throw new BundleError('signature_missing', 'the archive holds no signature');
  return { load, module, sidecars, isSigned: true, origin };
}

/** What the statement of a bundle says, when its signature has been verified; nothing of it has run. @throws BundleError */
export async function verifiedIdentity({ module, sidecars, trust, load }: Candidate, now: number) {
  const { digest, statement } = await verifyBundle(module, sidecars, trust, { ...load, now });
  const { name, version, sequence } = statement.predicate;
  return { name, version, sequence, digest };
}
