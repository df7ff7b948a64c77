/**
 * Keys in containers OpenSSL 3 no longer opens by default: PKCS#12 with its old ciphers, RSA keys in PEM's own
 * encryption. node-forge reads them; what comes out is a key object like any other.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { toDer } from './asn1.ts';
import { SignError } from './errors.ts';

/** Opens an encrypted RSA key in PEM, with ciphers of any age. @throws SignError PL6003 if the passphrase does not fit */
export function openEncryptedRsa(pem: string, passphrase: string): KeyObject {
  let key: forge.pki.rsa.PrivateKey | null;
  try {
    // null, not an exception, is how node-forge reports a passphrase that does not fit.
    key = forge.pki.decryptRsaPrivateKey(pem, passphrase);
  } catch {
    key = null;
  }
  if (!key) throw new SignError('PL6003');
  return createPrivateKey(forge.pki.privateKeyToPem(key));
}

/** What was in a PKCS#12 file. */
export interface KeyStore {
  readonly privateKey: KeyObject;
  /** PEM, the key's own first; empty if there were none. */
  readonly certificates: readonly string[];
}

/**
 * Reads a PKCS#12 file (RFC 7292).
 *
 * @throws SignError PL6014 for a wrong passphrase, a broken file or one without a key
 */
export function readPkcs12(content: Uint8Array, passphrase: string): KeyStore {
  const { oids } = forge.pki;
  let keys: forge.pkcs12.Bag[];
  let certificates: forge.pkcs12.Bag[];
  try {
    const der = forge.asn1.fromDer(Buffer.from(content).toString('latin1'));
    const store = forge.pkcs12.pkcs12FromAsn1(der, true, passphrase);
    const bags = (type: string | undefined): forge.pkcs12.Bag[] =>
      type === undefined ? [] : (store.getBags({ bagType: type })[type] ?? []);
    keys = [...bags(oids['pkcs8ShroudedKeyBag']), ...bags(oids['keyBag'])];
    certificates = bags(oids['certBag']);
  } catch {
    throw new SignError('PL6014');
  }
  const [bag] = keys;
  if (!bag) throw new SignError('PL6014', 'there is no private key in it');
  // `asn1` is a PrivateKeyInfo where node-forge does not know the kind of key.
  const privateKey = bag.key
    ? createPrivateKey(forge.pki.privateKeyToPem(bag.key))
    : createPrivateKey({ key: Buffer.from(toDer(bag.asn1)), format: 'der', type: 'pkcs8' });
  const pems = certificates.map((each) => certificatePem(each));
  return { privateKey, certificates: pems.filter((text) => text !== '') };
}

function certificatePem(bag: forge.pkcs12.Bag): string {
  const der = bag.cert ? forge.pki.certificateToAsn1(bag.cert) : (bag.asn1 as forge.asn1.Asn1 | undefined);
  return der
    ? forge.pem.encode({ type: 'CERTIFICATE', body: forge.asn1.toDer(der).getBytes() }).replaceAll('\r', '')
    : '';
}
