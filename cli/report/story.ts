/** What a verification proved, for people and for programs. */
import type { VerifiedBundle } from '@plan-lint/runtime';
import type { Digest } from '@plan-lint/runtime/contract';

const listed = (digests: readonly Digest[]): string =>
  digests.map(({ name, sha256 }) => `             ${sha256}  ${name}\n`).join('');

/** The story of a verified bundle: what it is, who signed it, what it was made from, where and until when it holds. */
export function story(file: string, { statement: { predicate }, digest, signers }: VerifiedBundle): string {
  const { not_before, expires, audience, catalog, tests } = predicate;
  return [
    `verified     ${file}\n`,
    `bundle       ${predicate.name} ${predicate.version}, sequence ${predicate.sequence}\n`,
    `digest       sha256:${digest}\n`,
    ...signers.map(
      (key) =>
        `signed by    ${key.label || 'key'} ${key.id}\n             ${key.algorithm}, in the trust root, not revoked\n`,
    ),
    `valid        from ${not_before ?? 'any time'} until ${expires ?? 'withdrawn'}\n`,
    `audience     ${audience.join(', ') || 'any environment'}\n`,
    `entries      ${predicate.entries.join(', ') || 'none'}\n`,
    `built by     plan-lint ${predicate.compiler}, format ${predicate.format}, runtime ${predicate.minimum_runtime} or later\n`,
    `sources      ${predicate.sources.length}\n`,
    listed(predicate.sources),
    catalog ? `catalog\n${listed([catalog])}` : 'catalog      none\n',
    tests ? `tests\n${listed([tests])}` : 'tests        no report was bound to this bundle\n',
  ].join('');
}

/** The same as JSON. */
export function storyJson({ statement, digest, signers }: VerifiedBundle): string {
  const keys = signers.map(({ id, label, algorithm }) => ({ id, label, algorithm }));
  return `${JSON.stringify({ verified: true, digest, signers: keys, predicate: statement.predicate }, null, 2)}\n`;
}
