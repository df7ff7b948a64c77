/** Where a bundle's files are, by convention, and reading each of them once. */
import { basename, resolve } from 'node:path';
import { BundleError } from '@plan-lint/runtime';
import type { LoadOptions } from '@plan-lint/runtime';
import { MAX_SIDECARS, SINGLE_FILE_MARKER } from '@plan-lint/runtime/contract';
import { readCapped } from './capped.ts';
import { UsageError } from './failure.ts';
import type { Surroundings } from './surroundings.ts';
import { isPlainPath } from './plain-path.ts';

export const isArchive = (path: string): boolean => /\.(tar\.gz|tgz)$/.test(path);

/** Whether a path that may name either is a bundle, not a policy directory. */
export const isBundle = (path: string): boolean => path.endsWith('.mjs') || isArchive(path);

/** Path of a module's sidecar by convention: the first signer's, then one for each further signer. */
export function sidecarPath(module: string, index: number): string {
  return index === 0 ? `${module}.sigstore.json` : `${module}.${index + 1}.sigstore.json`;
}

/** Path of the statement that `bundle --unsigned` writes for `sign`. */
export const statementPath = (module: string): string => `${module}.statement.json`;
/** Path of the source map. */
export const mapPath = (module: string): string => `${module}.map`;
/** Path of the SLSA provenance's sidecar. */
export const provenancePath = (module: string): string => `${module}.provenance.sigstore.json`;
/** Path of the raw RSA-PSS signature of earlier Python deployments. */
export const pssPath = (module: string): string => `${module}.sig`;

/** A file's content, or `undefined` where there is none. @throws BundleError where it is far too large */
export async function readIfThere(
  path: string,
  tooLarge: Parameters<typeof readCapped>[1] = 'module_too_large',
): Promise<Uint8Array | undefined> {
  try {
    return await readCapped(path, tooLarge);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * A source by the name that a statement gives it, perhaps before anybody has verified that: nothing outside the directory is
 * opened, for `/dev/zero` has no end.
 */
export async function readSource(directory: string, name: string): Promise<Uint8Array | undefined> {
  return isPlainPath(name) ? readIfThere(resolve(directory, name)) : undefined;
}

/** The sidecars that lie beside a file, by convention. */
export async function readSidecars(path: string): Promise<Uint8Array[]> {
  const sidecars: Uint8Array[] = [];
  // One more than any loader takes, which says so.
  while (sidecars.length <= MAX_SIDECARS) {
    const found = await readIfThere(sidecarPath(path, sidecars.length), 'sidecar_too_large');
    if (!found) break;
    sidecars.push(found);
  }
  return sidecars;
}

/** A bundle's files, each read once. `sidecars` is undefined for a single-file bundle. */
export interface BundleFiles {
  readonly module: Uint8Array;
  readonly sidecars: readonly Uint8Array[] | undefined;
  /** Of an archive: the policies by path, each with the digest that the statement gives it. */
  readonly sources?: ReadonlyMap<string, Uint8Array>;
  /** Of an archive: the source map, with the digest that the statement gives it. */
  readonly map?: Uint8Array | undefined;
}

/** A signed bundle as bytes, and how to load it. */
export interface BundleSource extends BundleFiles {
  readonly trust: Uint8Array;
  readonly load: Pick<
    LoadOptions,
    'now' | 'audience' | 'name' | 'minSequence' | 'maxAge' | 'requireBase' | 'planLimits'
  >;
  /** The entry to decide with; `undefined` for the bundle's default. */
  readonly entry: string | undefined;
}

/** Reads a module and its sidecars, by name or by convention, or out of an archive. @throws BundleError `signature_missing`, UsageError */
export async function readBundle(
  file: string,
  signature: readonly string[] | undefined,
  io: Surroundings,
): Promise<BundleFiles> {
  const path = resolve(io.cwd, file);
  const module = await readCapped(path, 'module_too_large');
  if (isArchive(path)) {
    if (signature) {
      throw new UsageError(
        'an archive holds its own signatures',
        `leave --signature out, or unpack it: tar -xzf ${basename(path)}`,
      );
    }
    const { archivedBundle, readArchive } = await import('./archive.ts');
    const found = archivedBundle(readArchive(module));
    if (found.sidecars.length > 0) return found;
    throw new BundleError('signature_missing', 'the archive holds no signature');
  }
  if (signature) {
    return {
      module,
      sidecars: await Promise.all(
        signature.map((each) => readCapped(resolve(io.cwd, each), 'sidecar_too_large')),
      ),
    };
  }
  if (module.includes(`\n${SINGLE_FILE_MARKER}`)) return { module, sidecars: undefined };
  const sidecars = await readSidecars(path);
  if (sidecars.length === 0) throw new BundleError('signature_missing', `no ${sidecarPath(file, 0)}`);
  return { module, sidecars };
}
