/** What a loader would refuse is refused, or put right, when a key is written into a trust root. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import {
  certificateRequest,
  parseSubject,
  rootCertificate,
  signerCertificate,
} from '../../compiler/6-sign/certificates.ts';
import {
  generateKey,
  signerKey,
  writePrivateKey,
  writePublicKey,
  type TrustFile,
} from '../../compiler/6-sign/index.ts';
import { sharedKey } from '../support/signing.ts';
import { place, type Place } from '../cli/place.ts';

let at: Place;
beforeEach(() => (at = place()));
afterEach(() => at.remove());

const plan = (line: string): Promise<number> => run(line.split(' '), at.io);
const init = (...files: string[]): Promise<number> =>
  plan(`trust init --name acme --output trust.json --add ${files.join(' ')}`);
const written = (): TrustFile => JSON.parse(at.read('trust.json')) as TrustFile;

const pem = (der: Uint8Array): string =>
  `-----BEGIN PUBLIC KEY-----\n${Buffer.from(der).toString('base64')}\n-----END PUBLIC KEY-----\n`;

/** SubjectPublicKeyInfo of a P-256 key with its point in another form (SEC 1 §2.3.3). */
function pointForm(key: KeyObject, form: 'compressed' | 'hybrid'): string {
  const point = Buffer.from(signerKey(key).spki).subarray(-65);
  const parity = (point[64] ?? 0) & 1;
  const body =
    form === 'compressed'
      ? Buffer.concat([Buffer.of(2 + parity), point.subarray(1, 33)])
      : Buffer.concat([Buffer.of(6 + parity), point.subarray(1)]);
  const algorithm = Buffer.from('301306072a8648ce3d020106082a8648ce3d030107', 'hex');
  const bits = Buffer.concat([Buffer.of(3, body.length + 1, 0), body]);
  return pem(Buffer.concat([Buffer.of(0x30, algorithm.length + bits.length), algorithm, bits]));
}

/** The same key negated: another y or sign, one hand. */
function negated(key: KeyObject): string {
  const spki = Buffer.from(signerKey(key).spki);
  spki[31 + 12] = (spki[31 + 12] ?? 0) ^ 0x80;
  return pem(spki);
}

describe('public keys', () => {
  it.each(['compressed', 'hybrid'] as const)('a %s point is written as loaders take it', async (form) => {
    at.write({ 'signer.pub': pointForm(sharedKey, form), 'signer.key': writePrivateKey(sharedKey) });
    expect(signerKey(createPublicKey(at.read('signer.pub'))).id).toBe(signerKey(sharedKey).id);
    expect(await init('signer.pub'), at.err()).toBe(0);
    expect(written().keys.map(({ id }) => id)).toEqual([signerKey(sharedKey).id]);
    at.write({ 'policies/p.yaml': 'max_steps: 3\n' });
    const build = 'bundle --policy-dir policies --name acme --output acme.mjs --key signer.key';
    expect(await plan(build), at.err()).toBe(0);
    expect(await plan('verify acme.mjs --trust trust.json'), at.err()).toBe(0);
  });

  it('one key in two files counts once, and is named once', async () => {
    at.write({ 'a.pub': writePublicKey(sharedKey), 'b.pub': pointForm(sharedKey, 'compressed') });
    expect(await init('a.pub', 'b.pub')).toBe(2);
    expect(at.err()).toContain('`b.pub` holds a key that is named already');
  });

  it('one key under two ids does not reach a threshold', async () => {
    const key = generateKey('ed25519');
    at.write({ 'a.pub': writePublicKey(key), 'b.pub': negated(key) });
    expect(await init('a.pub', 'b.pub', '--threshold', '2')).toBe(4);
    expect(at.err()).toContain('one key under two ids');
  });

  it('one hand under two ids does not sign policies and decisions', async () => {
    const key = generateKey('ed25519');
    at.write({ 'a.pub': writePublicKey(key), 'b.pub': negated(key) });
    expect(await init('a.pub', '--decision-key', 'b.pub')).toBe(4);
    expect(at.err()).toContain('one key for decisions and policies');
  });

  it('weak keys and keys of other kinds are refused', async () => {
    const small = Buffer.concat([Buffer.from('302a300506032b657003210001', 'hex'), Buffer.alloc(31)]);
    const kinds: readonly (readonly [string, number, string])[] = [
      [pem(small), 4, 'key_weak'],
      [writeSpki(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey), 2, 'PL6004'],
      [writeSpki(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), 2, 'PL6004'],
      [writeSpki(generateKeyPairSync('x25519').publicKey), 2, 'PL6004'],
    ];
    for (const [text, code, why] of kinds) {
      at.write({ 'k.pub': text });
      expect(await init('k.pub')).toBe(code);
      expect(at.err()).toContain(why);
    }
    expect(() => at.read('trust.json')).toThrow();
  });

  it('a threshold that no keys reach is refused in words', async () => {
    at.write({ 'a.pub': writePublicKey(sharedKey) });
    expect(await init('a.pub', '--threshold', '2')).toBe(2);
    expect(at.err()).toContain('2 keys must sign bundles named `acme`, and there is 1');
  });
});

const writeSpki = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

describe('certificates', () => {
  const from = new Date('2026-01-01T00:00:00Z');
  const until = new Date('2027-01-01T00:00:00Z');
  const ca = rootCertificate(parseSubject('CN=Root'), sharedKey, from, until);
  const request = certificateRequest(parseSubject('CN=Release, O=Acme'), sharedKey);
  const certify = (first: Date, last: Date): string => signerCertificate(request, ca, sharedKey, first, last);

  it('give the key its name and its dates, which flags may change', async () => {
    at.write({ 'signer.crt': certify(from, until), 'new.pub': writePublicKey(generateKey('p256')) });
    expect(await init('signer.crt')).toBe(0);
    const dates = { not_before: '2026-01-01T00:00:00.000Z', expires: '2027-01-01T00:00:00.000Z' };
    expect(written().keys).toMatchObject([{ label: 'Release', ...dates }]);
    expect(await plan('trust init --name acme --output 1.json --add new.pub')).toBe(0);
    const add = 'trust add --trust 1.json --output 2.json --add signer.crt --label Bob --expires never';
    expect(await plan(add), at.err()).toBe(0);
    const { keys } = JSON.parse(at.read('2.json')) as TrustFile;
    expect(keys[1]).toMatchObject({ label: 'Bob', not_before: dates.not_before, expires: null });
  });

  it('without an end give none', async () => {
    at.write({ 'signer.crt': certify(from, new Date('9999-12-31T23:59:59Z')) });
    expect(await init('signer.crt')).toBe(0);
    expect(written().keys).toMatchObject([{ expires: null }]);
  });

  it.each([
    ['of an authority', ca, 'it is that of an authority'],
    ['that has expired', certify(from, new Date('2026-02-01T00:00:00Z')), 'it has expired at 2026-02-01'],
    ['for later', certify(new Date('2026-12-01T00:00:00Z'), until), 'it is valid from 2026-12-01'],
  ])('%s are refused', async (_, text, why) => {
    at.write({ 'signer.crt': text });
    expect(await init('signer.crt')).toBe(2);
    expect(at.err()).toContain(why);
  });
});
