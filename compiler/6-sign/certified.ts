/**
 * What a certificate says of the key in it. Here it is a name and dates, never trust: who issued it is not asked, and no list of
 * revoked certificates is read. What counts is the trust root that the key is written into.
 */
import { X509Certificate } from 'node:crypto';
import { SignError } from './errors.ts';

/** The first certificate of a PEM file. @throws SignError PL6014 */
export function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new SignError('PL6014');
  }
}

/** RFC 5280 §4.2.1.12: code signing, and any use. */
const CODE_SIGNING = ['1.3.6.1.5.5.7.3.3', '2.5.29.37.0'];

/** RFC 5280 §4.1.2.5: how a certificate says that it has no end. */
const NO_END = Date.parse('9999-12-31T23:59:59Z');

export const holdsCertificate = (pem: string): boolean => pem.includes('-----BEGIN CERTIFICATE-----');

export interface CertifiedSigner {
  /** Its common name; empty where it has none. */
  readonly label: string;
  /** RFC 3339 in UTC. */
  readonly not_before: string;
  readonly expires: string | null;
}

/**
 * Reads the first certificate of a PEM file as that of a signer.
 *
 * @param now - milliseconds since the epoch
 * @throws SignError PL6014; PL6016 for that of an authority, one for another use, and one that is not valid now
 */
export function certifiedSigner(pem: string, now: number): CertifiedSigner {
  const certificate = readCertificate(pem);
  if (certificate.ca)
    throw new SignError('PL6016', 'it is that of an authority, whose key signs certificates');
  // Node names the extended usages so; `undefined` where the certificate has none, and may be used for anything.
  const usages = certificate.keyUsage as readonly string[] | undefined;
  if (usages?.some((usage) => CODE_SIGNING.includes(usage)) === false)
    throw new SignError('PL6016', `it is for ${usages.join(', ')}, not for code signing`);
  const from = new Date(certificate.validFrom);
  const until = new Date(certificate.validTo);
  if (now < from.getTime()) throw new SignError('PL6016', `it is valid from ${from.toISOString()}`);
  if (now >= until.getTime()) throw new SignError('PL6016', `it has expired at ${until.toISOString()}`);
  const { CN } = certificate.toLegacyObject().subject;
  return {
    label: typeof CN === 'string' ? CN : '',
    not_before: from.toISOString(),
    expires: until.getTime() >= NO_END ? null : until.toISOString(),
  };
}
