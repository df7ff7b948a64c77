/** `plan-lint verify`: may this bundle be loaded, and what was signed about it. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  BundleError,
  parseTrustRoot,
  verifyBundle,
  type VerifiedBundle,
  type VerifyOptions,
} from '@plan-lint/runtime';
import { fileStore, rollbackGuard } from '@plan-lint/runtime/node';
import { ruleFor, scanModule, verifyAttestation, type Attestation } from '@plan-lint/runtime/tools';
import { PROVENANCE_TYPE } from '../../compiler/6-sign/index.ts';
import { provenancePath, readBundle, readIfThere } from '../../bundles/files.ts';
import { UsageError } from '../../bundles/failure.ts';
import { loadDemands } from '../../bundles/source.ts';
import type { Demands } from '../../bundles/source.ts';
import { explain, reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { checkMap, mapReport, readMap } from '../../bundles/source-map.ts';
import { provenanceStory, story, storyJson } from '../text/story.ts';
import type { Pinning } from '../text/story.ts';
import { verifyRawSignature } from './verify-pss.ts';
import { compareSources, isProven } from '../trust/compare-sources.ts';
import type { BuildTools } from '../trust/compare-sources.ts';

export interface VerifyCommandOptions extends Demands {
  /** The module, or a single-file bundle. */
  readonly file: string;
  /** The trust root; needed but with `pss`. */
  readonly trust?: string;
  /** Check the raw RSA-PSS signature `FILE.sig` by `publicKey`, and nothing else. */
  readonly pss?: boolean;
  readonly publicKey?: string;
  /** Refuse a bundle without verified provenance beside it. */
  readonly requireProvenance?: boolean;
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

/** The trust root that decides. @throws UsageError where none is named */
async function readTrust({ trust, publicKey }: VerifyCommandOptions, io: Io): Promise<Uint8Array> {
  if (trust !== undefined && publicKey === undefined) return readFile(resolve(io.cwd, trust));
  throw new UsageError(
    trust === undefined ? 'verify wants a trust root' : '--public-key is for --pss',
    'the trust root says whose signature counts: --trust trust.json; --pss --public-key signer.pub checks FILE.sig',
  );
}

/** The provenance beside the module, if there is one; it must verify. @throws BundleError */
async function provenanceOf(
  options: VerifyCommandOptions,
  verified: VerifiedBundle,
  trust: Uint8Array,
  io: Io,
): Promise<Attestation | undefined> {
  const path = provenancePath(resolve(io.cwd, options.file));
  const sidecar = await readIfThere(path);
  if (!sidecar) {
    if (options.requireProvenance === true)
      throw new BundleError('signature_missing', `no provenance: no ${basename(path)}`);
    return undefined;
  }
  const { statement } = await verifyAttestation(verified.module, [sidecar], trust, {
    bundle: verified.statement.predicate.name,
    predicateType: PROVENANCE_TYPE,
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  return statement;
}

/** Verifies the files a command was given, the source map and the provenance among them. @throws BundleError */
async function verifyTrusted(options: VerifyCommandOptions, io: Io, tools: BuildTools): Promise<number> {
  const trust = await readTrust(options, io);
  const files = await readBundle(options.file, options.signature, io);
  const verified = await verifyBundle(files.module, files.sidecars, trust, verifyOptions(options, io));
  // Nothing of it runs here; what no loader would run is no good bundle all the same.
  scanModule(Buffer.from(verified.module).toString());
  const map = mapReport(basename(options.file), verified.statement, await readMap(options.file, files, io));
  checkMap(map);
  const provenance = await provenanceOf(options, verified, trust, io);
  const sources =
    options.sources === undefined
      ? undefined
      : await compareSources(resolve(io.cwd, options.sources), verified, tools);
  const pinning = pinningOf(options, trust, verified);
  io.stdout(
    options.format === 'json'
      ? storyJson(verified, map, provenance, sources, pinning)
      : story(basename(options.file), verified, map, sources, pinning) + provenanceStory(provenance),
  );
  if (sources && !isProven(sources)) return EXIT.trust;
  // When all else is well: a loader's memory takes nothing that was refused.
  if (options.acceptClock === true) await verified.commit();
  return EXIT.ok;
}

export function verify(options: VerifyCommandOptions, io: Io, tools: BuildTools = {}): Promise<number> {
  return reportFailures(io, async () => {
    try {
      return await (options.pss ? verifyRawSignature(options, io) : verifyTrusted(options, io, tools));
    } catch (error) {
      if (options.format !== 'json' || !(error instanceof BundleError)) throw error;
      io.stdout(`${JSON.stringify({ verified: false, error: explain(error) }, null, 2)}\n`);
      return EXIT.trust;
    }
  });
}
