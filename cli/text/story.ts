/** What a verification proved, for people and for programs. */
import type { VerifiedBundle } from '@plan-lint/runtime';
import type { BundlePredicate, Digest } from '@plan-lint/runtime/contract';
import type { Attestation } from '@plan-lint/runtime/tools';
import { mapText } from '../../bundles/source-map.ts';
import type { MapReport } from '../../bundles/source-map.ts';
import { chainsOf } from './chains.ts';
import { shown } from './shown.ts';

/** What was found out about the sources a bundle claims. */
export interface SourceReport {
  readonly directory: string;
  /** Sources that are missing or differ from their signed digest. */
  readonly differing: readonly string[];
  /** Those of them that differ in nothing but line ends. */
  readonly lineEnds: readonly string[];
  /** Whether building again gave the same bytes; `null` if it was not tried. */
  readonly identical: boolean | null;
  /** The same of the source map; `null` too where none was signed. */
  readonly sameMap: boolean | null;
}

/** Files with their digests, a line each. */
export const listed = (digests: readonly Digest[]): string =>
  digests.map(({ name, sha256 }) => shown`             ${sha256}  ${name}\n`).join('');

const LINE_ENDS =
  '\n             check out with the line ends that were signed: `* -text` in .gitattributes, or core.autocrlf false\n';

/** What a comparison of the sources came to. */
export function sourceStory(sources: SourceReport | undefined): string {
  if (!sources) return '';
  const { differing, lineEnds, identical, sameMap } = sources;
  if (differing.length > 0) {
    const told = shown`DIFFERENT    from the signed sources: ${differing.join(', ')}\n`;
    if (lineEnds.length === 0) return told;
    return `${told}${shown`line ends    nothing else differs in ${lineEnds.join(', ')}`}${LINE_ENDS}`;
  }
  if (identical === null) return 'compared     every source has its signed digest; not built again\n';
  if (!identical) return 'DIFFERENT    the same sources give another module\n';
  if (sameMap === false) return 'DIFFERENT    the same sources give this module and another source map\n';
  return `rebuilt      the same sources give the same bytes${sameMap ? ', and the same source map' : ''}\n`;
}

/** Whether trust root or command line say which bundle was meant, or another one of the same signer would have passed. */
export type Pinning = 'pinned' | 'open';

const ANY_NAME =
  'name         not pinned: this trust root takes a bundle of any name by this signer; --name says which one is meant';

export const NO_BASE = 'none is required of the entries';

/** Who decides where nobody says which entry is meant. */
export const byDefault = ({ default_entry }: BundlePredicate): string =>
  default_entry ?? 'every entry, and the strongest outcome holds';

/** The files that each entry is made of, with their digests; of a bundle that does not say, nothing. */
export const chainLines = (predicate: BundlePredicate): readonly string[] =>
  chainsOf(predicate).flatMap(({ entry, files }) =>
    files.length > 0 ? [shown`made of      ${entry}\n`, listed(files)] : [],
  );

/** The story of a verified bundle: what it is, who signed it, what it was made from, where and until when it holds. */
export function story(
  file: string,
  verified: VerifiedBundle,
  map: MapReport | null,
  sources?: SourceReport,
  pinning: Pinning = 'pinned',
): string {
  const { statement, digest, signers } = verified;
  const { predicate } = statement;
  const { not_before, expires, audience, catalog, tests } = predicate;
  return [
    shown`verified     ${file}\n`,
    shown`bundle       ${predicate.name} ${predicate.version}, sequence ${predicate.sequence}\n`,
    shown`digest       sha256:${digest}\n`,
    ...signers.map(
      (key) =>
        shown`signed by    ${key.label || 'key'} ${key.id}\n             ${key.algorithm}, in the trust root, not revoked\n`,
    ),
    shown`issued       ${predicate.issued ?? 'not said'}\n`,
    shown`valid        from ${not_before ?? 'any time'} until ${expires ?? 'withdrawn'}\n`,
    shown`audience     ${audience.join(', ') || 'any environment'}\n`,
    pinning === 'open' ? `${ANY_NAME}\n` : '',
    shown`entries      ${predicate.entries.join(', ') || 'none'}\n`,
    shown`by default   ${byDefault(predicate)}\n`,
    ...chainLines(predicate),
    predicate.require_base.length > 0
      ? `base         every entry stands on\n${listed(predicate.require_base)}`
      : `base         ${NO_BASE}\n`,
    shown`built by     plan-lint ${predicate.compiler}, format ${predicate.format}, runtime ${predicate.minimum_runtime} or later\n`,
    shown`sources      ${predicate.sources.length}\n`,
    listed(predicate.sources),
    catalog ? `catalog\n${listed([catalog])}` : 'catalog      none\n',
    tests ? `tests\n${listed([tests])}` : 'tests        no report was bound to this bundle\n',
    shown`source map   ${mapText(map)}\n`,
    sourceStory(sources),
  ].join('');
}

interface Provenance {
  readonly runDetails?: {
    readonly builder?: { readonly id?: unknown };
    readonly metadata?: { readonly invocationId?: unknown; readonly finishedOn?: unknown };
  };
}

/** Who built it and when, out of a verified SLSA provenance. */
export function provenanceStory(attestation: Attestation | undefined): string {
  if (!attestation) return 'provenance   none beside the module\n';
  const { builder, metadata } = (attestation.predicate as Provenance).runDetails ?? {};
  const facts = [builder?.id, metadata?.invocationId, metadata?.finishedOn];
  return shown`provenance   ${facts.filter((fact) => typeof fact === 'string').join(', ')}\n`;
}

/** The comparison of sources as JSON has it; `null` where nobody asked for it. */
export const sourcesJson = (sources: SourceReport | undefined): object | null =>
  sources
    ? {
        differing: sources.differing,
        line_ends_only: sources.lineEnds,
        identical: sources.identical,
        same_map: sources.sameMap,
      }
    : null;

/** The same as JSON. */
export function storyJson(
  { statement, digest, signers }: VerifiedBundle,
  map: MapReport | null,
  provenance?: Attestation,
  sources?: SourceReport,
  pinning: Pinning = 'pinned',
): string {
  const keys = signers.map(({ id, label, algorithm }) => ({ id, label, algorithm }));
  const document = {
    verified: true,
    name_pinned: pinning === 'pinned',
    digest,
    signers: keys,
    predicate: statement.predicate,
    chains: chainsOf(statement.predicate),
    provenance: provenance?.predicate ?? null,
    source_map: map,
    sources: sourcesJson(sources),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
