/** The source map beside a module: what the statement says of it, held against what is there. */
import { resolve } from 'node:path';
import { BundleError } from '@plan-lint/runtime';
import type { Statement } from '@plan-lint/runtime/contract';
import { sha256Hex } from '../compiler/6-sign/index.ts';
import { isArchive, mapPath, readIfThere } from './files.ts';
import type { BundleFiles } from './files.ts';
import type { Surroundings } from './surroundings.ts';

/** A source map that is signed, or that is there, or both. */
export interface MapReport {
  readonly name: string;
  /** What was signed; `null` where the statement is about the module only. */
  readonly sha256: string | null;
  readonly state: 'as signed' | 'not there' | 'altered' | 'not signed';
}

/** The source map of a bundle: out of its archive, or beside its module. */
export async function readMap(
  file: string,
  files: BundleFiles,
  io: Surroundings,
): Promise<Uint8Array | undefined> {
  return isArchive(file) ? files.map : readIfThere(mapPath(resolve(io.cwd, file)));
}

/**
 * @param name - of the module
 * @param found - the source map that is there
 * @returns `null` where no source map is signed and none is there
 */
export function mapReport(
  name: string,
  { subject: [, signed] }: Pick<Statement, 'subject'>,
  found: Uint8Array | undefined,
): MapReport | null {
  if (!signed) return found ? { name: mapPath(name), sha256: null, state: 'not signed' } : null;
  const { sha256 } = signed.digest;
  if (!found) return { name: signed.name, sha256, state: 'not there' };
  return { name: signed.name, sha256, state: sha256Hex(found) === sha256 ? 'as signed' : 'altered' };
}

export const isBadMap = (map: MapReport | null): boolean =>
  map?.state === 'altered' || map?.state === 'not signed';

/** Refuses a source map that would lead a reader astray. @throws BundleError `digest_mismatch` */
export function checkMap(map: MapReport | null): void {
  if (!map || !isBadMap(map)) return;
  const about = map.state === 'altered' ? 'another one' : 'none';
  throw new BundleError(
    'digest_mismatch',
    `${map.name} is a source map, and the statement is about ${about}`,
  );
}

/** One line, without its label. */
export function mapText(map: MapReport | null): string {
  if (!map) return 'none';
  return map.sha256 === null ? `${map.name}, ${map.state}` : `${map.sha256}  ${map.name}, ${map.state}`;
}
