/** The map in README names each directory that `ls` shows, and none that is not there. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fileOf } from './page.ts';

function directories(): readonly string[] {
  const { stdout, status } = spawnSync('git', ['ls-files', '-z'], { cwd: fileOf('.'), encoding: 'utf8' });
  expect(status).toBe(0);
  const tops = stdout.split('\0').flatMap((path) => (path.includes('/') ? [path.split('/')[0] ?? ''] : []));
  return [...new Set(tops)].filter((name) => !name.startsWith('.')).sort();
}

function onTheMap(): readonly string[] {
  const [, map = ''] = readFileSync(fileOf('README.md'), 'utf8').split('## Where things are\n');
  const firstCells = [...map.matchAll(/^\| (`[^|]+`) \|/gm)].map(([, cell = '']) => cell);
  return firstCells
    .flatMap((cell) => [...cell.matchAll(/`([^`/]+)\/`/g)].map(([, name = '']) => name))
    .sort();
}

it('README’s map and `ls` agree', () => {
  expect(directories()).toContain('compiler');
  expect(onTheMap()).toEqual(directories());
});
