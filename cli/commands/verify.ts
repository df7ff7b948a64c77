/** `plan-lint verify`: may this bundle be loaded, and what was signed about it. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  BundleError,
  parseTrustRoot,
  verifyBundle,
  type VerifiedBundle,
  type VerifyOptions,
} from '@plan-lint/runtime';
import type { BundlePredicate } from '@plan-lint/runtime/contract';
import { fileStore, rollbackGuard } from '@plan-lint/runtime/node';
import { ruleFor, verifyAttestation, type Attestation } from '@plan-lint/runtime/tools';
import { PROVENANCE_TYPE, sha256Hex } from '../../compiler/6-sign/index.ts';
import type { EmittedModule } from '../../compiler/inspect.ts';
import { provenancePath, readBundle, readIfThere, readSource } from '../../bundles/files.ts';
import { UsageError } from '../../bundles/failure.ts';
import { loadDemands } from '../../bundles/source.ts';
import type { Demands } from '../../bundles/source.ts';
import { explain, reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { checkMap, mapReport, readMap } from '../../bundles/source-map.ts';
import type { MapReport } from '../../bundles/source-map.ts';
import { provenanceStory, story, storyJson } from '../text/story.ts';
import type { Pinning, SourceReport } from '../text/story.ts';

export interface VerifyCommandOptions extends Demands {
  /** The module, or a single-file bundle. */
  readonly file: string;
  readonly trust: string;
  /** Sidecars; default `FILE.sigstore.json`, then `FILE.2.sigstore.json` and so on, or the file's own last line. */
  readonly signature?: readonly string[];
  /** State file of a loader, as its `fileStore` keeps it. */
  readonly state?: string;
  /** Believe the clock, whatever the state says, and remember it there. */
  readonly acceptClock?: boolean;
  /** Policy directory to build the bundle from again; needs a `rebuild` function. */
  readonly sources?: string;
  readonly format?: 'text' | 'json';
  /** Milliseconds since the epoch; default: the clock. */
  readonly now?: number;
}

/** What the same sources give. */
export type Rebuilt = Pick<EmittedModule, 'code' | 'sourceMap'>;

/** What the command cannot do by itself. */
export interface VerifyTools {
  /** Compiles a policy directory anew with what the predicate says (name, entries). Compile errors are thrown. */
  rebuild?(directory: string, predicate: BundlePredicate): Promise<Rebuilt>;
}

function verifyOptions(options: VerifyCommandOptions, io: Io): VerifyOptions {
  const { now, state, acceptClock = false } = options;
  if (acceptClock && state === undefined)
    throw new UsageError('--accept-clock needs --state', "name the loader's state file");
  // A mistyped path is no first start.
  const store = state !== undefined && fileStore(resolve(io.cwd, state), { mustExist: true });
  return {
    ...loadDemands(options),
    ...(now === undefined ? {} : { now }),
    ...(store ? { state: rollbackGuard(store, { acceptClock }) } : {}),
  };
}

/** Whether the rule that the bundle was taken by, or the command line, says which name is meant. */
function pinningOf(
  { name }: VerifyCommandOptions,
  trust: Uint8Array,
  { statement }: VerifiedBundle,
): Pinning {
  const rule = ruleFor(parseTrustRoot(trust), statement.predicate.name);
  return name === undefined && rule?.name === '*' ? 'open' : 'pinned';
}

/** Verifies the files a command was given, the source map among them. @throws BundleError */
async function verifyFiles(
  options: VerifyCommandOptions,
  io: Io,
): Promise<{
  readonly verified: VerifiedBundle;
  readonly map: MapReport | null;
  readonly pinning: Pinning;
}> {
  const files = await readBundle(options.file, options.signature, io);
  const trust = await readFile(resolve(io.cwd, options.trust));
  const verified = await verifyBundle(files.module, files.sidecars, trust, verifyOptions(options, io));
  const found = await readMap(options.file, files, io);
  const map = mapReport(basename(options.file), verified.statement, found);
  checkMap(map);
  if (options.acceptClock === true) await verified.commit();
  return { verified, map, pinning: pinningOf(options, trust, verified) };
}

/** The provenance beside the module, if there is one; it must verify. @throws BundleError */
async function provenanceOf(
  options: VerifyCommandOptions,
  verified: VerifiedBundle,
  io: Io,
): Promise<Attestation | undefined> {
  const sidecar = await readIfThere(provenancePath(resolve(io.cwd, options.file)));
  if (!sidecar) return undefined;
  const trust = await readFile(resolve(io.cwd, options.trust));
  const { statement } = await verifyAttestation(verified.module, [sidecar], trust, {
    bundle: verified.statement.predicate.name,
    predicateType: PROVENANCE_TYPE,
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  return statement;
}

async function compareSources(
  directory: string,
  verified: VerifiedBundle,
  tools: VerifyTools,
): Promise<SourceReport> {
  // A mistyped path is no tampering.
  await readdir(directory);
  const { predicate, subject } = verified.statement;
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
    identical: Buffer.compare(Buffer.from(built.code), verified.module) === 0,
    sameMap: map ? sha256Hex(built.sourceMap()) === map.digest.sha256 : null,
  };
}

/** The same text as git checks it out elsewhere: with LF, and with CRLF. */
function otherLineEnds(content: Uint8Array): readonly Uint8Array[] {
  const unix = Buffer.from(content).toString('latin1').replaceAll('\r\n', '\n');
  return [unix, unix.replaceAll('\n', '\r\n')].map((text) => Buffer.from(text, 'latin1'));
}

const isProven = ({ differing, identical, sameMap }: SourceReport): boolean =>
  differing.length === 0 && identical !== false && sameMap !== false;

export function verify(options: VerifyCommandOptions, io: Io, tools: VerifyTools = {}): Promise<number> {
  return reportFailures(io, async () => {
    try {
      const { verified, map, pinning } = await verifyFiles(options, io);
      const provenance = await provenanceOf(options, verified, io);
      const sources =
        options.sources === undefined
          ? undefined
          : await compareSources(resolve(io.cwd, options.sources), verified, tools);
      io.stdout(
        options.format === 'json'
          ? storyJson(verified, map, provenance, sources, pinning)
          : story(basename(options.file), verified, map, sources, pinning) + provenanceStory(provenance),
      );
      return !sources || isProven(sources) ? EXIT.ok : EXIT.trust;
    } catch (error) {
      if (options.format !== 'json' || !(error instanceof BundleError)) throw error;
      io.stdout(`${JSON.stringify({ verified: false, error: explain(error) }, null, 2)}\n`);
      return EXIT.trust;
    }
  });
}
