/** The tutorial is played: its files are written, its commands run with the built program, their output is what stands there. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileOf } from './page.ts';

/** Commands that end with another code than 0. */
const EXIT_CODES: Readonly<Record<string, number>> = {
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

/** `…` at the end of a line stands for the rest of it. */
const shows = (line: string, printed: readonly string[]): boolean =>
  printed.some((each) => (line.endsWith('…') ? each.startsWith(line.slice(0, -1)) : each === line));

function play(text: string, path: string): void {
  for (const part of text.split(/^\$ /m).slice(1)) {
    const [command = '', ...expected] = part.trimEnd().split('\n');
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd: directory,
      encoding: 'utf8',
      env: { ...process.env, PATH: path, NO_COLOR: '1' },
    });
    expect(status, `${command}\n${stdout}${stderr}`).toBe(EXIT_CODES[command] ?? 0);
    const printed = stdout.split('\n');
    expect(
      expected.filter((line) => !shows(line, printed)),
      `${command} printed\n${stdout}`,
    ).toEqual([]);
  }
}

it('plays from the empty directory to the program that decides', () => {
  const bin = join(directory, '.bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'plan-lint'), `#!/bin/sh\nexec node "${fileOf('dist/cli/main.js')}" "$@"\n`);
  chmodSync(join(bin, 'plan-lint'), 0o755);
  mkdirSync(join(directory, 'node_modules/@plan-lint'), { recursive: true });
  symlinkSync(fileOf('runtime'), join(directory, 'node_modules/@plan-lint/runtime'));
  expect(blocks.filter(({ path }) => path === '').length).toBeGreaterThan(4);
  for (const { path, text } of blocks) {
    if (path === '') {
      play(text, `${bin}:${process.env['PATH'] ?? ''}`);
      continue;
    }
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
});
