/** Whether policies on disk are those a statement names, and whether they give the same module again. */
import { readdir } from 'node:fs/promises';
import type { BundlePredicate, Statement } from '@plan-lint/runtime/contract';
import { readSource } from '../../bundles/files.ts';
import { sha256Hex } from '../../compiler/6-sign/index.ts';
import type { EmittedModule } from '../../compiler/inspect.ts';
import type { SourceReport } from '../text/story.ts';

/** What the same sources give. */
export type Rebuilt = Pick<EmittedModule, 'code' | 'sourceMap'>;

/** What the commands that compare cannot do by themselves. */
export interface BuildTools {
  /** Compiles a policy directory anew with what the predicate says (name, entries). Compile errors are thrown. */
  rebuild?(directory: string, predicate: BundlePredicate): Promise<Rebuilt>;
}

/** A module, and what a statement says of it. */
export interface StatedModule {
  readonly module: Uint8Array;
  readonly statement: Statement;
}

/** @throws Error with `code` ENOENT for a directory that is not there */
export async function compareSources(
  directory: string,
  { module, statement }: StatedModule,
  tools: BuildTools,
): Promise<SourceReport> {
  // A mistyped path is no tampering.
  await readdir(directory);
  const { predicate, subject } = statement;
  const differing: string[] = [];
  const lineEnds: string[] = [];
  const { sources, catalog } = predicate;
  for (const { name, sha256 } of catalog ? [...sources, catalog] : sources) {
    const content = await readSource(directory, name);
    if (content && sha256Hex(content) === sha256) continue;
    differing.push(name);
    if (content && otherLineEnds(content).some((text) => sha256Hex(text) === sha256)) lineEnds.push(name);
  }
  // Sources that differ make another module; building it would only say so again.
  if (differing.length > 0 || !tools.rebuild)
    return { directory, differing, lineEnds, identical: null, sameMap: null };
  const built = await tools.rebuild(directory, predicate);
  const [, map] = subject;
  return {
    directory,
    differing,
    lineEnds,
    identical: Buffer.compare(Buffer.from(built.code), module) === 0,
    sameMap: map ? sha256Hex(built.sourceMap()) === map.digest.sha256 : null,
  };
}

/** The same text as git checks it out elsewhere: with LF, and with CRLF. */
function otherLineEnds(content: Uint8Array): readonly Uint8Array[] {
  const unix = Buffer.from(content).toString('latin1').replaceAll('\r\n', '\n');
  return [unix, unix.replaceAll('\n', '\r\n')].map((text) => Buffer.from(text, 'latin1'));
}

export const isProven = ({ differing, identical, sameMap }: SourceReport): boolean =>
  differing.length === 0 && identical !== false && sameMap !== false;
