/** The commands of `docs/receipts.md`, as they stand: ours, those of openssl, and where it is installed that of cosign. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { partsDirectory } from '../../scripts/parts-directory.mjs';

const page = readFileSync('docs/receipts.md', 'utf8');
const directory = mkdtempSync(join(tmpdir(), 'receipts-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The page's shell blocks with this info string, in order. */
const blocks = (info: string): readonly string[] =>
  [...page.matchAll(/```([a-z0-9 -]+)\n([^]*?)```/g)].flatMap(([, name, text = '']) =>
    name === info ? [text] : [],
  );

const programs = [directory, join(partsDirectory(), 'bin'), process.env['PATH']].join(':');
const env = { ...process.env, PATH: programs };
const shell = (script: string): string =>
  execFileSync('sh', ['-euc', script], { cwd: directory, encoding: 'utf8', stdio: 'pipe', env });

function lay(name: string, content: string): void {
  mkdirSync(dirname(join(directory, name)), { recursive: true });
  writeFileSync(join(directory, name), content);
}

beforeAll(() => {
  lay(
    'plan-lint',
    `#!/bin/sh\nexec ${process.execPath} ${join(import.meta.dirname, '../../dist/cli/main.js')} "$@"\n`,
  );
  chmodSync(join(directory, 'plan-lint'), 0o700);
  lay('policies/finance.yaml', 'bounds: { payments.transfer.amount: [0.01, 1000] }\n');
  lay('plan.json', '{"steps":[{"id":"s","tool":"payments.transfer","args":{"amount":50}}]}');
  const [setup = ''] = blocks('sh setup');
  shell(
    `${setup}plan-lint bundle --policy-dir policies --output acme.mjs --key keys/signer.key --name acme --sequence 1`,
  );
});

it('ours: made, verified, decided again', () => {
  const [commands = ''] = blocks('sh');
  expect(shell(commands)).toMatch(/the plan may run[^]*the plan may run[^]*give the same decision/);
});

it('openssl: the signature, the plan, the context', () => {
  const commands = blocks('sh openssl');
  expect(commands).toHaveLength(3);
  expect(commands.map(shell).join('')).toMatch(
    /^Verified OK\n"subject":.*\n"context_digest":"[0-9a-f]{64}"\n$/,
  );
  const [, plan = '', context = ''] = commands;
  const before = readFileSync(join(directory, 'plan.jcs'), 'utf8');
  lay('plan.jcs', before.replace('50', '51'));
  expect(() => shell(plan)).toThrow();
  lay('plan.jcs', before);
  lay('plan.context.json', '{}');
  expect(() => shell(context)).toThrow();
});

const hasCosign = spawnSync('cosign', ['version'], { env }).status === 0;
it.skipIf(!hasCosign)('cosign, where it is installed: the attestation, and none of another plan', () => {
  const [command = ''] = blocks('sh cosign');
  // It says so on standard error.
  expect(shell(`${command.trim()} 2>&1`)).toContain('Verified OK');
  const before = readFileSync(join(directory, 'plan.jcs'), 'utf8');
  lay('plan.jcs', before.replace('50', '51'));
  expect(() => shell(command)).toThrow();
  lay('plan.jcs', before);
});

it('no command of the page is left out', () => {
  const tested = ['sh', 'sh setup', 'sh openssl', 'sh cosign'].flatMap(blocks);
  expect(page.match(/^```sh/gm)).toHaveLength(tested.length);
});
