/** What decides plans: a signed bundle, or, while authoring, a policy directory. One way of loading for both. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Capability } from '@plan-lint/runtime/contract';
import { planLimitsOf } from './plan-limits.ts';
import type { PlanLimitOptions } from './plan-limits.ts';
import { UsageError } from './failure.ts';
import type { Surroundings } from './surroundings.ts';
import { POLICY_PATH } from './policy-path.ts';
import { namedBase } from './required-base.ts';
import { readBundle } from './files.ts';
import type { BundleSource } from './files.ts';

export interface SourceOptions extends PlanLimitOptions {
  readonly bundle?: string;
  readonly trust?: string;
  readonly audience?: string;
  /** The name the bundle must have. */
  readonly name?: string;
  /** Older bundles are refused. */
  readonly minSequence?: number;
  /** How long ago the bundle may have been issued, in milliseconds. */
  readonly maxAge?: number;
  /** Files that every entry of the bundle must stand on, as `FILE` or `FILE#sha256=…`. */
  readonly requireBase?: readonly string[];
  /** Default, where no bundle is named: `PLAN_LINT_POLICY_PATH`. */
  readonly policyDir?: string;
  readonly entry?: string;
  /** What policies that are compiled on the spot are to be able to do beside whole plans. */
  readonly capabilities?: readonly Capability[];
}

/** What a loader is to demand of a signed bundle beside its signature. */
export type Demands = Pick<SourceOptions, 'audience' | 'name' | 'minSequence' | 'maxAge' | 'requireBase'>;

/** Those of them that are there. */
export function demandsOf({ audience, name, minSequence, maxAge, requireBase }: Demands): Demands {
  return {
    ...(audience === undefined ? {} : { audience }),
    ...(name === undefined ? {} : { name }),
    ...(minSequence === undefined ? {} : { minSequence }),
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(requireBase === undefined ? {} : { requireBase }),
  };
}

/** The same for a loader. @throws UsageError for a base that cannot be required */
export function loadDemands(options: Demands): Omit<BundleSource['load'], 'now'> {
  const { requireBase, ...others } = demandsOf(options);
  return { ...others, ...(requireBase && { requireBase: requireBase.map(namedBase) }) };
}

/** @throws UsageError, CompileFailure, BundleError */
export async function bundleSource(options: SourceOptions, io: Surroundings): Promise<BundleSource> {
  const { bundle, trust, entry } = options;
  const policyDir = options.policyDir ?? (bundle === undefined ? io.env[POLICY_PATH] : undefined);
  if ((bundle === undefined) === (policyDir === undefined)) {
    throw new UsageError(
      'give either --bundle with --trust, or --policy-dir',
      'plan-lint validate plan.json --bundle acme.mjs --trust trust.json',
    );
  }
  const now = io.now();
  if (bundle === undefined) {
    // The compiler is large, and a service that has a bundle does not need it.
    const { compiledSource } = await import('./compiled-source.ts');
    const compiled = await compiledSource(
      { policyDir, entry, now, capabilities: options.capabilities ?? [] },
      io,
    );
    return { ...compiled, load: { ...compiled.load, ...planLimitsOf(options) } };
  }
  if (trust === undefined) {
    throw new UsageError(
      '--bundle needs --trust',
      'the trust root says whose signature counts: --trust trust.json',
    );
  }
  return {
    ...(await readBundle(bundle, undefined, io)),
    trust: await readFile(resolve(io.cwd, trust)),
    load: { now, ...loadDemands(options), ...planLimitsOf(options) },
    entry,
  };
}
