/** The tutorial is played: its files are written, its commands run with the built program, their output is what stands there. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileOf } from './page.ts';
import { install, play } from './play.ts';

/** Commands that end with another code than 0. */
const exitCodes: Readonly<Record<string, number>> = {
  'plan-lint validate plan.json --policy-dir policies': 1,
};

interface Block {
  /** The file it is, or '' for commands. */
  readonly path: string;
  readonly text: string;
}

const page = readFileSync(fileOf('docs/tutorial.md'), 'utf8');
const blocks: readonly Block[] = [...page.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```([a-z]+)\n([^]*?)^```/gm)]
  .filter(([, path, info]) => path !== undefined || info === 'console')
  .map(([, path = '', , text = '']) => ({ path, text }));

const directory = mkdtempSync(join(tmpdir(), 'plan-lint-tutorial-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('plays from the empty directory to the program that decides', () => {
  const path = install(directory);
  expect(blocks.filter((block) => block.path === '').length).toBeGreaterThan(4);
  for (const block of blocks) {
    if (block.path === '') {
      play(block.text, { cwd: directory, path, exitCodes });
      continue;
    }
    mkdirSync(dirname(join(directory, block.path)), { recursive: true });
    writeFileSync(join(directory, block.path), block.text);
  }
});
