/** What is said, and signed, about a module. */
import { FORMAT_VERSION, RUNTIME_VERSION } from '@plan-lint/runtime/contract';
import type { BundlePredicate } from '@plan-lint/runtime/contract';
import { digestOf } from '../compiler/6-sign/index.ts';
import type { EmittedModule, ResolvedPolicies } from '../compiler/inspect.ts';
import { parseExpiry } from './instant.ts';

/** What whoever releases a bundle says about it; the rest of the statement is read off what was compiled. */
export interface ReleaseFacts {
  /** The organisation's label of this release; default: the sequence. */
  readonly release?: string;
  readonly sequence?: number;
  readonly audience?: readonly string[];
  readonly notBefore?: string;
  readonly expires?: string;
}

/**
 * The statement about a release. Its sources are the files that were compiled, as they were read then.
 *
 * @param now - milliseconds since the epoch, for instants given as a time from now
 */
export function releasePredicate(
  name: string,
  { module, policies }: { readonly module: EmittedModule; readonly policies: ResolvedPolicies },
  facts: ReleaseFacts,
  now: number,
): BundlePredicate {
  const { catalog } = policies;
  const { sequence = 0, release, audience = [], notBefore, expires } = facts;
  return {
    ...authoringPredicate(name, module),
    version: release ?? String(sequence),
    sequence,
    audience,
    not_before: notBefore === undefined ? null : parseExpiry(notBefore, now),
    expires: expires === undefined ? null : parseExpiry(expires, now),
    require_base: policies.requiredBase.map(({ path, text }) => digestOf(path, Buffer.from(text))),
    sources: policies.sources.map(({ path, text }) => digestOf(path, Buffer.from(text))),
    catalog: catalog && digestOf(catalog.file.path, Buffer.from(catalog.file.text)),
  };
}

/** What is said of a module that is made, used and forgotten. */
export function authoringPredicate(name: string, module: EmittedModule): BundlePredicate {
  return {
    name,
    version: '0',
    sequence: 0,
    audience: [],
    not_before: null,
    expires: null,
    entries: module.entries,
    default_entry: module.defaultEntry,
    issued: null,
    require_base: [],
    names: [],
    zones: null,
    capabilities: [],
    format: FORMAT_VERSION,
    minimum_runtime: RUNTIME_VERSION,
    compiler: RUNTIME_VERSION,
    sources: [],
    catalog: null,
    tests: null,
  };
}
