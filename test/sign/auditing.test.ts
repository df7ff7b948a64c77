import { execFileSync } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import {
  generateKey,
  signerKey,
  signPss,
  singleFile,
  writePublicKey,
  type KeyKind,
} from '../../compiler/6-sign/index.ts';
import { testBundle } from '../support/signing.ts';

const page = readFileSync('docs/auditing.md', 'utf8');

/** The page's shell blocks with this info string, in order. */
function blocks(info: string): string[] {
  return [...page.matchAll(/```([a-z0-9 -]+)\n([^]*?)```/g)].flatMap(([, name, text]) =>
    name === info && text !== undefined ? [text] : [],
  );
}

let directory = '';
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const shell = (script: string): string =>
  execFileSync('sh', ['-euc', script], { cwd: directory, encoding: 'utf8', stdio: 'pipe' });

async function lay(
  kind: KeyKind,
): Promise<{ id: string; key: KeyObject; module: Uint8Array; sidecar: Uint8Array }> {
  directory = mkdtempSync(join(tmpdir(), 'auditing-'));
  const key = generateKey(kind);
  const { module, sidecar } = await testBundle({ key });
  writeFileSync(join(directory, 'acme.mjs'), module);
  writeFileSync(join(directory, 'acme.mjs.sigstore.json'), sidecar);
  writeFileSync(join(directory, 'signer.pub'), writePublicKey(key));
  if (kind === 'rsa') writeFileSync(join(directory, 'acme.mjs.sig'), signPss(module, key));
  return { id: signerKey(key).id, key, module, sidecar };
}

it.each(['p256', 'rsa'] as const)(
  'every openssl command of the page works as it stands (%s)',
  async (kind) => {
    const { id } = await lay(kind);
    const commands = blocks('sh');
    expect(commands.length).toBeGreaterThanOrEqual(6);
    const output = commands.map(shell).join('');
    expect(output).toContain('Verified OK');
    expect(output).toContain(id);
    expect(output).toContain('"predicateType":"https://plan-lint.dev/attestation/policy-bundle/v1"');
  },
);

it('the Ed25519 command too', async () => {
  await lay('ed25519');
  const [take = '', build = ''] = blocks('sh');
  const [verify = ''] = blocks('sh ed25519');
  expect(shell(take + build + verify)).toContain('Signature Verified Successfully');
});

it('the commands for a single file give back its two files', async () => {
  const { module, sidecar } = await lay('p256');
  for (const name of ['acme.mjs', 'acme.mjs.sigstore.json']) rmSync(join(directory, name));
  writeFileSync(join(directory, 'acme.single.mjs'), singleFile(module, [sidecar]));
  const [split = ''] = blocks('sh single-file');
  expect(shell([split, ...blocks('sh')].join(''))).toContain('Verified OK');
});

it('the commands for a single file take out each of several signers', async () => {
  const { module, sidecar } = await lay('p256');
  const second = generateKey('p256');
  const other = await testBundle({ key: second });
  writeFileSync(join(directory, 'acme.single.mjs'), singleFile(module, [sidecar, other.sidecar]));
  const [split = ''] = blocks('sh single-file');
  expect(shell([split, ...blocks('sh')].join(''))).toContain('Verified OK');
  writeFileSync(join(directory, 'signer.pub'), writePublicKey(second));
  expect(() => shell(split + blocks('sh').join(''))).toThrow();
  const ofSecond = split.replace('-f 1', '-f 2');
  expect(ofSecond).not.toBe(split);
  expect(shell([ofSecond, ...blocks('sh')].join(''))).toContain('Verified OK');
});

it('the RSA-PSS command too', async () => {
  await lay('rsa');
  const [verify = ''] = blocks('sh pss');
  expect(shell(verify)).toContain('Verified OK');
});

it('the source map command too, and the other commands on a bundle that has one', async () => {
  const sourceMap = Buffer.from('{"version":3,"sources":[],"names":[],"mappings":""}\n');
  const { key } = await lay('p256');
  const { sidecar } = await testBundle({ key, sourceMap });
  writeFileSync(join(directory, 'acme.mjs.sigstore.json'), sidecar);
  writeFileSync(join(directory, 'acme.mjs.map'), sourceMap);
  expect(blocks('sh').map(shell).join('')).toContain('Verified OK');
  const [check = ''] = blocks('sh source-map');
  expect(shell(check)).toContain('"name":"acme.mjs.map"');
  writeFileSync(join(directory, 'acme.mjs.map'), '{}');
  expect(() => shell(check)).toThrow();
});

it('no command of the openssl section is left out', () => {
  const [, section = ''] = /## With openssl\n([^]*?)\n## /.exec(page) ?? [];
  const tested = ['sh', 'sh ed25519', 'sh single-file', 'sh source-map', 'sh pss'].flatMap(blocks);
  expect(section.match(/^```sh/gm)).toHaveLength(tested.length);
});

it('openssl refuses what was changed', async () => {
  await lay('p256');
  const [take = '', build = '', verify = '', digest = ''] = blocks('sh');
  shell(take + build);
  writeFileSync(join(directory, 'signed.bin'), 'DSSEv1 28 application/vnd.in-toto+json 2 {}');
  expect(() => shell(verify)).toThrow();
  writeFileSync(join(directory, 'acme.mjs'), 'export default 1;\n');
  expect(() => shell(digest)).toThrow();
});
