/** From a backup to what stands on disk: what would change, and whether it may. */
import { join } from 'node:path';
import { BundleError, verifyBundle, type TrustRoot } from '@plan-lint/runtime';
import { parseSidecar, parseStatement, splitSingleFile, unpack } from '@plan-lint/runtime/tools';
import { isArchive, readIfThere, sidecarPath } from '../files.ts';
import type { Entries } from '../archive.ts';

/** A bundle among the files of a directory. */
export interface FoundBundle {
  readonly file: string;
  readonly name: string;
  readonly sequence: number;
  readonly digest: string;
}

export type Change = 'new' | 'replaced' | 'same';

const SIDECAR = /\.sigstore\.json$/;

function sidecarsOf(files: Entries, file: string): Uint8Array[] {
  const sidecars: Uint8Array[] = [];
  for (let at = 0; ; at += 1) {
    const next = files.get(sidecarPath(file, at));
    if (!next) return sidecars;
    sidecars.push(next);
  }
}

const isBundle = (file: string): boolean => !SIDECAR.test(file) && (isArchive(file) || file.endsWith('.mjs'));

/** @throws BundleError for an archive that cannot be read */
function openBundle(files: Entries, file: string, content: Uint8Array): ReturnType<typeof unpack> {
  const beside = isArchive(file) ? [] : sidecarsOf(files, file);
  return beside.length > 0 ? { module: content, signatures: beside } : unpack(content);
}

/**
 * The bundles among some files, each verified against a trust root as it stands now.
 *
 * @throws BundleError with the code of the first that no loader would take
 */
export async function bundlesIn(
  files: Entries,
  trust: TrustRoot,
  now: number,
): Promise<readonly FoundBundle[]> {
  const found: FoundBundle[] = [];
  for (const [file, content] of files) {
    if (!isBundle(file)) continue;
    const { module, signatures } = openBundle(files, file, content);
    found.push({ file, ...(await verifyAsDeployed(module, signatures, trust, now)) });
  }
  return found;
}

/**
 * What bundles say of themselves, unverified: enough to ask before something older takes their place, whether or not they would
 * still be loaded today. What cannot be read says nothing.
 */
export function claimedIn(files: Entries): readonly Pick<FoundBundle, 'name' | 'sequence'>[] {
  return [...files].flatMap(([file, content]) => {
    if (!isBundle(file)) return [];
    try {
      const { module, signatures } = openBundle(files, file, content);
      const [first] = signatures ?? splitSingleFile(module).sidecars;
      return first ? [parseStatement(parseSidecar(first).payload).predicate] : [];
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      return [];
    }
  });
}

/** The environment of a bundle is not for a restore to judge: the service that loads it does. */
async function verifyAsDeployed(
  module: Uint8Array,
  signatures: readonly Uint8Array[] | undefined,
  trust: TrustRoot,
  now: number,
): Promise<Omit<FoundBundle, 'file'>> {
  const verify = (audience?: string): ReturnType<typeof verifyBundle> =>
    verifyBundle(module, signatures, trust, { now, ...(audience !== undefined && { audience }) });
  const audiences = trust.policies.flatMap((rule) => rule.audiences);
  let refusal: unknown;
  for (const audience of [undefined, ...audiences]) {
    try {
      const { statement, digest } = await verify(audience);
      return { name: statement.predicate.name, sequence: statement.predicate.sequence, digest };
    } catch (error) {
      const isAudience = error instanceof BundleError && error.code.startsWith('audience_');
      if (!isAudience) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

/** What of the restored bundles is older than what stands there. */
export function rollbacks(
  restored: readonly FoundBundle[],
  standing: readonly Pick<FoundBundle, 'name' | 'sequence'>[],
): readonly { readonly name: string; readonly from: number; readonly to: number }[] {
  const highest = new Map<string, number>();
  for (const { name, sequence } of standing) highest.set(name, Math.max(sequence, highest.get(name) ?? 0));
  return restored.flatMap(({ name, sequence }) => {
    const from = highest.get(name);
    return from !== undefined && sequence < from ? [{ name, from, to: sequence }] : [];
  });
}

function changeOf(there: Uint8Array | undefined, content: Uint8Array): Change {
  if (!there) return 'new';
  return Buffer.compare(there, content) === 0 ? 'same' : 'replaced';
}

/** What writing some files into a directory would do to each. */
export async function changesOf(files: Entries, directory: string): Promise<ReadonlyMap<string, Change>> {
  const changes = new Map<string, Change>();
  for (const [name, content] of files) {
    const there = await readIfThere(join(directory, name));
    changes.set(name, changeOf(there, content));
  }
  return changes;
}
