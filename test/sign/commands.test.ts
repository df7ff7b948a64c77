import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keygen } from '../../cli/commands/keygen.ts';
import { verify } from '../../cli/commands/verify.ts';
import type { Io } from '../../cli/terminal/io.ts';
import { keySigner, readPrivateKey, signBundle } from '../../compiler/6-sign/index.ts';
import { moduleText, predicateOf, sentinel } from '../support/signing.ts';

let directory = '';
let out = '';
let err = '';
let io: Io;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'commands-'));
  out = err = '';
  io = {
    stdout: (text) => (out += text),
    stderr: (text) => (err += text),
    stdin: () => Promise.resolve(new Uint8Array()),
    now: () => Date.now(),
    env: { PASSPHRASE: 'correct horse' },
    cwd: directory,
  };
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const read = (name: string): string => readFileSync(join(directory, name), 'utf8');

describe('keygen', () => {
  it('writes a private key only its owner can read, a public key and a trust root', async () => {
    expect(await keygen({ anyName: true, out: 'keys' }, io)).toBe(0);
    expect(readdirSync(join(directory, 'keys')).sort()).toEqual(['signer.key', 'signer.pub', 'trust.json']);
    expect(statSync(join(directory, 'keys/signer.key')).mode & 0o777).toBe(0o600);
    expect(readPrivateKey(read('keys/signer.key')).asymmetricKeyType).toBe('ec');
    expect(out).toContain('not encrypted');
  });

  it('never overwrites, and leaves nothing half done', async () => {
    writeFileSync(join(directory, 'trust.json'), 'mine');
    expect(await keygen({ anyName: true, out: '.' }, io)).toBe(2);
    expect(err).toContain('not overwritten');
    expect(readdirSync(directory)).toEqual(['trust.json']);
    expect(read('trust.json')).toBe('mine');
  });

  it('encrypts with a passphrase from the environment, and refuses a variable that is not set', async () => {
    expect(
      await keygen({ anyName: true, out: 'keys', alg: 'ed25519', passphraseEnv: 'PASSPHRASE' }, io),
    ).toBe(0);
    const pem = read('keys/signer.key');
    expect(pem).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(readPrivateKey(pem, 'correct horse').asymmetricKeyType).toBe('ed25519');
    expect(() => readPrivateKey(pem, 'wrong')).toThrow('passphrase does not open');
    expect(() => readPrivateKey(pem)).toThrow('is encrypted');
    expect(await keygen({ anyName: true, out: 'other', passphraseEnv: 'MISSING' }, io)).toBe(2);
    expect(err).toContain('`MISSING` is not set');
  });
});

describe('verify', () => {
  beforeEach(async () => {
    await keygen({ anyName: true, out: '.', label: 'Release team' }, io);
    out = '';
    const module = Buffer.from(moduleText('command'));
    const signers = [keySigner(readPrivateKey(read('signer.key')))];
    const { sidecars } = await signBundle({
      moduleName: 'acme.mjs',
      module,
      predicate: predicateOf(),
      signers,
    });
    writeFileSync(join(directory, 'acme.mjs'), module);
    writeFileSync(join(directory, 'acme.mjs.sigstore.json'), sidecars[0] ?? '');
  });

  it('refuses text that no loader would run, whoever signed it, and runs nothing', async () => {
    const module = Buffer.from(`import 'node:fs';\n${moduleText('forbidden')}`);
    const signers = [keySigner(readPrivateKey(read('signer.key')))];
    const facts = { moduleName: 'acme.mjs', module, predicate: predicateOf(), signers };
    writeFileSync(join(directory, 'acme.mjs'), module);
    writeFileSync(join(directory, 'acme.mjs.sigstore.json'), (await signBundle(facts)).sidecars[0] ?? '');
    const before = sentinel.runs;
    expect(await verify({ file: 'acme.mjs', trust: 'trust.json' }, io)).toBe(4);
    expect(err).toContain('error[module_forbidden]');
    expect(out).toBe('');
    expect(sentinel.runs).toBe(before);
  });

  it('tells who signed what', async () => {
    expect(await verify({ file: 'acme.mjs', trust: 'trust.json' }, io)).toBe(0);
    expect(out).toContain('signed by    Release team');
    expect(out).toContain('base.yaml');
  });

  it('as JSON too', async () => {
    expect(await verify({ file: 'acme.mjs', trust: 'trust.json', format: 'json' }, io)).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ verified: true, predicate: { name: 'acme', sequence: 7 } });
  });

  it('exits with 4 and a code where trust ends, with 2 where there is no file', async () => {
    expect(await verify({ file: 'acme.mjs', trust: 'trust.json', minSequence: 8 }, io)).toBe(4);
    expect(err).toContain('error[sequence_rollback]');
    writeFileSync(join(directory, 'acme.mjs'), 'export default 1;\n');
    expect(await verify({ file: 'acme.mjs', trust: 'trust.json', format: 'json' }, io)).toBe(4);
    expect(JSON.parse(out)).toMatchObject({ verified: false, error: { code: 'digest_mismatch' } });
    expect(await verify({ file: 'none.mjs', trust: 'trust.json' }, io)).toBe(2);
  });
});
