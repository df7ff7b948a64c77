/** Placeholder with the agreed signature; the evaluator takes its place. */
import type { BundleIdentity, BundlePredicate, PredicateModule } from './contract.ts';

export type BundleOptions = object;

export interface Bundle {
  readonly identity: BundleIdentity;
  readonly predicate: BundlePredicate;
  readonly module: PredicateModule;
  readonly options: BundleOptions;
}

export function createBundle(
  identity: BundleIdentity,
  predicate: BundlePredicate,
  module: PredicateModule,
  options: BundleOptions,
): Bundle {
  return { identity, predicate, module, options };
}
