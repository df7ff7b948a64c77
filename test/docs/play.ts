/** Plays the commands of a page with the built program, as a reader would: what a page says is printed must be printed. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fileOf } from './page.ts';

/** Puts `plan-lint` and the runtime where programs below the directory find them; gives the PATH. */
export function install(directory: string): string {
  const bin = join(directory, '.bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'plan-lint'), `#!/bin/sh\nexec node "${fileOf('dist/cli/main.js')}" "$@"\n`);
  chmodSync(join(bin, 'plan-lint'), 0o755);
  mkdirSync(join(directory, 'node_modules/@plan-lint'), { recursive: true });
  symlinkSync(fileOf('runtime'), join(directory, 'node_modules/@plan-lint/runtime'));
  return `${bin}:${process.env['PATH'] ?? ''}`;
}

/** `…` at the end of a line stands for the rest of it. */
const shows = (line: string, printed: readonly string[]): boolean =>
  printed.some((each) => (line.endsWith('…') ? each.startsWith(line.slice(0, -1)) : each === line));

export interface Stage {
  readonly cwd: string;
  readonly path: string;
  /** Of commands that end with another code than 0. */
  readonly exitCodes?: Readonly<Record<string, number>>;
}

/** Runs the commands of a `console` block, each with the lines that it is to print. */
export function play(block: string, { cwd, path, exitCodes = {} }: Stage): void {
  for (const part of block.split(/^\$ /m).slice(1)) {
    const [command = '', ...expected] = part.trimEnd().split('\n');
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, PATH: path, NO_COLOR: '1' },
    });
    expect(status, `${command}\n${stdout}${stderr}`).toBe(exitCodes[command] ?? 0);
    const printed = stdout.split('\n');
    expect(
      expected.filter((line) => !shows(line, printed)),
      `${command} printed\n${stdout}${stderr}`,
    ).toEqual([]);
  }
}
