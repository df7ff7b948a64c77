import { loadBundle } from '@plan-lint/runtime';
import type { Bundle } from '@plan-lint/runtime';
import { bundleSource } from './source.ts';
import type { SourceOptions } from './source.ts';
import type { Surroundings } from './surroundings.ts';

/** Opens what the options name, a signed bundle or a policy directory. @throws UsageError, BundleError, CompileFailure */
export async function openBundle(options: SourceOptions, io: Surroundings): Promise<Bundle> {
  const { module, sidecars, trust, load } = await bundleSource(options, io);
  return loadBundle(module, sidecars, trust, load);
}
