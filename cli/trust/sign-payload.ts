/** The bytes that a signature is about: a bundle's statement, its provenance, or a trust root. */
import { parseTrustRoot } from '@plan-lint/runtime';
import { PAYLOAD_TYPE, TRUST_PAYLOAD_TYPE, type Statement } from '@plan-lint/runtime/contract';
import { parseSidecar, parseStatement } from '@plan-lint/runtime/tools';
import { checkMap, mapReport } from '../../bundles/source-map.ts';
import { UsageError } from '../../bundles/failure.ts';
import { provenanceStatement, sha256Hex, SignError, type BuildFacts } from '../../compiler/6-sign/index.ts';
import type { SignTarget } from './target.ts';

export interface Payload {
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Of a bundle. */
  readonly statement: Statement | null;
}

/**
 * The statement of a bundle: left by `bundle --unsigned`, or the one a first signer has signed.
 *
 * @throws SignError PL6015, UsageError, BundleError
 */
export function bundlePayload({ name, content, statement, sidecars, map }: SignTarget): Payload & {
  readonly statement: Statement;
} {
  const [first] = sidecars;
  const bytes = statement ?? (first && parseSidecar(first).payload);
  if (!bytes) {
    throw new UsageError(
      `there is no statement for \`${name}\``,
      'make it with `plan-lint bundle --unsigned`, or pass a bundle somebody has signed',
    );
  }
  const stated = parseStatement(bytes);
  if (stated.subject[0]?.digest.sha256 !== sha256Hex(content)) throw new SignError('PL6015');
  checkMap(mapReport(name, stated, map));
  return { bytes, type: PAYLOAD_TYPE, statement: stated };
}

/** @throws BundleError `trust_malformed` */
export function trustPayload({ content }: SignTarget): Payload {
  parseTrustRoot(content);
  return { bytes: content, type: TRUST_PAYLOAD_TYPE, statement: null };
}

/** @throws UsageError where nobody says who ran the build */
export function provenancePayload(
  { name, content }: SignTarget,
  { predicate }: Statement,
  facts: BuildFacts,
): Uint8Array {
  // SLSA v1 §builder.id: what a reader decides by; a made-up one would be worse than none.
  if (facts.builder === '')
    throw new UsageError('--provenance needs --builder', 'give the URI of whoever ran the build');
  return provenanceStatement(name, content, predicate, facts);
}
