/** Policies in memory → a bundle that decides, the way a service would load it but without files. */
import { Script } from 'node:vm';
import { compile, memoryHost, renderDiagnostic } from '../../compiler/index.ts';
import type { Compiled } from '../../compiler/index.ts';
import { admitModule } from '../../runtime/admit.ts';
import { createBundle } from '../../runtime/evaluate.ts';
import type { Bundle, BundleOptions } from '../../runtime/evaluate.ts';
import type { PredicateModule } from '../../runtime/contract.ts';
import { predicateOf } from './signing.ts';

export async function compileMemory(
  files: Readonly<Record<string, string>>,
  entries: readonly string[] = [],
): Promise<Compiled> {
  const { result, diagnostics } = await compile(memoryHost(files), { entries });
  if (!result) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  return result;
}

/** The diagnostics of policies in memory, as a terminal shows them. */
export async function diagnose(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { diagnostics } = await compile(memoryHost(files));
  return diagnostics.map(renderDiagnostic);
}

/** Runs a module's text. Never for text that has not come out of the compiler. */
export function moduleOf({ module }: Compiled): PredicateModule {
  // As a script: what is imported stays in memory for ever, and a long run of the fuzz makes tens of thousands.
  const script = new Script(`'use strict';${module.code.replace('export default', '')}`);
  return admitModule({ default: script.runInThisContext() as unknown });
}

export function bundleOf(compiled: Compiled, options: BundleOptions = {}): Bundle {
  const { module } = compiled;
  const predicate = predicateOf({ entries: module.entries, default_entry: module.defaultEntry });
  return createBundle(
    { name: 'test', version: '1', sequence: 1, digest: '' },
    predicate,
    moduleOf(compiled),
    options,
  );
}

export async function bundleFrom(
  files: Readonly<Record<string, string>>,
  options?: BundleOptions,
): Promise<Bundle> {
  return bundleOf(await compileMemory(files), options);
}
