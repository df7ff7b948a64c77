/** What is said, and signed, about a module. */
import { FORMAT_VERSION, RUNTIME_VERSION } from '@plan-lint/runtime/contract';
import type { BundlePredicate } from '@plan-lint/runtime/contract';
import { digestOf } from '../compiler/6-sign/index.ts';
import type { EmittedModule, ResolvedPolicies } from '../compiler/inspect.ts';
import { UsageError } from './failure.ts';
import { parseExpiry } from './instant.ts';
import type { Surroundings } from './surroundings.ts';

/** What whoever releases a bundle says about it; the rest of the statement is read off what was compiled. */
export interface ReleaseFacts {
  /** The organisation's label of this release; default: the sequence. */
  readonly release?: string;
  readonly sequence?: number;
  readonly audience?: readonly string[];
  readonly notBefore?: string;
  /** An instant, a time from when it is issued, or `never`; default: 90 days. */
  readonly expires?: string;
}

/** How long a bundle is valid where nobody says. */
const DEFAULT_LIFE = '90d';

/**
 * When what is made now is issued: `SOURCE_DATE_EPOCH` where it is set, so that a build can be repeated, else the clock.
 *
 * @returns milliseconds since the epoch, whole seconds
 * @throws UsageError for a variable that holds no number of seconds
 */
export function issuedAt({ env, now }: Pick<Surroundings, 'env' | 'now'>): number {
  const written = env['SOURCE_DATE_EPOCH'];
  if (written === undefined || written === '') return Math.floor(now() / 1000) * 1000;
  const millis = /^\d{1,11}$/.test(written) ? Number(written) * 1000 : NaN;
  if (Number.isNaN(millis)) {
    throw new UsageError(
      `SOURCE_DATE_EPOCH is \`${written}\`, which is no number of seconds`,
      'export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct), or unset it',
    );
  }
  return millis;
}

/**
 * The statement about a release. Its sources are the files that were compiled, as they were read then.
 *
 * @param issued - milliseconds since the epoch; instants given as a time count from then
 */
export function releasePredicate(
  name: string,
  { module, policies }: { readonly module: EmittedModule; readonly policies: ResolvedPolicies },
  facts: ReleaseFacts,
  issued: number,
): BundlePredicate {
  const { catalog } = policies;
  const { sequence = 0, release, audience = [], notBefore, expires = DEFAULT_LIFE } = facts;
  return {
    ...authoringPredicate(name, module),
    version: release ?? String(sequence),
    sequence,
    audience,
    issued: parseExpiry('0d', issued),
    not_before: notBefore === undefined ? null : parseExpiry(notBefore, issued),
    expires: expires === 'never' ? null : parseExpiry(expires, issued),
    chains: chainsOf(module.entries, policies),
    require_base: policies.requiredBase.map(({ file }) => digestOf(file.path, Buffer.from(file.text))),
    sources: policies.sources.map(({ path, text }) => digestOf(path, Buffer.from(text))),
    catalog: catalog && digestOf(catalog.file.path, Buffer.from(catalog.file.text)),
  };
}

/** The files of each entry, as places in the sources. */
function chainsOf(
  names: readonly string[],
  { entries, sources }: ResolvedPolicies,
): readonly (readonly number[])[] {
  const places = new Map(sources.map(({ path }, i) => [path, i]));
  return names.map((name) => {
    const chain = entries.find((entry) => entry.name === name)?.chain ?? [];
    return chain.flatMap((path) => places.get(path) ?? []);
  });
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
    chains: [],
    names: [],
    zones: null,
    capabilities: module.capabilities,
    format: FORMAT_VERSION,
    minimum_runtime: RUNTIME_VERSION,
    compiler: RUNTIME_VERSION,
    sources: [],
    catalog: null,
    tests: null,
  };
}
