/** Services swap bundles for years: what is no longer used is collected. The figure of time is printed, and decides nothing. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

it('a thousand different bundles, loaded by vm one after the other, leave nothing behind', () => {
  const hooks = pathToFileURL(join(import.meta.dirname, '../../scripts/typescript.mjs')).href;
  const script = join(import.meta.dirname, 'reload-run.ts');
  const flags = ['--expose-gc', '--conditions=@plan-lint/source', '--import', hooks, script, '1000'];
  const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8', timeout: 890_000 });
  expect(stderr).toBe('');
  console.log(stdout.trim());
  const { heapGrownMB, moduleKB, reloads } = JSON.parse(stdout) as Readonly<Record<string, number>>;
  expect(moduleKB).toBeGreaterThanOrEqual(250);
  expect(reloads).toBe(1000);
  expect(heapGrownMB).toBeLessThanOrEqual(10);
}, 900_000);
