/** What `sign` signs, and where its signatures go: beside a module or a trust root, or into a file that holds its own. */
import { basename, resolve } from 'node:path';
import { parseSidecar } from '@plan-lint/runtime/tools';
import { SINGLE_FILE_MARKER } from '@plan-lint/runtime/contract';
import {
  isArchive,
  mapPath,
  provenancePath,
  pssPath,
  readIfThere,
  readSidecars,
  sidecarPath,
  statementPath,
} from '../../bundles/files.ts';
import { readCapped } from '../../bundles/capped.ts';
import { UsageError } from '../../bundles/failure.ts';
import { createFiles } from '../files.ts';
import type { Io } from '../terminal/io.ts';
import type { FileToSign } from './rewritten.ts';
import { singleFileTarget } from './single-file-target.ts';
import type { SignTarget } from './target.ts';

export interface TargetOptions {
  readonly file: string;
  /** For a file that holds its own signatures: the one to write. */
  readonly output?: string;
  /** For such a file: replace what is there. */
  readonly force?: boolean;
}

/** @throws BundleError for an archive with anything in it that its statement does not cover */
export async function signTarget(options: TargetOptions, io: Io): Promise<SignTarget> {
  const path = resolve(io.cwd, options.file);
  const bytes = await readCapped(path, 'module_too_large');
  const { output, force = false } = options;
  const file: FileToSign = { path, bytes, output, force, cwd: io.cwd };
  if (isArchive(path)) return (await import('./archive-target.ts')).archiveTarget(file);
  if (bytes.includes(`\n${SINGLE_FILE_MARKER}`)) return singleFileTarget(file);
  if (output !== undefined || force) {
    throw new UsageError(
      '--output and --force are for archives and single-file bundles',
      `the signature of a module is a file of its own: ${basename(sidecarPath(path, 0))}`,
    );
  }
  const sidecars = await readSidecars(path);
  return {
    name: basename(path),
    content: bytes,
    statement: await readIfThere(statementPath(path)),
    sidecars,
    map: await readIfThere(mapPath(path)),
    provenance: provenancePath(path),
    ready: () => undefined,
    async with(made, sign) {
      const files = made.map((content, i) => ({ path: sidecarPath(path, sidecars.length + i), content }));
      return sign ? [...files, { path: pssPath(path), content: await sign(bytes) }] : files;
    },
    write: createFiles,
  };
}

/** The ids of the keys that have signed it, as the signatures say. */
export const signedBy = ({ sidecars }: SignTarget): ReadonlySet<string> =>
  new Set(sidecars.map((each) => parseSidecar(each).hint));
