/** The page about rotation is played: its commands run with the built program, in one directory, from first to last. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileOf } from './page.ts';
import { install, play } from './play.ts';

const page = readFileSync(fileOf('docs/rotation.md'), 'utf8');
/** What the page says it ends with: commands of an old key, after its end. */
const exitCodes: Readonly<Record<string, number>> = {
  'plan-lint verify old.mjs --trust trust.3.json --name acme-payments': 4,
  'plan-lint receipt verify plan.jcs --bundle acme.mjs --trust trust.5.json --executor payments': 4,
  'plan-lint trust update --trust trust.7.json --next trust.8.json': 4,
};

const directory = mkdtempSync(join(tmpdir(), 'plan-lint-rotation-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('rotates every key, and what an old key signs is refused', () => {
  mkdirSync(join(directory, 'policies'));
  writeFileSync(
    join(directory, 'policies/payments.yaml'),
    'allow_tools: [payments.*]\nbounds: { payments.transfer.amount: [0.01, 10000] }\n',
  );
  writeFileSync(
    join(directory, 'plan.json'),
    '{"steps":[{"id":"s","tool":"payments.transfer","args":{"amount":5}}]}',
  );
  const path = install(directory);
  // The first block shows what is to come.
  const [, ...blocks] = [...page.matchAll(/^```console\n([^]*?)^```/gm)].map(([, text = '']) => text);
  expect(blocks).toHaveLength(7);
  for (const command of Object.keys(exitCodes)) expect(page).toContain(`$ ${command}\n`);
  for (const block of blocks) play(block, { cwd: directory, path, exitCodes });
}, 120_000);
