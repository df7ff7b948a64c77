/** A second signature is made with open eyes: what it is about, from which sources, who has signed before. */
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { workplace, type Workplace } from '../support/io.ts';

let at: Workplace;
const plan = (line: string): Promise<number> => run(line.split(' '), at.io);

beforeEach(async () => {
  at = workplace();
  at.write('policies/p.yaml', 'max_steps: 3\n');
  for (const who of ['alice', 'bob']) await plan(`keygen --out ${who} --name acme --label ${who}`);
  await plan('trust init --add alice/signer.pub bob/signer.pub --name acme --output both.json --threshold 2');
  expect(
    await plan('bundle --policy-dir policies --name acme --output acme.mjs --key alice/signer.key'),
  ).toBe(0);
  at.out();
});
afterEach(() => at.remove());

const CO_SIGN = 'sign acme.mjs --key bob/signer.key';

it('says what it is about, and who has signed', async () => {
  expect(await plan(`${CO_SIGN} --trust both.json --sources policies`), at.err()).toBe(0);
  const said = at.out();
  expect(said).toMatch(/^statement {4}acme 0, sequence 0, for any environment$/m);
  expect(said).toMatch(/^ {13}[0-9a-f]{64} {2}p\.yaml$/m);
  expect(said).toContain('rebuilt      the same sources give the same bytes');
  expect(said).toMatch(/^digest {7}sha256:[0-9a-f]{64}$/m);
  expect(said).toMatch(/^signed by {4}key [0-9a-f]{64}: verifies$/m);
  expect(await plan('verify acme.mjs --trust both.json')).toBe(0);
});

it('says the same as JSON', async () => {
  expect(await plan(`${CO_SIGN} --trust both.json --sources policies --json`)).toBe(0);
  expect(JSON.parse(at.out())).toMatchObject({
    files: [at.path('acme.mjs.2.sigstore.json')],
    predicate: { name: 'acme' },
    signers: [{ refusal: null }],
    sources: { differing: [], identical: true },
  });
});

it('signs beside nothing that it has not looked at', async () => {
  expect(await plan(CO_SIGN)).toBe(2);
  expect(at.err()).toContain('--trust trust.json looks at those signatures');
  expect(at.out()).toContain(': NOT VERIFIED, unchecked');
  expect(await plan('sign acme.mjs --payload-out to-sign.bin')).toBe(2);
  expect(await plan(`${CO_SIGN} --accept-unverified`)).toBe(0);
});

it('refuses to sign beside a signature that does not hold, unless told', async () => {
  const sidecar = at.read('acme.mjs.sigstore.json');
  const statement = Buffer.from(/"payload": "([^"]*)"/.exec(sidecar)?.[1] ?? '', 'base64').toString();
  // The same signature under another statement: somebody has raised the sequence.
  const other = Buffer.from(statement.replace('"sequence":0', '"sequence":9')).toString('base64');
  at.write('acme.mjs.sigstore.json', sidecar.replace(/(?<="payload": ")[^"]*/, other));
  expect(await plan(`${CO_SIGN} --trust both.json`)).toBe(4);
  expect(at.err()).toContain('error[signature_invalid]');
  expect(at.out()).toContain(': NOT VERIFIED, signature_invalid');
  expect(existsSync(at.path('acme.mjs.2.sigstore.json'))).toBe(false);
  await plan('keygen --out carol --name acme');
  expect(await plan(`${CO_SIGN} --trust carol/trust.json`)).toBe(4);
  expect(at.err()).toContain('error[key_unknown]');
  expect(await plan(`${CO_SIGN} --trust both.json --accept-unverified`)).toBe(0);
});

it('refuses sources that are not those of the statement', async () => {
  at.write('policies/p.yaml', 'max_steps: 300\n');
  expect(await plan(`${CO_SIGN} --trust both.json --sources policies`)).toBe(4);
  expect(at.out()).toContain('DIFFERENT    from the signed sources: p.yaml');
  expect(at.err()).toContain('error[closure_mismatch]');
  expect(existsSync(at.path('acme.mjs.2.sigstore.json'))).toBe(false);
});

it('a single-file bundle takes a second signature', async () => {
  const build =
    'bundle --policy-dir policies --name acme --single-file --output one.mjs --key alice/signer.key';
  expect(await plan(build)).toBe(0);
  const add = 'sign one.mjs --key bob/signer.key --trust both.json';
  expect(await plan(add)).toBe(2);
  expect(at.err()).toContain('--output signed.mjs');
  expect(await plan(`${add} --output two.mjs`)).toBe(0);
  expect(await plan('verify two.mjs --trust both.json')).toBe(0);
  expect(await plan('verify one.mjs --trust both.json')).toBe(4);
  expect(await plan(`${add} --force`)).toBe(0);
  expect(readFileSync(at.path('one.mjs')).equals(readFileSync(at.path('two.mjs')))).toBe(false);
  expect(await plan('verify one.mjs --trust both.json')).toBe(0);
});

it('the raw signature of a signed bundle is made and checked', async () => {
  await plan('keygen --out carol --name acme --alg rsa');
  const build = 'bundle --policy-dir policies --name acme --output rsa.mjs --key carol/signer.key';
  expect(await plan(build)).toBe(0);
  expect(await plan('sign rsa.mjs --key carol/signer.key')).toBe(2);
  expect(await plan('sign rsa.mjs --key carol/signer.key --pss')).toBe(0);
  expect(existsSync(at.path('rsa.mjs.2.sigstore.json'))).toBe(false);
  const check = 'verify rsa.mjs --pss --public-key carol/signer.pub';
  at.out();
  expect(await plan(check)).toBe(0);
  expect(at.out()).toContain('not said     name, sequence, environment, validity');
  expect(await plan(`${check} --json`)).toBe(0);
  expect(JSON.parse(at.out())).toMatchObject({ verified: true, bundle: null });
  for (const refused of ['--name acme', '--trust both.json', '--sources policies', '--min-sequence 1']) {
    expect(await plan(`${check} ${refused}`), refused).toBe(2);
    expect(at.err()).toContain('a .sig says nothing of');
  }
  expect(await plan('verify rsa.mjs --public-key carol/signer.pub')).toBe(2);
  expect(await plan('verify rsa.mjs')).toBe(2);
  expect(await plan('verify acme.mjs --pss --public-key carol/signer.pub')).toBe(4);
  expect(at.err()).toContain('error[signature_missing]');
  at.write('rsa.mjs', `${at.read('rsa.mjs')}\n`);
  expect(await plan(check)).toBe(4);
  expect(at.err()).toContain('error[signature_invalid]');
});

it('provenance may be required', async () => {
  await plan(`${CO_SIGN} --trust both.json`);
  const verify = 'verify acme.mjs --trust both.json --require-provenance';
  expect(await plan(verify)).toBe(4);
  expect(at.err()).toContain('no provenance: no acme.mjs.provenance.sigstore.json');
  await plan('keygen --out carol --name acme');
  const provenance = 'sign acme.mjs --key alice/signer.key --provenance --builder https://ci.example';
  expect(await plan(`${provenance} --trust carol/trust.json`)).toBe(4);
  expect(await plan(`${provenance} --trust both.json`)).toBe(0);
  // The rule wants two signatures, of provenance too.
  expect(await plan(verify)).toBe(4);
  expect(at.err()).toContain('threshold_not_met');
});

it('a trust root says whose signature is there, too', async () => {
  await plan('trust renew --trust both.json --expires never --output next.json --key alice/signer.key');
  await plan('trust set --trust both.json --threshold 1 --output next.json --key alice/signer.key');
  at.out();
  expect(await plan('sign next.json --trust-root --trust both.json --key bob/signer.key'), at.err()).toBe(0);
  expect(at.out()).toMatch(/^signed by {4}key [0-9a-f]{64}: verifies$/m);
  expect(await plan('trust update --trust both.json --next next.json')).toBe(0);
});
