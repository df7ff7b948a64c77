/** What is signed: an in-toto Statement v1 about one module, as deterministic bytes. */
import {
  PREDICATE_TYPE,
  STATEMENT_TYPE,
  type BundlePredicate,
  type Statement,
} from '@plan-lint/runtime/contract';
import { canonicalJson } from '@plan-lint/runtime/digest';
import { sha256Hex } from './digest.ts';
import { SignError } from './errors.ts';

function millis(instant: string | null, absent: number): number {
  if (instant === null) return absent;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/.test(instant) ? Date.parse(instant) : NaN;
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(instant.slice(0, 19))) {
    throw new SignError('PL6009', instant);
  }
  return at;
}

/** Refuses at build time what every loader would refuse. */
function checkPredicate(predicate: BundlePredicate): void {
  const name = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;
  for (const each of [predicate.name, ...predicate.audience]) {
    if (!name.test(each)) throw new SignError('PL6008', JSON.stringify(each));
  }
  if (!Number.isSafeInteger(predicate.sequence) || predicate.sequence < 0) throw new SignError('PL6011');
  if (millis(predicate.not_before, -Infinity) >= millis(predicate.expires, Infinity))
    throw new SignError('PL6010');
}

/** What a statement is about: a file by name and content. */
export interface Subject {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A statement about any subjects with any predicate (in-toto attestation spec v1, Statement layer). */
export function statementBytes(
  subjects: readonly Subject[],
  predicateType: string,
  predicate: unknown,
): Uint8Array {
  return Buffer.from(
    canonicalJson({
      _type: STATEMENT_TYPE,
      subject: subjects.map(({ name, content }) => ({ name, digest: { sha256: sha256Hex(content) } })),
      predicateType,
      predicate,
    }),
  );
}

/**
 * The payload of a bundle's signature.
 *
 * @param moduleName - file name of the module; informative, the digest decides
 * @param sourceMap - its source map, the second subject; `null` where none is shipped
 * @throws SignError PL6008 to PL6011 for a predicate no loader would accept
 */
export function bundleStatement(
  moduleName: string,
  module: Uint8Array,
  predicate: BundlePredicate,
  sourceMap: Uint8Array | null = null,
): Uint8Array {
  checkPredicate(predicate);
  const subjects = [
    { name: moduleName, content: module },
    ...(sourceMap ? [{ name: `${moduleName}.map`, content: sourceMap }] : []),
  ];
  return statementBytes(subjects, PREDICATE_TYPE, predicate satisfies Statement['predicate']);
}
