/** `plan-lint bundle`: policies become one module, signed. */
import { basename, dirname, resolve } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { FORMAT_VERSION } from '@plan-lint/runtime/contract';
import type { BundlePredicate } from '@plan-lint/runtime/contract';
import { bundleStatement, digestOf, signBundle, singleFile } from '../../compiler/6-sign/index.ts';
import type { Signer } from '../../compiler/6-sign/index.ts';
import type { Compiled } from '../../compiler/index.ts';
import { reportFailures, UsageError } from '../failure.ts';
import { createFiles, replaceFile } from '../files.ts';
import type { NewFile } from '../files.ts';
import { compileDirectory, directoryName } from '../input.ts';
import { EXIT } from '../io.ts';
import type { Io } from '../io.ts';
import { parseExpiry } from '../time.ts';
import { VERSION } from '../version.ts';
import { signersFrom } from '../signers.ts';
import type { SignerOptions } from '../signers.ts';
import { sidecarPath, statementPath } from '../bundle-files.ts';

export interface BundleCommandOptions extends SignerOptions {
  readonly policyDir: string;
  /** The module, ending in `.mjs`; its sidecar is written beside it. */
  readonly output: string;
  readonly entry?: readonly string[];
  /** Default: the name in `plan-lint.yaml`, or that of the directory. */
  readonly name?: string;
  /** The organisation's label of this release; default: the sequence. */
  readonly release?: string;
  readonly sequence?: number;
  readonly audience?: readonly string[];
  readonly notBefore?: string;
  readonly expires?: string;
  /** Write the module and the statement to sign, for `plan-lint sign`. */
  readonly unsigned?: boolean;
  readonly singleFile?: boolean;
  /** Replace what is there. */
  readonly force?: boolean;
}

export function bundle(options: BundleCommandOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    if (!options.output.endsWith('.mjs')) {
      throw new UsageError(
        `\`${options.output}\` must end in .mjs`,
        'a bundle is an ES module: --output acme.mjs',
      );
    }
    const signers = await signersFrom(options, io);
    if ((signers.length === 0) !== (options.unsigned === true)) {
      throw new UsageError(
        'a bundle is signed with --key or --sign-command, or explicitly --unsigned',
        '`plan-lint keygen --out keys` makes a key; no loader accepts an unsigned module',
      );
    }
    const compiled = await compileDirectory(options.policyDir, options.entry ?? [], io);
    const module = Buffer.from(compiled.module.code);
    const output = resolve(io.cwd, options.output);
    const predicate = describe(options, compiled, io);
    const files = options.unsigned
      ? unsigned(module, predicate, output)
      : await signed(options, module, predicate, output, signers);
    await mkdir(dirname(output), { recursive: true });
    if (options.force) for (const file of files) await replaceFile(file);
    else await createFiles(files);
    for (const file of files) io.stdout(`wrote        ${file.path}\n`);
    io.stdout(
      `digest       sha256:${digestOf('', module).sha256}\nentries      ${compiled.module.entries.join(', ')}\n`,
    );
    return EXIT.ok;
  });
}

/** The module, and beside it what there is to sign. */
function unsigned(module: Uint8Array, predicate: BundlePredicate, output: string): readonly NewFile[] {
  const statement = bundleStatement(basename(output), module, predicate);
  return [
    { path: output, content: module },
    { path: statementPath(output), content: statement },
  ];
}

async function signed(
  options: BundleCommandOptions,
  module: Uint8Array,
  predicate: BundlePredicate,
  output: string,
  signers: readonly Signer[],
): Promise<readonly NewFile[]> {
  const { sidecars } = await signBundle({ moduleName: basename(output), module, predicate, signers });
  if (options.singleFile) return [{ path: output, content: singleFile(module, sidecars) }];
  const beside = sidecars.map((content, i) => ({ path: sidecarPath(output, i), content }));
  return [{ path: output, content: module }, ...beside];
}

/** What the statement says about a bundle that these options make. */
export function describe(
  options: BundleCommandOptions,
  { module, policies }: Compiled,
  io: Io,
): BundlePredicate {
  const sequence = options.sequence ?? 0;
  return {
    name: options.name ?? policies.bundleName ?? directoryName(options.policyDir, io),
    version: options.release ?? String(sequence),
    sequence,
    audience: options.audience ?? [],
    not_before: options.notBefore === undefined ? null : parseExpiry(options.notBefore, io.now()),
    expires: options.expires === undefined ? null : parseExpiry(options.expires, io.now()),
    entries: module.entries,
    default_entry: module.defaultEntry,
    format: FORMAT_VERSION,
    minimum_runtime: VERSION,
    compiler: VERSION,
    sources: policies.sources.map((source) => digestOf(source.path, Buffer.from(source.text))),
    catalog: null,
    tests: null,
  };
}

/** What is said of a module that is made, used and forgotten. */
export function authoringPredicate(name: string, module: Compiled['module']): BundlePredicate {
  return {
    name,
    version: '0',
    sequence: 0,
    audience: [],
    not_before: null,
    expires: null,
    entries: module.entries,
    default_entry: module.defaultEntry,
    format: FORMAT_VERSION,
    minimum_runtime: VERSION,
    compiler: VERSION,
    sources: [],
    catalog: null,
    tests: null,
  };
}
