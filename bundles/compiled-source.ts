/** Policies compiled in memory and signed with a key that lives as long as the call. */
import { signEphemeral } from '../compiler/6-sign/index.ts';
import type { Capability } from '@plan-lint/runtime/contract';
import type { EmittedModule } from '../compiler/inspect.ts';
import type { BundleSource } from './files.ts';
import { compilePolicies, directoryName } from './compile-directory.ts';
import type { Surroundings } from './surroundings.ts';
import { policyPlace } from './policy-path.ts';
import { authoringPredicate } from './predicate.ts';

export interface CompiledOptions {
  readonly policyDir: string | undefined;
  readonly entry: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly capabilities: readonly Capability[];
}

/** @throws UsageError, CompileFailure */
export async function compiledSource(
  { policyDir, entry, now, capabilities }: CompiledOptions,
  io: Surroundings,
): Promise<BundleSource> {
  const place = await policyPlace(policyDir, io);
  const entries = entry === undefined ? place.entries : [entry];
  const { module, policies } = await compilePolicies(place, { entries, capabilities }, io);
  const name = policies.bundleName ?? directoryName(place.directory, io);
  // A file that was asked for by its path decides under its name.
  const only = entries.length === 1 ? module.entries[0] : entry;
  return signedSource(module, name, now, only);
}

/** An emitted module as a source of decisions. */
export async function signedSource(
  module: EmittedModule,
  name: string,
  now: number,
  entry: string | undefined,
): Promise<BundleSource> {
  const bytes = Buffer.from(module.code);
  const predicate = authoringPredicate(name, module);
  const signed = await signEphemeral({ moduleName: 'authoring.mjs', module: bytes, predicate }, 'authoring');
  return { ...signed, load: { now }, entry };
}
