/** `plan-lint verify`: may this bundle be loaded, and what was signed about it. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BundleError, verifyBundle, type VerifiedBundle, type VerifyOptions } from '@plan-lint/runtime';
import { SINGLE_FILE_MARKER } from '@plan-lint/runtime/contract';
import { explain, reportFailures } from '../failure.ts';
import { EXIT, type Io } from '../io.ts';
import { story, storyJson } from '../report/story.ts';

export interface VerifyCommandOptions {
  /** The module, or a single-file bundle. */
  readonly file: string;
  readonly trust: string;
  /** Sidecars; default `FILE.sigstore.json`, then `FILE.2.sigstore.json` and so on, or the file's own last line. */
  readonly signature?: readonly string[];
  readonly audience?: string;
  readonly minSequence?: number;
  readonly format?: 'text' | 'json';
  /** Milliseconds since the epoch; default: the clock. */
  readonly now?: number;
}

/** Paths of a module's sidecars by convention: the first signer's, then one for each further signer. */
export function sidecarPath(module: string, index: number): string {
  return index === 0 ? `${module}.sigstore.json` : `${module}.${index + 1}.sigstore.json`;
}

/** A bundle's files, each read once. `sidecars` is undefined for a single-file bundle. */
export interface BundleFiles {
  readonly module: Uint8Array;
  readonly sidecars: readonly Uint8Array[] | undefined;
}

/** Reads a module and its sidecars, by name or by convention. */
export async function readBundle(
  file: string,
  signature: readonly string[] | undefined,
  io: Io,
): Promise<BundleFiles> {
  const path = resolve(io.cwd, file);
  const module = await readFile(path);
  if (signature) {
    return { module, sidecars: await Promise.all(signature.map((each) => readFile(resolve(io.cwd, each)))) };
  }
  if (module.includes(`\n${SINGLE_FILE_MARKER}`)) return { module, sidecars: undefined };
  const sidecars: Uint8Array[] = [];
  for (;;) {
    const found = await readFile(sidecarPath(path, sidecars.length)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (!found) break;
    sidecars.push(found);
  }
  if (sidecars.length === 0) throw new BundleError('signature_missing', `no ${sidecarPath(file, 0)}`);
  return { module, sidecars };
}

function verifyOptions(options: VerifyCommandOptions): VerifyOptions {
  const { audience, minSequence, now } = options;
  return {
    ...(audience === undefined ? {} : { audience }),
    ...(minSequence === undefined ? {} : { minSequence }),
    ...(now === undefined ? {} : { now }),
  };
}

/** Verifies the files a command was given. @throws BundleError */
export async function verifyFiles(options: VerifyCommandOptions, io: Io): Promise<VerifiedBundle> {
  const { module, sidecars } = await readBundle(options.file, options.signature, io);
  const trust = await readFile(resolve(io.cwd, options.trust));
  return verifyBundle(module, sidecars, trust, verifyOptions(options));
}

export function verify(options: VerifyCommandOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    try {
      const verified = await verifyFiles(options, io);
      io.stdout(options.format === 'json' ? storyJson(verified) : story(options.file, verified));
      return EXIT.ok;
    } catch (error) {
      if (options.format !== 'json' || !(error instanceof BundleError)) throw error;
      io.stdout(`${JSON.stringify({ verified: false, error: explain(error) }, null, 2)}\n`);
      return EXIT.trust;
    }
  });
}
