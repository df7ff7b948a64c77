/** What a signature is about, for whoever is to make it: before it goes out. */
import type { BundlePredicate } from '@plan-lint/runtime/contract';
import type { EarlierSigner } from '../trust/earlier-signers.ts';
import { shown } from './shown.ts';
import { listed, sourcesJson, sourceStory } from './story.ts';
import type { SourceReport } from './story.ts';

export interface SigningView {
  /** What is said of the bundle; `null` for a trust root. */
  readonly predicate: BundlePredicate | null;
  /** sha256 of the module or of the trust root, lower-case hex. */
  readonly digest: string;
  readonly signers: readonly EarlierSigner[];
  readonly sources: SourceReport | undefined;
}

function statementText({
  name,
  version,
  sequence,
  audience,
  not_before,
  expires,
  sources,
  catalog,
}: BundlePredicate): string {
  const files = catalog ? [...sources, catalog] : sources;
  return (
    shown`statement    ${name} ${version}, sequence ${sequence}, for ${audience.join(', ') || 'any environment'}\n` +
    shown`             from ${not_before ?? 'any time'} until ${expires ?? 'withdrawn'}\n` +
    `sources      ${files.length}\n${listed(files)}`
  );
}

function signerText({ id, label, refusal }: EarlierSigner): string {
  const what = refusal === null ? 'verifies' : `NOT VERIFIED, ${refusal}`;
  return shown`signed by    ${label || 'key'} ${id}: ${what}\n`;
}

export function signingText({ predicate, digest, signers, sources }: SigningView): string {
  return [
    predicate ? statementText(predicate) : '',
    sourceStory(sources),
    `digest       sha256:${digest}\n`,
    ...(signers.length > 0 ? signers.map(signerText) : ['signed by    nobody yet\n']),
  ].join('');
}

/** @param files - what was written */
export function signingJson(
  { predicate, digest, signers, sources }: SigningView,
  files: readonly string[],
): string {
  const document = { files, digest, predicate, signers, sources: sourcesJson(sources) };
  return `${JSON.stringify(document, null, 2)}\n`;
}
