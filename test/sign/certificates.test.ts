import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  certificateRequest,
  parseSubject,
  rootCertificate,
  signerCertificate,
} from '../../compiler/6-sign/certificates.ts';
import { readCertificate } from '../../compiler/6-sign/certified.ts';
import { openEncryptedRsa, readPkcs12 } from '../../compiler/6-sign/containers.ts';
import {
  certifiedSigner,
  generateKey,
  KEY_KINDS,
  readPrivateKey,
  readPublicKey,
  signerKey,
  writePrivateKey,
  type KeyKind,
} from '../../compiler/6-sign/index.ts';

let directory = '';
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'certificates-'))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const write = (name: string, content: string): string => {
  writeFileSync(join(directory, name), content);
  return name;
};
const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { cwd: directory, encoding: 'utf8', stdio: 'pipe' });

const from = new Date('2026-01-01T00:00:00Z');
const until = new Date('2051-01-01T00:00:00Z');
const caKey = generateKey('p256');
const ca = rootCertificate(parseSubject('CN=Acme Policy Root, O=Acme, C=DE'), caKey, from, until);

describe('certificates', () => {
  it.each(KEY_KINDS)('a %s signer is certified, and openssl agrees', (kind: KeyKind) => {
    const key = generateKey(kind);
    const request = certificateRequest(parseSubject('CN=Räuber & Söhne, OU=Release'), key);
    expect(
      openssl(
        'req',
        '-in',
        write('signer.csr', request),
        '-noout',
        '-verify',
        '-subject',
        '-nameopt',
        'utf8',
      ),
    ).toContain('Räuber & Söhne');
    const certificate = signerCertificate(request, ca, caKey, from, until);
    write('ca.crt', ca);
    write('signer.crt', certificate);
    expect(openssl('verify', '-purpose', 'any', '-CAfile', 'ca.crt', 'signer.crt')).toContain(
      'signer.crt: OK',
    );
    expect(openssl('x509', '-in', 'signer.crt', '-noout', '-text')).toContain('Code Signing');
    expect(signerKey(readPublicKey(certificate)).id).toBe(signerKey(key).id);
    expect(readCertificate(certificate).verify(createPublicKey(caKey))).toBe(true);
  });

  it('does not certify a request whose signature is not by its key, nor with a root of another key', () => {
    const request = certificateRequest(parseSubject('CN=A'), generateKey('p256'));
    const other = certificateRequest(parseSubject('CN=B'), generateKey('p256'));
    const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(/-----[^-]*-----|\s/g, ''), 'base64');
    const forged = Buffer.concat([bytes(request).subarray(0, -20), bytes(other).subarray(-20)]).toString(
      'base64',
    );
    const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${forged}\n-----END CERTIFICATE REQUEST-----\n`;
    expect(() => signerCertificate(pem, ca, caKey, from, until)).toThrow();
    expect(() => signerCertificate(request, ca, generateKey('p256'), from, until)).toThrow('does not belong');
    expect(() => parseSubject('CN')).toThrow('is not like');
    expect(() => readCertificate('none')).toThrow('cannot be read');
  });
});

describe('a certificate that comes from elsewhere', () => {
  const certificate = (...extensions: string[]): string => {
    write('other.key', writePrivateKey(generateKey('p256')));
    const added = extensions.flatMap((extension) => ['-addext', extension]);
    const flags = ['-x509', '-new', '-key', 'other.key', '-subj', '/CN=Release', '-days', '30'];
    return openssl('req', ...flags, '-addext', 'basicConstraints=critical,CA:FALSE', ...added);
  };

  it('is that of a signer where it is for code signing, for anything, or does not say', () => {
    for (const usage of [[], ['extendedKeyUsage=codeSigning'], ['extendedKeyUsage=anyExtendedKeyUsage']])
      expect(certifiedSigner(certificate(...usage), Date.now())).toMatchObject({ label: 'Release' });
  });

  it('is refused where it is for something else', () => {
    const text = certificate('extendedKeyUsage=serverAuth,clientAuth');
    expect(() => certifiedSigner(text, Date.now())).toThrow('not for code signing');
  });
});

it('a key whose curve is spelled out is the same key', () => {
  const key = generateKey('p256');
  write('named.key', writePrivateKey(key));
  const explicit = openssl('ec', '-in', 'named.key', '-pubout', '-param_enc', 'explicit');
  expect(signerKey(readPublicKey(explicit)).id).toBe(signerKey(key).id);
});

describe('containers', () => {
  // `-legacy` needs a provider some builds of OpenSSL leave out; the explicit old ciphers need it as well.
  it.each([
    ['with today’s ciphers', [], 'p256'],
    ['with today’s ciphers', [], 'rsa'],
    ['with the ciphers of old exports', ['-legacy'], 'rsa'],
  ] as const)('reads PKCS#12 %s', (_, flags, kind) => {
    const key = generateKey(kind);
    write('p12.key', writePrivateKey(key));
    write('p12.crt', rootCertificate(parseSubject('CN=Release'), key, from, until));
    openssl(
      'pkcs12',
      '-export',
      ...flags,
      '-inkey',
      'p12.key',
      '-in',
      'p12.crt',
      '-out',
      'k.p12',
      '-passout',
      'pass:secret',
    );
    const content = readFileSync(join(directory, 'k.p12'));
    const store = readPkcs12(content, 'secret');
    expect(signerKey(store.privateKey).id).toBe(signerKey(key).id);
    expect(store.certificates).toHaveLength(1);
    expect(() => readPkcs12(content, 'wrong')).toThrow('cannot be read');
  });

  it('reads RSA keys in PKCS#8 and in PEM’s own encryption', () => {
    const key = generateKey('rsa');
    write('plain.key', writePrivateKey(key));
    for (const flags of [
      ['pkcs8', '-topk8', '-v2', 'aes256', '-iter', '1000'],
      ['rsa', '-traditional', '-aes128'],
    ]) {
      openssl(...flags, '-in', 'plain.key', '-out', 'locked.key', '-passout', 'pass:secret');
      const pem = readFileSync(join(directory, 'locked.key'), 'utf8');
      expect(signerKey(readPrivateKey(pem, 'secret')).id).toBe(signerKey(key).id);
      expect(() => readPrivateKey(pem, 'wrong')).toThrow('passphrase does not open');
      expect(() => readPrivateKey(pem)).toThrow('is encrypted');
    }
  });

  it('opens RSA keys under ciphers OpenSSL 3 has retired', () => {
    const key = generateKey('rsa');
    write('plain.key', writePrivateKey(key));
    const providers = ['-provider', 'legacy', '-provider', 'default'];
    const flags = ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-RC2-40', ...providers, '-passout', 'pass:secret'];
    openssl(...flags, '-in', 'plain.key', '-out', 'old.key');
    const pem = readFileSync(join(directory, 'old.key'), 'utf8');
    expect(() => readPrivateKey(pem, 'secret')).toThrow('passphrase does not open');
    expect(signerKey(openEncryptedRsa(pem, 'secret')).id).toBe(signerKey(key).id);
    expect(() => openEncryptedRsa(pem, 'wrong')).toThrow('passphrase does not open');
  });
});
