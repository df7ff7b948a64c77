import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { cert } from '../../cli/commands/cert.ts';
import { inspect } from '../../cli/commands/inspect.ts';
import { keygen } from '../../cli/commands/keygen.ts';
import { sign } from '../../cli/commands/sign.ts';
import { verify } from '../../cli/commands/verify.ts';
import { bundleStatement, digestOf, readPublicKey, verifyPss } from '../../compiler/6-sign/index.ts';
import { predicateOf, sentinel } from '../support/signing.ts';
import { workplace, type Workplace } from '../support/io.ts';

const rule = ['limits', 0, 0, 3, 3, 0.5, 'Keeps <transfers> & payments small', 0, 3, 5];
const module = Buffer.from(
  `planLintSentinel();\nconst f=()=>0;\nexport default()=>({format:2,entries:["finance"],open:()=>({evaluate:()=>null,allows:f}),facts:()=>({` +
    `policies:["finance"],categories:["POLICY_RULE"],files:["base.yaml"],rules:[${JSON.stringify(rule)}],` +
    `entries:[{name:"finance",aggregate:"sum",threshold:0.8,waivers:[],rules:[]}]})});\n`,
);
const predicate = predicateOf({ entries: ['finance'], sources: [digestOf('base.yaml', 'rules: []\n')] });

let place: Workplace;

beforeEach(async () => {
  place = workplace({ SECRET: 'secret' });
  await keygen({ anyName: true, out: '.' }, place.io);
  // What `bundle --unsigned` leaves.
  place.write('acme.mjs', module);
  place.write('acme.mjs.statement.json', bundleStatement('acme.mjs', module, predicate));
  place.out();
});
afterEach(() => place.remove());

const accepted = async (): Promise<number> => verify({ file: 'acme.mjs', trust: 'trust.json' }, place.io);

describe('sign', () => {
  it('signs with a key file', async () => {
    expect(await sign({ file: 'acme.mjs', key: ['signer.key'] }, place.io)).toBe(0);
    expect(await accepted()).toBe(0);
    expect(await sign({ file: 'acme.mjs', key: ['signer.key'] }, place.io)).toBe(2);
    expect(place.err()).toContain('has signed `acme.mjs` already');
  });

  it('signs with a command that keeps the key', async () => {
    const flags = { file: 'acme.mjs', publicKey: 'signer.pub' };
    expect(await sign({ ...flags, signCommand: 'openssl dgst -sha256 -sign signer.key' }, place.io)).toBe(0);
    expect(await accepted()).toBe(0);
  });

  it('signs with a command that opens its input and output by name', async () => {
    const flags = { file: 'acme.mjs', publicKey: 'signer.pub' };
    const signCommand = 'openssl dgst -sha256 -sign signer.key -out /dev/stdout /dev/stdin';
    expect(await sign({ ...flags, signCommand }, place.io), place.err()).toBe(0);
    expect(await accepted()).toBe(0);
  });

  it('does not believe the command', async () => {
    const flags = { file: 'acme.mjs', publicKey: 'signer.pub' };
    for (const [signCommand, code] of [
      ['exit 3', 'PL6007'],
      ['true', 'PL6007'],
      ['echo not a signature', 'PL6006'],
      ['cat > /dev/null; echo x | openssl dgst -sha256 -sign signer.key', 'PL6006'],
    ] as const) {
      expect(await sign({ ...flags, signCommand }, place.io), signCommand).toBe(2);
      expect(place.err()).toContain(`error[${code}]`);
    }
    expect(await sign({ file: 'acme.mjs', signCommand: 'true' }, place.io)).toBe(2);
    expect(existsSync(place.path('acme.mjs.sigstore.json'))).toBe(false);
  });

  it('signs in two steps, with the key on another machine', async () => {
    expect(await sign({ file: 'acme.mjs', payloadOut: 'to-sign.bin' }, place.io)).toBe(0);
    const flags = ['dgst', '-sha256', '-sign', 'signer.key', '-out', 'signature.bin', 'to-sign.bin'];
    execFileSync('openssl', flags, { cwd: place.directory });
    const attach = { file: 'acme.mjs', attach: 'signature.bin' };
    expect(await sign(attach, place.io)).toBe(2);
    expect(await sign({ ...attach, publicKey: 'signer.pub' }, place.io)).toBe(0);
    expect(await accepted()).toBe(0);
  });

  it('adds a co-signer’s sidecar to a bundle that is signed already', async () => {
    await sign({ file: 'acme.mjs', key: ['signer.key'] }, place.io);
    await keygen({ anyName: true, out: 'second', alg: 'ed25519', passphraseEnv: 'SECRET' }, place.io);
    const second = {
      file: 'acme.mjs',
      key: ['second/signer.key'],
      passphraseEnv: 'SECRET',
      trust: 'trust.json',
    };
    expect(await sign(second, place.io)).toBe(0);
    expect(existsSync(place.path('acme.mjs.2.sigstore.json'))).toBe(true);
    expect(await accepted()).toBe(0);
  });

  it('refuses a statement about another module', async () => {
    place.write('acme.mjs', 'export default 1;\n');
    expect(await sign({ file: 'acme.mjs', key: ['signer.key'] }, place.io)).toBe(2);
    expect(place.err()).toContain('error[PL6015]');
  });

  it('makes the raw RSA-PSS signature beside the sidecar', async () => {
    await keygen({ anyName: true, out: 'rsa', alg: 'rsa' }, place.io);
    expect(await sign({ file: 'acme.mjs', key: ['rsa/signer.key'], pss: true }, place.io)).toBe(0);
    const publicKey = createPublicKey(
      readPublicKey(place.read('rsa/signer.pub')).export({ type: 'spki', format: 'pem' }),
    );
    expect(verifyPss(module, readFileSync(place.path('acme.mjs.sig')), publicKey)).toBe(true);
  });
});

describe('verify', () => {
  beforeEach(async () => {
    await sign({ file: 'acme.mjs', key: ['signer.key'] }, place.io);
    place.out();
  });

  it('tells the provenance, and refuses one that is about something else', async () => {
    const provenance = {
      builder: 'https://ci.acme.example/runner',
      source: { uri: 'git+https://git.acme.example/policies', commit: 'a'.repeat(40) },
      finishedOn: '2026-06-01T00:00:00Z',
    };
    expect(await sign({ file: 'acme.mjs', key: ['signer.key'], provenance }, place.io)).toBe(0);
    place.out();
    expect(await accepted()).toBe(0);
    expect(place.out()).toContain('provenance   https://ci.acme.example/runner, 2026-06-01T00:00:00Z');
    place.write('acme.mjs.provenance.sigstore.json', place.read('acme.mjs.sigstore.json'));
    expect(await accepted()).toBe(4);
    expect(place.err()).toContain('error[predicate_type]');
  });

  it('compares the sources and builds them again', async () => {
    const check = (code: string): Promise<number> =>
      verify({ file: 'acme.mjs', trust: 'trust.json', sources: '.' }, place.io, {
        rebuild: () => Promise.resolve({ code, sourceMap: () => '' }),
      });
    expect(await check(Buffer.from(module).toString())).toBe(4);
    expect(place.out()).toContain('from the signed sources: base.yaml');
    place.write('base.yaml', 'rules: []\n');
    expect(await check(Buffer.from(module).toString())).toBe(0);
    expect(place.out()).toContain('the same sources give the same bytes');
    expect(await check('export default 2;\n')).toBe(4);
    expect(place.out()).toContain('the same sources give another module');
  });
});

describe('inspect', () => {
  it('reads no file that has no end', async () => {
    symlinkSync('/dev/zero', place.path('endless.mjs'));
    expect(await inspect({ file: 'endless.mjs' }, place.io)).toBe(4);
    expect(place.err()).toContain('error[module_too_large]');
    rmSync(place.path('acme.mjs.sigstore.json'), { force: true });
    symlinkSync('/dev/zero', place.path('acme.mjs.sigstore.json'));
    expect(await inspect({ file: 'acme.mjs' }, place.io)).toBe(4);
    expect(place.err()).toContain('error[sidecar_too_large]');
  });
});

describe('inspect of a signed bundle', () => {
  beforeEach(async () => {
    await sign({ file: 'acme.mjs', key: ['signer.key'] }, place.io);
    place.out();
  });

  it('lists rules with their origins once the trust root vouches for the bundle', async () => {
    expect(await inspect({ file: 'acme.mjs', trust: 'trust.json' }, place.io)).toBe(0);
    const text = place.out();
    expect(text).toContain('limits  high     deny             base.yaml:3:5');
    expect(await inspect({ file: 'acme.mjs', trust: 'trust.json', format: 'json' }, place.io)).toBe(0);
    expect(JSON.parse(place.out())).toMatchObject({
      refusal: null,
      content: { entries: [{ name: 'finance' }] },
    });
  });

  it('does not run what nobody vouches for', async () => {
    const before = sentinel.runs;
    expect(await inspect({ file: 'acme.mjs' }, place.io)).toBe(0);
    expect(place.out()).toContain('NOT VERIFIED');
    await keygen({ anyName: true, out: 'other' }, place.io);
    place.out();
    expect(await inspect({ file: 'acme.mjs', trust: 'other/trust.json' }, place.io)).toBe(4);
    expect(place.out()).toContain('[key_unknown]');
    expect(sentinel.runs).toBe(before);
  });

  it('makes one page of HTML that needs nothing else and escapes what it quotes', async () => {
    expect(
      await inspect({ file: 'acme.mjs', trust: 'trust.json', format: 'html', output: 'acme.html' }, place.io),
    ).toBe(0);
    const page = place.read('acme.html');
    expect(page).toContain('Keeps &lt;transfers&gt; &amp; payments small');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|src=|href=|url\(/);
  });
});

describe('cert', () => {
  it('certifies a signer and imports a key store', async () => {
    await keygen({ anyName: true, out: 'ca' }, place.io);
    const root = { action: 'root', key: 'ca/signer.key', subject: 'CN=Acme Root', out: 'ca.crt' } as const;
    expect(await cert(root, place.io)).toBe(0);
    expect(await cert({ ...root, subject: 'Acme Root' }, place.io)).toBe(2);
    expect(place.err()).toContain('`Acme Root` is no subject of a certificate');
    const csr = { action: 'csr', key: 'signer.key', subject: 'CN=Release', out: 'signer.csr' } as const;
    expect(await cert(csr, place.io)).toBe(0);
    const issue = {
      action: 'signer',
      csr: 'signer.csr',
      ca: 'ca.crt',
      caKey: 'ca/signer.key',
      out: 'signer.crt',
    } as const;
    expect(await cert({ ...issue, days: 0 }, place.io)).toBe(2);
    expect(await cert(issue, place.io)).toBe(0);
    const openssl = (...args: string[]): string =>
      execFileSync('openssl', args, { cwd: place.directory, encoding: 'utf8' });
    expect(openssl('verify', '-CAfile', 'ca.crt', 'signer.crt')).toContain('OK');
    openssl(
      'pkcs12',
      '-export',
      '-inkey',
      'signer.key',
      '-in',
      'signer.crt',
      '-out',
      'k.p12',
      '-passout',
      'pass:secret',
    );
    place.write('imported', '');
    expect(
      await cert({ action: 'import', p12: 'k.p12', passphraseEnv: 'SECRET', out: 'imported' }, place.io),
    ).toBe(2);
    expect(
      await cert({ action: 'import', p12: 'k.p12', passphraseEnv: 'SECRET', out: 'store' }, place.io),
    ).toBe(0);
    expect(
      await sign({ file: 'acme.mjs', key: ['store/signer.key'], passphraseEnv: 'SECRET' }, place.io),
    ).toBe(0);
    expect(await accepted()).toBe(0);
  });
});
