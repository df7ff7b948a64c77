/** Policies in memory → a bundle that decides: compiled, signed and loaded as a service does it, but without files. */
import { firstTrust, keySigner, signBundle, signerKey, trustBytes } from '../../compiler/6-sign/index.ts';
import { compile, memoryHost, renderDiagnostic } from '../../compiler/index.ts';
import type { Compiled } from '../../compiler/index.ts';
import type { BundlePredicate, Capability, PredicateModule } from '../../runtime/contract.ts';
import type { Bundle, BundleOptions } from '../../runtime/evaluate.ts';
import { loadBundle, loadModule } from '../../runtime/load.ts';
import { verifyBundle } from '../../runtime/verify.ts';
import { NOW, predicateOf, sharedKey } from './signing.ts';

export async function compileMemory(
  files: Readonly<Record<string, string>>,
  entries: readonly string[] = [],
  capabilities: readonly Capability[] = [],
): Promise<Compiled> {
  const { result, diagnostics } = await compile(memoryHost(files), { entries, capabilities });
  if (!result) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  return result;
}

/** The diagnostics of policies in memory, as a terminal shows them. */
export async function diagnose(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { diagnostics } = await compile(memoryHost(files));
  return diagnostics.map(renderDiagnostic);
}

export interface SignedTest {
  readonly module: Uint8Array;
  readonly sidecars: readonly Uint8Array[];
}

/** What `plan-lint bundle` makes of policies, signed by the key that all tests share. */
export async function signed(
  { module }: Compiled,
  facts: Partial<BundlePredicate> = {},
): Promise<SignedTest> {
  return signBundle({
    moduleName: 'test.mjs',
    module: Buffer.from(module.code),
    predicate: predicateOf({
      entries: module.entries,
      default_entry: module.defaultEntry,
      capabilities: module.capabilities,
      ...facts,
    }),
    signers: [keySigner(sharedKey)],
  });
}

export const TRUST = firstTrust(signerKey(sharedKey), 'tests');

/** The module behind a bundle, verified, scanned and loaded. */
export async function moduleOf(compiled: Compiled): Promise<PredicateModule> {
  const { module, sidecars } = await signed(compiled);
  return loadModule(await verifyBundle(module, sidecars, trustBytes(TRUST), { now: NOW }));
}

/** Signed, verified, scanned and loaded: the road of everybody who decides with a bundle. */
export async function bundleOf(
  compiled: Compiled,
  options: BundleOptions = {},
  load: typeof loadBundle = loadBundle,
): Promise<Bundle> {
  const { module, sidecars } = await signed(compiled);
  return load(module, sidecars, trustBytes(TRUST), { now: NOW, ...options });
}

export async function bundleFrom(
  files: Readonly<Record<string, string>>,
  options?: BundleOptions,
): Promise<Bundle> {
  return bundleOf(await compileMemory(files), options);
}

/** The same with a statement that says something else of it. */
export async function bundleStating(
  files: Readonly<Record<string, string>>,
  facts: Partial<BundlePredicate>,
): Promise<Bundle> {
  const { module, sidecars } = await signed(await compileMemory(files), facts);
  return loadBundle(module, sidecars, trustBytes(TRUST), { now: NOW });
}
