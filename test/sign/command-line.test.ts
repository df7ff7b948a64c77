import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { workplace, type Workplace } from '../support/io.ts';

let place: Workplace;
beforeEach(() => {
  place = workplace();
  place.write(
    'base.yaml',
    'policies:\n  - name: finance\n    rules:\n      - rule: limits\n        severity: high\n        pattern: { tool: pay, operation: amount_gt, value: 10 }\n',
  );
});
afterEach(() => place.remove());

const plan_lint = async (line: string): Promise<number> => run(line.split(' '), place.io);

it('a release with its key elsewhere, its provenance and its audit, from the command line', async () => {
  expect(await plan_lint('keygen --out keys --any-name')).toBe(0);
  expect(await plan_lint('bundle --policy-dir . --output acme.mjs --sequence 1 --unsigned')).toBe(0);
  expect(await plan_lint('verify acme.mjs --trust keys/trust.json')).toBe(4);
  expect(await plan_lint('sign acme.mjs --key keys/signer.key')).toBe(0);
  expect(await plan_lint('sign acme.mjs --key keys/signer.key --provenance')).toBe(2);
  expect(
    await plan_lint('sign acme.mjs --key keys/signer.key --provenance --builder https://ci.example'),
  ).toBe(0);
  place.out();
  expect(await plan_lint('verify acme.mjs --trust keys/trust.json --sources .')).toBe(0);
  const told = place.out();
  expect(told).toContain('rebuilt      the same sources give the same bytes');
  expect(told).toContain('provenance   https://ci.example');
  expect(await plan_lint('inspect acme.mjs --trust keys/trust.json --format html --output acme.html')).toBe(
    0,
  );
  expect(place.read('acme.html')).toContain('limits');
  const signed = place.read('base.yaml');
  place.write('base.yaml', signed.replaceAll('\n', '\r\n'));
  expect(await plan_lint('verify acme.mjs --trust keys/trust.json --sources .')).toBe(4);
  expect(place.out()).toContain('line ends    nothing else differs in base.yaml');
  place.write('base.yaml', signed.replace('10', '1000').replaceAll('\n', '\r\n'));
  expect(await plan_lint('verify acme.mjs --trust keys/trust.json --sources .')).toBe(4);
  expect(place.out()).not.toContain('line ends');
  place.write('base.yaml', signed.replace('10', '1000'));
  expect(await plan_lint('verify acme.mjs --trust keys/trust.json --sources .')).toBe(4);
  expect(place.out()).toContain('DIFFERENT    from the signed sources: base.yaml');
});

it('trust roots and certificates, from the command line', async () => {
  for (const who of ['a', 'b']) expect(await plan_lint(`keygen --out ${who} --any-name`)).toBe(0);
  expect(
    await plan_lint('trust init --any-name --add a/signer.pub --audience production staging --output 1.json'),
  ).toBe(0);
  expect(
    await plan_lint(
      'trust add --trust 1.json --add b/signer.pub --label Bob --output 2.json --key a/signer.key',
    ),
  ).toBe(0);
  expect(await plan_lint('trust update --trust 1.json --next 2.json')).toBe(0);
  place.out();
  expect(await plan_lint('trust show --trust 2.json')).toBe(0);
  expect(place.out()).toMatch(/version {6}2[^]*Bob[^]*production, staging/);
  expect(await plan_lint('cert root --key a/signer.key --subject CN=Root --out root.crt')).toBe(0);
  expect(await plan_lint('cert csr --key b/signer.key --subject CN=Bob --out bob.csr')).toBe(0);
  expect(
    await plan_lint('cert signer --csr bob.csr --ca root.crt --ca-key a/signer.key --out bob.crt --days 90'),
  ).toBe(0);
  expect(await plan_lint('trust init --any-name --add bob.crt --output 3.json')).toBe(0);
  expect(await plan_lint('trust frob')).toBe(2);
});

it('a bundle built anew leaves no signature of the old one behind', async () => {
  for (const who of ['a', 'b']) expect(await plan_lint(`keygen --out ${who} --any-name`)).toBe(0);
  const build = 'bundle --policy-dir . --output acme.mjs --force';
  expect(await plan_lint(`${build} --sequence 1 --key a/signer.key b/signer.key`)).toBe(0);
  expect(await plan_lint(`${build} --sequence 2 --key a/signer.key`)).toBe(0);
  expect(await plan_lint('verify acme.mjs --trust a/trust.json --min-sequence 2')).toBe(0);
});
