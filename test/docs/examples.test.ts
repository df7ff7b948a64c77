/** The examples run as they stand: the commands of each README, in a copy of `examples/`, with the built program. */
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileOf } from './page.ts';
import { install, play } from './play.ts';

const directory = mkdtempSync(join(tmpdir(), 'plan-lint-examples-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
cpSync(fileOf('examples'), directory, { recursive: true });
const path = install(directory);

/** In this order: an auditor walks through what the host has left. */
const EXAMPLES = ['agent-host', 'ci', 'audit'] as const;

it('knows every example', () => {
  const directories = readdirSync(fileOf('examples'), { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .map(({ name }) => name);
  expect(directories.sort()).toEqual([...EXAMPLES].sort());
});

it.each(EXAMPLES)('%s', (name) => {
  const readme = readFileSync(join(directory, name, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```console\n([^]*?)^```/gm)];
  expect(blocks.length).toBeGreaterThan(0);
  for (const [, block = ''] of blocks) play(block, { cwd: join(directory, name), path });
});
