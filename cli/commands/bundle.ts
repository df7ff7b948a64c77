/** `plan-lint bundle`: policies become one module, signed. */
import { basename, dirname, resolve } from 'node:path';
import { mkdir, rm } from 'node:fs/promises';
import type { BundlePredicate, Capability } from '@plan-lint/runtime/contract';
import { bundleStatement, digestOf, signBundle, singleFile } from '../../compiler/6-sign/index.ts';
import type { Signer, SignInput } from '../../compiler/6-sign/index.ts';
import type { SourceFile, ToolCatalog } from '../../compiler/inspect.ts';
import { ARCHIVE, writeArchive } from '../../bundles/archive.ts';
import { reportFailures } from '../terminal/failure.ts';
import { UsageError } from '../../bundles/failure.ts';
import { createFiles, replaceFile } from '../files.ts';
import type { NewFile } from '../files.ts';
import { compilePolicies, directoryName } from '../../bundles/compile-directory.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { policyPlace } from '../../bundles/policy-path.ts';
import { namedBase } from '../../bundles/required-base.ts';
import { tryModule } from '../../bundles/trial.ts';
import { issuedAt, releasePredicate } from '../../bundles/predicate.ts';
import type { ReleaseFacts } from '../../bundles/predicate.ts';
import type { BoundTests } from '../testing/report.ts';
import { signersFrom } from '../trust/signers.ts';
import type { SignerOptions } from '../trust/signers.ts';
import {
  isArchive,
  mapPath,
  provenancePath,
  pssPath,
  readSidecars,
  sidecarPath,
  statementPath,
} from '../../bundles/files.ts';

export interface BundleCommandOptions extends SignerOptions, ReleaseFacts {
  /** Default: `PLAN_LINT_POLICY_PATH`. */
  readonly policyDir?: string;
  /** The module, ending in `.mjs`, with its sidecar beside it; or a `.tar.gz` that holds all there is. */
  readonly output: string;
  readonly entry?: readonly string[];
  /** Files that every entry must extend: `FILE` or `FILE#sha256=…`. */
  readonly requireBase?: readonly string[];
  /** What the module is to be able to do beside deciding whole plans, beside what `plan-lint.yaml` says. */
  readonly capability?: readonly Capability[];
  /** The module decides plans from their bytes, too; the command line says so unless it is left out. */
  readonly bytes?: boolean;
  /** Default: the name in `plan-lint.yaml`, or that of the directory. */
  readonly name?: string;
  /** Write the module and the statement to sign, for `plan-lint sign`. */
  readonly unsigned?: boolean;
  readonly singleFile?: boolean;
  /** Write a source map, too, and sign it as the statement's second subject. */
  readonly sourceMap?: boolean;
  /** Tests that must pass; the statement binds their report. */
  readonly testDir?: string;
  /** Replace what is there. */
  readonly force?: boolean;
  readonly format?: 'text' | 'json';
}

/** `bytes` unless it is left out; who asks for it and leaves it out has not made up their mind. */
function capabilitiesOf({ capability = [], bytes = false }: BundleCommandOptions): readonly Capability[] {
  return bytes ? [...new Set<Capability>([...capability, 'bytes'])] : capability;
}

export function bundle(options: BundleCommandOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const archive = isArchive(options.output);
    const output = moduleOf(resolve(io.cwd, options.output));
    const signers = await signersFrom(options, io);
    const bare = signers.length === 0;
    if (bare !== (options.unsigned === true) && !(archive && bare)) {
      throw new UsageError(
        'a bundle is signed with --key or --sign-command, or explicitly --unsigned',
        '`plan-lint keygen --out keys` makes a key; no loader accepts an unsigned module',
      );
    }
    if (archive && options.singleFile) {
      throw new UsageError('an archive is one file already', 'leave --single-file out');
    }
    const place = await policyPlace(options.policyDir, io);
    const entries = [...place.entries, ...(options.entry ?? [])];
    const requireBase = (options.requireBase ?? []).map(namedBase);
    const compiled = await compilePolicies(
      place,
      { entries, requireBase, capabilities: capabilitiesOf(options) },
      io,
      'signing',
    );
    const module = Buffer.from(compiled.module.code);
    const { sources, bundleName } = compiled.policies;
    const { testDir } = options;
    const tests = testDir
      ? await (await import('../testing/report.ts')).bindTests(compiled, resolve(io.cwd, testDir), io)
      : null;
    const name = options.name ?? bundleName ?? directoryName(place.directory, io);
    const predicate = {
      ...releasePredicate(name, compiled, options, issuedAt(io)),
      tests: tests && digestOf(ARCHIVE.testReport, tests.report),
    };
    await tryModule({ module, predicate, sourceMap: compiled.module.sourceMap });
    const sourceMap = options.sourceMap ? Buffer.from(compiled.module.sourceMap()) : null;
    const made = { moduleName: basename(output), module, predicate, sourceMap };
    const statement = bundleStatement(made.moduleName, module, predicate, sourceMap);
    const parts = [
      ...(bare ? [{ path: output, content: module }] : await signed(options, made, output, signers)),
      ...(sourceMap ? [{ path: mapPath(output), content: sourceMap }] : []),
    ];
    const report = tests ? [{ path: `${output}.tests.json`, content: tests.report }] : [];
    const files = archive
      ? [
          {
            path: resolve(io.cwd, options.output),
            content: packed(parts, statement, sources, compiled.policies.catalog, tests),
          },
        ]
      : [...parts, ...(bare ? [{ path: statementPath(output), content: statement }] : []), ...report];
    await mkdir(dirname(output), { recursive: true });
    if (options.force) {
      if (!archive) await removeStale(output, files);
      for (const file of files) await replaceFile(file);
    } else await createFiles(files);
    io.stdout((options.format === 'json' ? writtenJson : writtenText)(files, module, predicate, !bare));
    if (predicate.expires !== null && Date.parse(predicate.expires) <= io.now()) {
      io.stderr(`expired at ${predicate.expires} already: no loader accepts this bundle\n`);
    }
    if (archive && bare) io.stderr('not signed: no loader accepts this bundle; --key signs it\n');
    return EXIT.ok;
  });
}

type Written = (
  files: readonly NewFile[],
  module: Uint8Array,
  predicate: BundlePredicate,
  isSigned: boolean,
) => string;

const writtenText: Written = (files, module, { entries }) =>
  [
    ...files.map(({ path }) => `wrote        ${path}\n`),
    `digest       sha256:${digestOf('', module).sha256}\nentries      ${entries.join(', ')}\n`,
  ].join('');

const writtenJson: Written = (files, module, predicate, isSigned) =>
  `${JSON.stringify(
    {
      files: files.map(({ path }) => path),
      digest: digestOf('', module).sha256,
      is_signed: isSigned,
      predicate,
    },
    null,
    2,
  )}\n`;

/** @throws UsageError for a file name that is neither a module's nor an archive's */
function moduleOf(output: string): string {
  if (isArchive(output)) return output.replace(/\.(tar\.gz|tgz)$/, '.mjs');
  if (output.endsWith('.mjs')) return output;
  throw new UsageError(
    `\`${basename(output)}\` must end in .mjs or .tar.gz`,
    'a bundle is an ES module, or an archive of it: --output acme.mjs, --output acme.tar.gz',
  );
}

function packed(
  parts: readonly NewFile[],
  statement: Uint8Array,
  sources: readonly SourceFile[],
  catalog: ToolCatalog | null,
  tests: BoundTests | null,
): Uint8Array {
  const entries = new Map<string, Uint8Array>([[ARCHIVE.statement, statement]]);
  for (const { path, content } of parts) entries.set(basename(path), Buffer.from(content));
  for (const { path, text } of [...sources, ...(catalog ? [catalog.file] : [])])
    entries.set(ARCHIVE.sources + path, Buffer.from(text));
  for (const [path, content] of tests?.files ?? []) entries.set(ARCHIVE.tests + path, content);
  if (tests) entries.set(ARCHIVE.testReport, tests.report);
  return writeArchive(entries);
}

/** What an earlier build left beside the module and this one does not write: signatures of another statement, its map. */
async function removeStale(output: string, files: readonly NewFile[]): Promise<void> {
  const sidecars = (await readSidecars(output)).map((_, i) => sidecarPath(output, i));
  const others = [statementPath, mapPath, provenancePath, pssPath].map((pathOf) => pathOf(output));
  const stale = [...sidecars, ...others];
  const kept = new Set(files.map((file) => file.path));
  for (const path of stale) if (!kept.has(path)) await rm(path, { force: true });
}

async function signed(
  options: BundleCommandOptions,
  made: Omit<SignInput, 'signers'>,
  output: string,
  signers: readonly Signer[],
): Promise<readonly NewFile[]> {
  const { module, sidecars } = await signBundle({ ...made, signers });
  if (options.singleFile) return [{ path: output, content: singleFile(module, sidecars) }];
  const beside = sidecars.map((content, i) => ({ path: sidecarPath(output, i), content }));
  return [{ path: output, content: module }, ...beside];
}
