/**
 * X.509 for organisations that hand out signing keys by certificate: a request, a root, a signer's certificate.
 * The loader never reads certificates; the trust root takes the key out of them (`trust add --key signer.crt`).
 * node-forge writes the structures, node:crypto signs and verifies them.
 */
import { createHash, createPublicKey, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import type { KeyAlgorithm } from '@plan-lint/runtime/contract';
import {
  bitContent,
  bits,
  children,
  fromDer,
  integer,
  nothing,
  octets,
  oid,
  printable,
  sequence,
  set,
  tagged,
  time,
  toDer,
  utf8,
  yes,
  type Asn1,
} from './asn1.ts';
import { readCertificate } from './certified.ts';
import { SignError } from './errors.ts';
import { signerKey } from './keys.ts';

/** A distinguished name, as [attribute, value] in order: `[['CN', 'Release'], ['O', 'Acme']]`. */
export type Subject = readonly (readonly [attribute: string, value: string])[];

// RFC 4519 §2: the attributes an organisation names its people and machines with.
const attributes: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
};

/** Reads `CN=Release, O=Acme`. @throws SignError PL6014 for unknown attributes */
export function parseSubject(text: string): Subject {
  return text.split(',').map((part) => {
    const [, attribute = '', value = ''] = /^\s*([A-Z]+)=(.+?)\s*$/.exec(part) ?? [];
    if (!Object.hasOwn(attributes, attribute) || (attribute === 'C' && !/^[A-Z]{2}$/.test(value))) {
      throw new SignError('PL6014', `the subject \`${part.trim()}\` is not like CN=Name or O=Name`);
    }
    return [attribute, value] as const;
  });
}

const distinguishedName = (subject: Subject): Asn1 =>
  sequence(
    ...subject.map(([attribute, value]) =>
      // RFC 5280 appendix A: the country is a PrintableString.
      set(sequence(oid(attributes[attribute] ?? ''), attribute === 'C' ? printable(value) : utf8(value))),
    ),
  );

// RFC 5758 §3.2, RFC 8410 §3, RFC 4055 §5; the first two have no parameters, RSA has a NULL.
const signatureAlgorithms: Readonly<Record<KeyAlgorithm, () => Asn1>> = {
  'ecdsa-p256-sha256': () => sequence(oid('1.2.840.10045.4.3.2')),
  ed25519: () => sequence(oid('1.3.101.112')),
  'rsa-pkcs1v15-sha256': () => sequence(oid('1.2.840.113549.1.1.11'), nothing()),
};

const hashOf = (key: KeyObject): 'sha256' | null => (key.asymmetricKeyType === 'ed25519' ? null : 'sha256');

function signed(body: Asn1, key: KeyObject): Uint8Array {
  const algorithm = signatureAlgorithms[signerKey(key).algorithm]();
  return toDer(sequence(body, algorithm, bits(sign(hashOf(key), toDer(body), key))));
}

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

const publicInfo = (key: KeyObject): Asn1 => fromDer(signerKey(key).spki);
// RFC 7093 §2 method 1: a truncated SHA-256 of the key, where RFC 5280 suggests SHA-1.
const identifier = (key: KeyObject): Uint8Array =>
  createHash('sha256')
    .update(bitContent(children(publicInfo(key))[1]))
    .digest()
    .subarray(0, 20);

/** A certification request (RFC 2986), to be certified elsewhere or by `signerCertificate`. PEM. */
export function certificateRequest(subject: Subject, privateKey: KeyObject): string {
  const body = sequence(
    integer(Uint8Array.of(0)),
    distinguishedName(subject),
    publicInfo(privateKey),
    tagged(0, true, []),
  );
  return pem('CERTIFICATE REQUEST', signed(body, privateKey));
}

interface Profile {
  readonly subject: Asn1;
  readonly issuer: Asn1;
  readonly publicKey: KeyObject;
  readonly issuerKey: KeyObject;
  readonly from: Date;
  readonly until: Date;
  readonly authority: boolean;
}

function extension(id: string, critical: boolean, value: Asn1): Asn1 {
  return sequence(oid(id), ...(critical ? [yes()] : []), octets(toDer(value)));
}

/** RFC 5280 §4.1 with the extensions of §4.2.1. */
function certificate(profile: Profile): string {
  const { subject, issuer, publicKey, issuerKey, from, until, authority } = profile;
  const serial = randomBytes(16);
  // Positive and of full length (§4.1.2.2).
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const usage = authority
    ? [
        extension('2.5.29.19', true, sequence(yes())),
        // keyCertSign, cRLSign
        extension('2.5.29.15', true, bits(Uint8Array.of(0x06), 1)),
      ]
    : [
        extension('2.5.29.19', true, sequence()),
        // digitalSignature; codeSigning
        extension('2.5.29.15', true, bits(Uint8Array.of(0x80), 7)),
        extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.3'))),
      ];
  const authorityId = sequence(tagged(0, false, Buffer.from(identifier(issuerKey)).toString('latin1')));
  const body = sequence(
    tagged(0, true, [integer(Uint8Array.of(2))]),
    integer(serial),
    signatureAlgorithms[signerKey(issuerKey).algorithm](),
    issuer,
    sequence(time(from), time(until)),
    subject,
    publicInfo(publicKey),
    tagged(3, true, [
      sequence(
        ...usage,
        extension('2.5.29.14', false, octets(identifier(publicKey))),
        extension('2.5.29.35', false, authorityId),
      ),
    ]),
  );
  return pem('CERTIFICATE', signed(body, issuerKey));
}

/** A self-signed root that certifies signers. PEM. */
export function rootCertificate(subject: Subject, privateKey: KeyObject, from: Date, until: Date): string {
  const name = distinguishedName(subject);
  return certificate({
    subject: name,
    issuer: name,
    publicKey: privateKey,
    issuerKey: privateKey,
    from,
    until,
    authority: true,
  });
}

function pemBody(text: string, label: string): Uint8Array {
  const [, base64] = new RegExp(`-----BEGIN ${label}-----([^-]*)-----END ${label}-----`).exec(text) ?? [];
  if (base64 === undefined) throw new SignError('PL6014', `there is no ${label.toLowerCase()} in it`);
  return Buffer.from(base64, 'base64');
}

/**
 * Certifies the key of a request, after checking that whoever asked holds it.
 *
 * @param caCertificate - the root, PEM; its key must be `caKey`
 * @throws SignError PL6014 for a request that does not verify or a root that is not one of this key
 */
export function signerCertificate(
  request: string,
  caCertificate: string,
  caKey: KeyObject,
  from: Date,
  until: Date,
): string {
  const ca = readCertificate(caCertificate);
  if (!ca.ca || !ca.checkPrivateKey(caKey)) {
    throw new SignError('PL6014', 'the authority certificate does not belong to the authority key');
  }
  const [info, , signature] = children(fromDer(pemBody(request, 'CERTIFICATE REQUEST')));
  const [, subject, spki] = children(info);
  if (!info || !subject || !spki) throw new SignError('PL6014');
  const publicKey = createPublicKey({ key: Buffer.from(toDer(spki)), format: 'der', type: 'spki' });
  // RFC 2986 §1: the signature proves possession of the private key.
  if (!verify(hashOf(publicKey), toDer(info), publicKey, bitContent(signature))) {
    throw new SignError('PL6014', 'the request is not signed by the key it names');
  }
  const [, , , , , caSubject] = children(children(fromDer(ca.raw))[0]);
  if (!caSubject) throw new SignError('PL6014');
  return certificate({
    subject,
    issuer: caSubject,
    publicKey,
    issuerKey: caKey,
    from,
    until,
    authority: false,
  });
}
