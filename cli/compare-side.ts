/** One side of `plan-lint diff`: a policy directory, an archive, which holds its sources, or a module, which does not. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { verifyBundle } from '@plan-lint/runtime';
import type { Capability, ModuleFacts } from '@plan-lint/runtime/contract';
import { factsOf, loadModule, parseSidecar, parseStatement, splitSingleFile } from '@plan-lint/runtime/tools';
import { compile, memoryHost } from '../compiler/index.ts';
import type { Compiled } from '../compiler/index.ts';
import { ARCHIVE, readArchive } from '../bundles/archive.ts';
import { isArchive, isBundle, readBundle } from '../bundles/files.ts';
import type { BundleSource } from '../bundles/files.ts';
import { signedSource } from '../bundles/compiled-source.ts';
import { CompileFailure, UsageError } from '../bundles/failure.ts';
import { policyPlace } from '../bundles/policy-path.ts';
import {
  compileDirectory,
  compilePolicies,
  refuseWrongEntry,
  showDiagnostics,
} from '../bundles/compile-directory.ts';
import type { Io } from './terminal/io.ts';

export interface SideModule {
  readonly digest: string;
  readonly content: ModuleFacts;
}

export interface Side {
  /** What the policies mean; `null` for a bare module, in which conditions are code. */
  readonly compiled: Compiled | null;
  /** What the bundle's module can do; `null` for a directory, of which a module with any of it can be made. */
  readonly capabilities: readonly Capability[] | null;
  /** What the module says of itself, and the digest of its bytes; that of a directory is made to do the same as the other side's. */
  readonly module: (capabilities: readonly Capability[]) => Promise<SideModule>;
}

/** @throws UsageError, CompileFailure, BundleError for a bundle that the trust root does not vouch for */
export async function openSide(
  path: string,
  { entry, trust }: { readonly entry?: string | undefined; readonly trust?: string | undefined },
  io: Io,
): Promise<Side> {
  const entries = entry === undefined ? [] : [entry];
  if (!isBundle(path)) {
    const compiled = await compileDirectory(path, entries, io);
    const quiet: Io = { ...io, stderr: () => undefined };
    return {
      compiled,
      capabilities: null,
      module: async (capabilities) =>
        moduleOf(await compilePolicies(await policyPlace(path, io), { entries, capabilities }, quiet), io),
    };
  }
  const verified = await verify(path, trust, io);
  const { capabilities } = verified.statement.predicate;
  if (!isArchive(path)) return { compiled: null, capabilities, module: () => read(verified) };
  const wanted = entry === undefined ? verified.statement.predicate.entries : entries;
  const compiled = await compileArchive(path, wanted, io);
  return { compiled, capabilities, module: () => read(verified) };
}

type Verified = Awaited<ReturnType<typeof verifyBundle>>;

async function verify(path: string, trust: string | undefined, io: Io): Promise<Verified> {
  if (trust === undefined) {
    throw new UsageError(
      `${path} is a bundle, which needs --trust`,
      'the trust root says whose signature counts: --trust trust.json',
    );
  }
  const files = await readBundle(path, undefined, io);
  const { module, sidecars } = files.sidecars
    ? { module: files.module, sidecars: files.sidecars }
    : splitSingleFile(files.module);
  const [first] = sidecars;
  const audience = first && parseStatement(parseSidecar(first).payload).predicate.audience[0];
  return verifyBundle(module, sidecars, await readFile(resolve(io.cwd, trust)), {
    now: io.now(),
    ...(audience === undefined ? {} : { audience }),
  });
}

/** The sources, whose digests the signature covers: reading the archive has held them against it. */
async function compileArchive(path: string, entries: readonly string[], io: Io): Promise<Compiled> {
  const archived = readArchive(await readFile(resolve(io.cwd, path)));
  const sources = [...archived].flatMap(([name, content]): [string, string][] =>
    name.startsWith(ARCHIVE.sources)
      ? [[name.slice(ARCHIVE.sources.length), Buffer.from(content).toString('utf8')]]
      : [],
  );
  const { result, diagnostics } = await compile(memoryHost(Object.fromEntries(sources)), { entries });
  refuseWrongEntry(diagnostics);
  showDiagnostics(diagnostics, path, io);
  if (!result) throw new CompileFailure(`the policies in ${path} do not compile`);
  return result;
}

async function moduleOf({ module }: Compiled, io: Io): Promise<SideModule> {
  const source: BundleSource = await signedSource(module, 'policies', io.now(), undefined);
  const verified = await verifyBundle(source.module, source.sidecars, source.trust, source.load);
  return read(verified);
}

async function read(verified: Verified): Promise<SideModule> {
  return { digest: verified.digest, content: factsOf(await loadModule(verified)) };
}
