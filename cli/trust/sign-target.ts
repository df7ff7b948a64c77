/** What `sign` signs, and where its signatures go: beside a module or a trust root, or into an archive. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parseSidecar } from '@plan-lint/runtime/tools';
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
import { UsageError } from '../../bundles/failure.ts';
import { createFiles, replaceFile } from '../files.ts';
import type { NewFile } from '../files.ts';
import type { Io } from '../terminal/io.ts';

export interface SignTarget {
  /** Name of what is signed, for a statement about it. */
  readonly name: string;
  /** The bytes it is about: the module's, or the trust root's. */
  readonly content: Uint8Array;
  /** The statement to sign, where there is one yet. */
  readonly statement: Uint8Array | undefined;
  readonly sidecars: readonly Uint8Array[];
  /** The source map, if there is one. */
  readonly map: Uint8Array | undefined;
  /** Path of the SLSA provenance's sidecar. */
  readonly provenance: string;
  /** @throws UsageError if further signatures have nowhere to go, for an archive is not replaced unasked */
  ready(): void;
  /** The files that hold further sidecars, and with `sign` a signature over what a reader of the file gets. */
  with(sidecars: readonly Uint8Array[], sign?: Detached): Promise<readonly NewFile[]>;
  write(files: readonly NewFile[]): Promise<void>;
}

/** Makes a signature over bytes. */
type Detached = (bytes: Uint8Array) => Promise<Uint8Array>;

export interface TargetOptions {
  readonly file: string;
  /** For an archive: the one to write. */
  readonly output?: string;
  /** For an archive: replace what is there. */
  readonly force?: boolean;
}

/** @throws BundleError for an archive with anything in it that its statement does not cover */
export async function signTarget(options: TargetOptions, io: Io): Promise<SignTarget> {
  const path = resolve(io.cwd, options.file);
  const bytes = await readFile(path);
  if (isArchive(path)) return archiveTarget(options, path, bytes, io);
  if (options.output !== undefined || options.force) {
    throw new UsageError(
      '--output and --force are for archives',
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

async function archiveTarget(
  { output, force = false }: TargetOptions,
  path: string,
  bytes: Uint8Array,
  io: Io,
): Promise<SignTarget> {
  const { archivedBundle, readArchive, writeArchive } = await import('../../bundles/archive.ts');
  const entries = readArchive(bytes);
  const { name, module, sidecars, statement, map } = archivedBundle(entries);
  const to = output === undefined ? path : resolve(io.cwd, output);
  return {
    name,
    content: module,
    statement,
    sidecars,
    map,
    provenance: provenancePath(path),
    ready() {
      if (output === undefined && !force) {
        throw new UsageError(
          'a signature makes another archive of this one',
          `name it with --output signed.tar.gz, or replace \`${basename(path)}\` with --force`,
        );
      }
      if (!isArchive(to)) {
        throw new UsageError(`\`${basename(to)}\` must end in .tar.gz`, '--output signed.tar.gz');
      }
    },
    async with(made, sign) {
      const added = made.map(
        (content, i) => [sidecarPath(name, sidecars.length + i), Buffer.from(content)] as const,
      );
      const content = writeArchive(new Map([...entries, ...added]));
      return sign
        ? [
            { path: to, content },
            { path: pssPath(to), content: await sign(content) },
          ]
        : [{ path: to, content }];
    },
    async write(files) {
      if (!force) return createFiles(files);
      for (const file of files) await replaceFile(file);
    },
  };
}

/** @throws UsageError if one of the new sidecars is by a key that has signed before */
export function refuseRepeated(
  file: string,
  before: readonly Uint8Array[],
  made: readonly Uint8Array[],
): void {
  const hints = new Set(before.map((each) => parseSidecar(each).hint));
  if (!made.some((each) => hints.has(parseSidecar(each).hint))) return;
  throw new UsageError(
    `this key has signed \`${file}\` already`,
    'a second signature of one key counts for nothing',
  );
}
