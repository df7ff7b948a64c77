/** SLSA provenance v1 (https://slsa.dev/spec/v1.0/provenance): how a module came to be, as a second statement. */
import type { BundlePredicate } from '@plan-lint/runtime/contract';
import { statementBytes } from './statement.ts';

export const PROVENANCE_TYPE = 'https://slsa.dev/provenance/v1';

/** Says what `externalParameters` mean; versioned with the compiler's command line. */
export const BUILD_TYPE = 'https://plan-lint.dev/build/bundle/v1';

/** What the build system knows and the compiler does not. */
export interface BuildFacts {
  /** URI of whoever ran the build and is trusted to tell the truth about it. */
  readonly builder: string;
  /** URI of this run, if there is one. */
  readonly invocation?: string;
  /** The repository the policies came from, as `git+https://…@refs/heads/main`, and its commit. */
  readonly source?: { readonly uri: string; readonly commit: string };
  /** RFC 3339 in UTC. */
  readonly startedOn?: string;
  readonly finishedOn?: string;
}

/** The predicate. Absent facts are left out, as the specification asks, not written as null. */
export function provenance(bundle: BundlePredicate, facts: BuildFacts): object {
  const { name, version, sequence, audience, entries, sources, catalog, tests, compiler } = bundle;
  const materials = [...sources, ...(catalog ? [catalog] : []), ...(tests ? [tests] : [])];
  return {
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: { name, version, sequence, audience, entries },
      internalParameters: { compiler },
      resolvedDependencies: [
        ...(facts.source ? [{ uri: facts.source.uri, digest: { gitCommit: facts.source.commit } }] : []),
        ...materials.map((material) => ({ name: material.name, digest: { sha256: material.sha256 } })),
      ],
    },
    runDetails: {
      builder: { id: facts.builder, version: { 'plan-lint': compiler } },
      metadata: {
        ...(facts.invocation === undefined ? {} : { invocationId: facts.invocation }),
        ...(facts.startedOn === undefined ? {} : { startedOn: facts.startedOn }),
        ...(facts.finishedOn === undefined ? {} : { finishedOn: facts.finishedOn }),
      },
    },
  };
}

/** The payload to sign for `FILE.provenance.sigstore.json`. */
export function provenanceStatement(
  moduleName: string,
  module: Uint8Array,
  bundle: BundlePredicate,
  facts: BuildFacts,
): Uint8Array {
  return statementBytes([{ name: moduleName, content: module }], PROVENANCE_TYPE, provenance(bundle, facts));
}
