import { basename, resolve } from 'node:path';
import type { RequiredBase } from '@plan-lint/runtime';
import type { Capability } from '@plan-lint/runtime/contract';
import { compile } from '../compiler/index.ts';
import { many, renderFrom } from '../compiler/inspect.ts';
import type { Compiled } from '../compiler/index.ts';
import type { Diagnostic } from '../compiler/inspect.ts';
import { cacheFor } from './disk-cache.ts';
import { CompileFailure, UsageError } from './failure.ts';
import { policyPlace } from './policy-path.ts';
import type { PolicyPlace } from './policy-path.ts';
import type { Surroundings } from './surroundings.ts';

/** What a command line asks of the policies beside what they say. */
export interface Asked {
  readonly entries: readonly string[];
  /** Files that every entry must extend. */
  readonly requireBase?: readonly RequiredBase[];
  /** What the module is to be able to do. */
  readonly capabilities?: readonly Capability[];
}

/** Compiles the policies of a place and writes their diagnostics to stderr. @throws CompileFailure */
export async function compilePolicies(
  place: PolicyPlace,
  { entries, requireBase = [], capabilities = [] }: Asked,
  io: Surroundings,
  use: 'authoring' | 'signing' = 'authoring',
): Promise<Compiled> {
  const { directory, shown } = place;
  const asked = entries.length > 0 ? entries : place.entries;
  const bases = requireBase.map(({ name, sha256 = null }) => ({ file: name, sha256 }));
  const options = { entries: asked, requireBase: bases, capabilities, ...cacheFor(directory, use, io) };
  const { result, diagnostics } = await compile(await place.host(), options);
  refuseWrongEntry(diagnostics);
  showDiagnostics(diagnostics, shown, io);
  if (!result) throw new CompileFailure(`the policies in ${shown || '.'} do not compile`);
  return result;
}

/** The same, of a directory or file by its path. @throws CompileFailure */
export async function compileDirectory(
  path: string,
  entries: readonly string[],
  io: Surroundings,
  use: 'authoring' | 'signing' = 'authoring',
): Promise<Compiled> {
  return compilePolicies(await policyPlace(path, io), { entries }, io, use);
}

/**
 * An entry that only the command line names: nothing is wrong with the policies, so nobody should look for it there.
 *
 * @throws UsageError for a PL2106 without a place
 */
export function refuseWrongEntry(diagnostics: readonly Diagnostic[]): void {
  const wrong = diagnostics.find(({ code, span }) => code === 'PL2106' && span === null);
  if (wrong) throw new UsageError(wrong.message, wrong.hint);
}

/** @param root - path from the working directory to the policies */
export function showDiagnostics(diagnostics: readonly Diagnostic[], root: string, io: Surroundings): void {
  for (const diagnostic of diagnostics) io.stderr(`${renderFrom(root, diagnostic)}\n`);
  const count = (severity: Diagnostic['severity']): number =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  if (diagnostics.length > 0)
    io.stderr(`${many(count('error'), 'error')}, ${many(count('warning'), 'warning')}\n`);
}

/** Name of a bundle whose policies do not give one: that of their directory. */
export function directoryName(directory: string, io: Surroundings): string {
  return basename(resolve(io.cwd, directory)) || 'policies';
}
