import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  generateKey,
  signPss,
  verifyPss,
  writePrivateKey,
  writePublicKey,
} from '../../compiler/6-sign/index.ts';

// The signing function is the one of the enterprise deployment guide, as its users run it.
const script = `
import sys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

def sign_policy(policy_path, private_key_path, password=None):
    with open(policy_path, 'rb') as f:
        policy_data = f.read()
    with open(private_key_path, 'rb') as key_file:
        private_key = load_pem_private_key(key_file.read(), password=password.encode() if password else None)
    signature = private_key.sign(
        policy_data,
        padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.MAX_LENGTH),
        hashes.SHA256()
    )
    with open(f"{policy_path}.sig", 'wb') as f:
        f.write(signature)

def verify_policy(policy_path, public_key_path):
    public_key = load_pem_public_key(open(public_key_path, 'rb').read())
    public_key.verify(
        open(f"{policy_path}.sig", 'rb').read(), open(policy_path, 'rb').read(),
        padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.MAX_LENGTH),
        hashes.SHA256()
    )

if sys.argv[1] == 'sign': sign_policy('acme.mjs', 'signer.key', 'secret')
else: verify_policy('acme.mjs', 'signer.pub')
`;

const probe = spawnSync('python3', ['-c', 'import cryptography'], { encoding: 'utf8' });
const module = Buffer.from('export default 1;\n');
const key = generateKey('rsa');
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'pss-'));
  writeFileSync(join(directory, 'acme.mjs'), module);
  writeFileSync(join(directory, 'signer.key'), writePrivateKey(key, 'secret'));
  writeFileSync(join(directory, 'signer.pub'), writePublicKey(key));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const python = (verb: string): string =>
  execFileSync('python3', ['-c', script, verb], { cwd: directory, encoding: 'utf8', stdio: 'pipe' });

describe('the .sig of the Python deployment', () => {
  it('is refused for other bytes, other keys and kinds of key that are not RSA', () => {
    const signature = signPss(module, key);
    expect(verifyPss(module, signature, createPublicKey(key))).toBe(true);
    expect(verifyPss(Buffer.from('export default 2;\n'), signature, createPublicKey(key))).toBe(false);
    expect(verifyPss(module, signature, createPublicKey(generateKey('rsa')))).toBe(false);
    expect(() => signPss(module, generateKey('p256'))).toThrow('needs an RSA key');
  });

  const reason = probe.status === 0 ? '' : ' (skipped: python3 has no `cryptography`)';
  describe.skipIf(probe.status !== 0)(`against its own library${reason}`, () => {
    it('is verified there when made here', () => {
      writeFileSync(join(directory, 'acme.mjs.sig'), signPss(module, key));
      expect(() => python('verify')).not.toThrow();
      writeFileSync(join(directory, 'acme.mjs.sig'), signPss(Buffer.from('other'), key));
      expect(() => python('verify')).toThrow('InvalidSignature');
    });

    it('is verified here when made there', () => {
      python('sign');
      expect(verifyPss(module, readFileSync(join(directory, 'acme.mjs.sig')), createPublicKey(key))).toBe(
        true,
      );
    });
  });
});
