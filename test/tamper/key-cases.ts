/** Keys that prove nothing, algorithms that are confused, and signatures in the wrong encoding. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { KeyAlgorithm } from '@plan-lint/runtime/contract';
import {
  generateKey,
  preAuthenticationEncoding,
  sha256Hex,
  sidecar,
  signerKey,
  trustBytes,
  type TrustFileKey,
  writePrivateKey,
} from '../../compiler/6-sign/index.ts';
import { good, hostile, key, seal, statement, trustFile, type Hostile } from './hostile.ts';

const message = preAuthenticationEncoding(statement());

/** A trust root with these keys, all allowed; the threshold is what is given. */
function trusting(keys: readonly Partial<TrustFileKey>[], threshold = 1): Uint8Array {
  const all = keys.map((each): TrustFileKey => {
    const blank = { label: '', not_before: null, expires: null, revoked: null };
    const spki = each.spki ?? '';
    return { ...blank, algorithm: 'ed25519', id: sha256Hex(Buffer.from(spki, 'base64')), spki, ...each };
  });
  const ids = all.map((each) => each.id);
  const policies = [{ name: '*', keys: ids, threshold, audiences: [], minimum_sequence: 0 }];
  return trustBytes({ ...trustFile, keys: all, root: null, policies });
}

/** A key given by its bytes, and a signature that claims to be its. */
function withKey(
  name: string,
  expect: Hostile['expect'][number],
  algorithm: KeyAlgorithm,
  spki: Uint8Array,
  signature: Uint8Array = Buffer.alloc(64, 1),
): Hostile {
  const base64 = Buffer.from(spki).toString('base64');
  return hostile(name, expect, {
    trust: trusting([{ algorithm, spki: base64 }]),
    signatures: [sidecar(statement(), sha256Hex(spki), signature)],
  });
}

const spkiOf = (privateKey: KeyObject): Buffer =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'der' });

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const littleEndian = (value: bigint): Buffer =>
  Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
const ed25519Spki = (point: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), point]);

function* smallOrder(): Generator<Hostile> {
  const eight = [
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ];
  const ys = [0n, 1n, P - 1n, ...Array.from({ length: 19 }, (_, i) => P + BigInt(i))].map(littleEndian);
  // With A of small order, (R, S) = (identity, 0) verifies for one message in a few under lax rules.
  const forged = Buffer.concat([littleEndian(1n), Buffer.alloc(32)]);
  for (const y of [...ys, ...eight.map((hex) => Buffer.from(hex, 'hex'))]) {
    for (const signBit of [0, 0x80]) {
      const point = Buffer.from(y);
      point[31] = (point[31] ?? 0) | signBit;
      yield withKey(
        `Ed25519 point ${point.toString('hex')}`,
        'key_weak',
        'ed25519',
        ed25519Spki(point),
        forged,
      );
    }
  }
}

function* otherKinds(): Generator<Hostile> {
  const ecdsa = 'ecdsa-p256-sha256';
  const rsa = 'rsa-pkcs1v15-sha256';
  for (const namedCurve of ['P-384', 'P-521', 'secp256k1', 'brainpoolP256r1']) {
    const spki = spkiOf(generateKeyPairSync('ec', { namedCurve }).privateKey);
    yield withKey(`a ${namedCurve} key`, 'key_malformed', ecdsa, spki);
  }
  for (const [modulusLength, publicExponent] of [
    [1024, 65537],
    [1536, 65537],
    [2040, 65537],
    [2048, 3],
    [2048, 17],
    [2048, 65539],
  ] as const) {
    const pair = generateKeyPairSync('rsa', { modulusLength, publicExponent });
    const signature = sign('sha256', message, pair.privateKey);
    const spki = spkiOf(pair.privateKey);
    yield withKey(
      `RSA of ${modulusLength} bits, exponent ${publicExponent}`,
      'key_weak',
      rsa,
      spki,
      signature,
    );
  }
  const pss = generateKeyPairSync('rsa-pss', {
    modulusLength: 2048,
    hashAlgorithm: 'sha256',
    mgf1HashAlgorithm: 'sha256',
  });
  yield withKey('a key for RSA-PSS only', 'key_malformed', rsa, spkiOf(pss.privateKey));
  yield withKey(
    'an X25519 key',
    'key_malformed',
    'ed25519',
    spkiOf(generateKeyPairSync('x25519').privateKey),
  );
  yield withKey('an Ed448 key', 'key_malformed', 'ed25519', spkiOf(generateKeyPairSync('ed448').privateKey));
  yield withKey(
    'a DSA key',
    'key_malformed',
    rsa,
    spkiOf(generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey),
  );
}

function* confused(): Generator<Hostile> {
  const keys: Readonly<Record<KeyAlgorithm, KeyObject>> = {
    'ecdsa-p256-sha256': key,
    ed25519: generateKey('ed25519'),
    'rsa-pkcs1v15-sha256': generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  };
  const algorithms = Object.keys(keys) as KeyAlgorithm[];
  for (const is of algorithms) {
    const spki = spkiOf(keys[is]);
    for (const called of algorithms) {
      if (is !== called) yield withKey(`a key of ${is} called ${called}`, 'key_malformed', called, spki);
      const foreign = sign(called === 'ed25519' ? null : 'sha256', message, keys[called]);
      if (is === called) continue;
      // RSA's length tells; for the others 64 raw bytes or DER do.
      yield withKey(`a signature of ${called} for a key of ${is}`, 'signature_malformed', is, spki, foreign);
    }
    for (const [what, damaged] of [
      ['followed by a byte', Buffer.concat([spki, Buffer.of(0)])],
      ['cut short', spki.subarray(0, -1)],
      ['without content', spki.subarray(0, 2)],
      ['with a longer outer length', Buffer.concat([Buffer.of(0x30, 0x84, 0, 0, 0, spki.length), spki])],
      ['as PEM', Buffer.from(createPublicKey(keys[is]).export({ type: 'spki', format: 'pem' }))],
      ['twice', Buffer.concat([spki, spki])],
      ['as zeros', Buffer.alloc(spki.length)],
    ] as const) {
      yield withKey(`a key of ${is} ${what}`, 'key_malformed', is, damaged);
    }
    const base64 = spki.toString('base64');
    const id = sha256Hex(Buffer.from('other'));
    yield hostile(`a key of ${is} under an id that is not its own`, 'key_malformed', {
      trust: trusting([{ algorithm: is, spki: base64, id }]),
      signatures: [sidecar(statement(), id, Buffer.alloc(64, 1))],
    });
  }
  const point = spkiOf(key);
  const offCurve = Buffer.from(point);
  offCurve[90] = (offCurve[90] ?? 0) ^ 1;
  yield withKey('a P-256 point off the curve', 'key_malformed', 'ecdsa-p256-sha256', offCurve);
  const hybrid = Buffer.from(point);
  hybrid[26] = 0x06 | ((point[90] ?? 0) & 1);
  yield withKey('a P-256 point in hybrid form', 'key_malformed', 'ecdsa-p256-sha256', hybrid);
  const infinity = Buffer.from(
    '3019301306072a8648ce3d020106082a8648ce3d030107030200 00'.replace(' ', ''),
    'hex',
  );
  yield withKey('the P-256 point at infinity', 'key_malformed', 'ecdsa-p256-sha256', infinity);
  const head = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');
  const compressed = Buffer.concat([head, Buffer.of(2 | ((point[90] ?? 0) & 1)), point.subarray(27, 59)]);
  yield withKey('a compressed P-256 point', 'key_malformed', 'ecdsa-p256-sha256', compressed);
}

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const big = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const bytes32 = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

function integer(value: bigint, zeros = 0): Buffer {
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  if (Number.parseInt(hex.slice(0, 2), 16) > 0x7f) hex = `00${hex}`;
  const body = Buffer.from('00'.repeat(zeros) + hex, 'hex');
  return Buffer.concat([Buffer.of(2, body.length), body]);
}
const pair = (...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
};

function* encodings(): Generator<Hostile> {
  const raw = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });
  const [r, s] = [big(raw.subarray(0, 32)), big(raw.subarray(32))];
  const id = signerKey(key).id;
  const ecdsa = (name: string, expect: Hostile['expect'][number], signature: Uint8Array): Hostile =>
    hostile(`ECDSA signature ${name}`, expect, { signatures: [sidecar(statement(), id, signature)] });
  yield ecdsa('in DER', 'accepted', pair(integer(r), integer(s)));
  yield ecdsa('with high or low S, whichever it had not', 'accepted', pair(integer(r), integer(N - s)));
  yield ecdsa('in raw form', 'signature_malformed', raw);
  yield ecdsa('with S + n', 'signature_malformed', pair(integer(r), integer(s + N)));
  yield ecdsa('with R + n', 'signature_malformed', pair(integer(r + N), integer(s)));
  yield ecdsa('with R and S swapped', 'signature_invalid', pair(integer(s), integer(r)));
  for (const value of [0n, N, N + 1n, 2n ** 256n - 1n]) {
    yield ecdsa(`with R = ${value}`, 'signature_malformed', pair(integer(value), integer(s)));
    yield ecdsa(`with S = ${value}`, 'signature_malformed', pair(integer(r), integer(value)));
  }
  yield ecdsa('with R = S = 1', 'signature_invalid', pair(integer(1n), integer(1n)));
  yield ecdsa('with R padded', 'signature_malformed', pair(integer(r, 1), integer(s)));
  yield ecdsa('with S padded', 'signature_malformed', pair(integer(r), integer(s, 1)));
  yield ecdsa(
    'followed by a byte',
    'signature_malformed',
    Buffer.concat([pair(integer(r), integer(s)), Buffer.of(0)]),
  );
  yield ecdsa('with a third number', 'signature_malformed', pair(integer(r), integer(s), integer(1n)));
  yield ecdsa('with one number', 'signature_malformed', pair(integer(r)));
  yield ecdsa('as an empty list', 'signature_malformed', pair());
  const der = pair(integer(r), integer(s));
  yield ecdsa(
    'with a long length',
    'signature_malformed',
    Buffer.concat([Buffer.of(0x30, 0x81), der.subarray(1)]),
  );
  yield ecdsa(
    'with indefinite length',
    'signature_malformed',
    Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(2), Buffer.of(0, 0)]),
  );
  for (const [at, tag] of [
    [0, 0x31],
    [0, 0x10],
    [2, 0x03],
    [2, 0x22],
    [3, 0xff],
    [3, 0x00],
  ] as const) {
    const odd = Buffer.from(der);
    odd[at] = tag;
    yield ecdsa(`with byte ${at} as ${tag}`, 'signature_malformed', odd);
  }
  const negative = Buffer.from(
    pair(Buffer.concat([Buffer.of(2, 32), bytes32(r | (1n << 255n))]), integer(s)),
  );
  yield ecdsa('with a negative R', 'signature_malformed', negative);
  for (let length = 0; length < der.length; length += 1) {
    yield ecdsa(`cut at ${length}`, 'signature_malformed', der.subarray(0, length));
  }

  const edwards = generateKey('ed25519');
  const valid = sign(null, message, edwards);
  const S = big(Buffer.from(valid.subarray(32)).reverse());
  const ed = (name: string, expect: Hostile['expect'][number], signature: Uint8Array): Hostile =>
    withKey(`Ed25519 signature ${name}`, expect, 'ed25519', spkiOf(edwards), signature);
  yield ed('as it should be', 'accepted', valid);
  for (let times = 1n; S + times * L < 2n ** 256n; times += 1n) {
    yield ed(
      `with S + ${times} L`,
      'signature_malformed',
      Buffer.concat([valid.subarray(0, 32), littleEndian(S + times * L)]),
    );
  }
  for (const length of [0, 1, 32, 63])
    yield ed(`cut at ${length}`, 'signature_malformed', valid.subarray(0, length));
  yield ed('followed by a byte', 'signature_malformed', Buffer.concat([valid, Buffer.of(0)]));
  yield ed('of zeros', 'signature_invalid', Buffer.alloc(64));
  const identity = Buffer.concat([littleEndian(1n), Buffer.alloc(32)]);
  yield ed('of the identity and zero', 'signature_invalid', identity);
}

/** Keys of one hand that look like two. */
async function counted(): Promise<Hostile[]> {
  // Of a key read anew: see `publicHalf`.
  const jwk = createPrivateKey(writePrivateKey(key)).export({ format: 'jwk' });
  const part = (name: 'd' | 'x' | 'y'): Buffer => Buffer.from(jwk[name] ?? '', 'base64url');
  const negated = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: jwk.x ?? '',
      d: bytes32(N - big(part('d'))).toString('base64url'),
      y: bytes32(P256 - big(part('y'))).toString('base64url'),
    },
  });
  const entry = (each: KeyObject): Partial<TrustFileKey> => {
    const { id, algorithm, spki } = signerKey(each);
    return { id, algorithm, spki: Buffer.from(spki).toString('base64') };
  };
  const second = generateKey('ed25519');
  const two = trusting([entry(key), entry(second)], 2);
  const twins = trusting([entry(key), entry(negated)], 2);
  const bySecond = await seal(statement(), second);
  return [
    hostile('two keys, both signed', 'accepted', { trust: two, signatures: [good, bySecond] }),
    hostile('two keys, in the other order', 'accepted', { trust: two, signatures: [bySecond, good] }),
    hostile('two keys, one signed', 'threshold_not_met', { trust: two }),
    hostile('two keys, one signed twice', 'threshold_not_met', { trust: two, signatures: [good, good] }),
    hostile('two keys, one signed twice with two signatures', 'threshold_not_met', {
      trust: two,
      signatures: [good, await seal(statement())],
    }),
    hostile('a key and its negation', 'threshold_not_met', {
      trust: twins,
      signatures: [good, await seal(statement(), negated)],
    }),
    hostile('two keys, one signature of neither', 'threshold_not_met', {
      trust: two,
      signatures: [good, await seal(statement(), generateKey('p256'))],
    }),
  ];
}

export async function keyCases(): Promise<Hostile[]> {
  return [...smallOrder(), ...otherKinds(), ...confused(), ...encodings(), ...(await counted())];
}
