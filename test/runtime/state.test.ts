import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBundle } from '@plan-lint/runtime';
import { fileStore, rollbackGuard, type LoaderState } from '@plan-lint/runtime/node';
import { NOW, testBundle, verdict } from '../support/signing.ts';

let directory = '';
let path = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'state-'));
  path = join(directory, 'state.json');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A loader as it is after a restart: it knows the file only. */
async function load(sequence: number, now = NOW): Promise<string> {
  const { module, sidecar, trustBytes } = await testBundle({
    salt: `state ${sequence}`,
    predicate: { sequence },
  });
  return verdict(loadBundle(module, sidecar, trustBytes, { now, state: rollbackGuard(fileStore(path)) }));
}

const state = (): LoaderState => JSON.parse(readFileSync(path, 'utf8')) as LoaderState;

describe('loader state in a file', () => {
  it('outlives the process', async () => {
    expect(await load(3)).toBe('accepted');
    expect(await load(2)).toBe('sequence_rollback');
    expect(await load(4)).toBe('accepted');
    expect(state()).toMatchObject({ trustVersion: 1, time: NOW, bundles: { acme: { sequence: 4 } } });
    expect(readdirSync(directory)).toEqual(['state.json']);
  });

  it('is not changed by a bundle that is refused', async () => {
    await load(3);
    const before = readFileSync(path, 'utf8');
    expect(await load(2)).toBe('sequence_rollback');
    expect(await load(2_000_000)).toBe('sequence_fast_forward');
    expect(await load(3, NOW - 3_600_000)).toBe('clock_moved_back');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('stops the loader when it cannot be read', async () => {
    await load(3);
    const whole = readFileSync(path, 'utf8');
    for (const broken of [
      '',
      '{}',
      whole.slice(0, -3),
      whole.replace('3', '"3"'),
      whole.replace('{', '{"time":0,'),
    ]) {
      writeFileSync(path, broken);
      expect(await load(3), broken).toBe('state_unreadable');
    }
    path = join(directory, 'none', 'state.json');
    expect(await load(3)).toBe('state_unreadable');
  });

  it('may be required to exist, since whoever deletes it could roll back', async () => {
    const { module, sidecar, trustBytes } = await testBundle();
    const guard = rollbackGuard(fileStore(path, { mustExist: true }));
    expect(await verdict(loadBundle(module, sidecar, trustBytes, { now: NOW, state: guard }))).toBe(
      'state_unreadable',
    );
  });

  it('is shared by processes whose updates follow each other, and takes over the lock of one that died', async () => {
    const TIMES = 40;
    const script = `
      import { fileStore } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../runtime/node.ts')).href)};
      const store = fileStore(${JSON.stringify(path)});
      for (let i = 0; i < ${TIMES}; i += 1) {
        await store.update((state) => {
          const sequence = (state?.bundles.acme?.sequence ?? 0) + 1;
          return { trustVersion: 1, time: 0, bundles: { acme: { sequence, digest: '0'.repeat(64) } } };
        });
      }`;
    const lock = `${path}.lock`;
    writeFileSync(lock, '');
    utimesSync(lock, 0, 0);
    const hooks = pathToFileURL(join(import.meta.dirname, '../../scripts/typescript.mjs')).href;
    const flags = ['--conditions=@plan-lint/source', '--import', hooks, '--input-type=module', '-e', script];
    const ended = [1, 2, 3].map(
      () =>
        new Promise<string>((done) => {
          const child = spawn(process.execPath, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
          let err = '';
          child.stderr.on('data', (text: Buffer) => (err += text.toString()));
          child.on('close', (code) => done(`${code} ${err}`));
        }),
    );
    expect(await Promise.all(ended)).toEqual(['0 ', '0 ', '0 ']);
    // An update that did not see the one before it would have counted the same number twice.
    expect(state().bundles['acme']?.sequence).toBe(3 * TIMES);
    expect(readdirSync(directory)).toEqual(['state.json']);
  });

  it('keeps the highest of loads that run at once', async () => {
    const guard = rollbackGuard(fileStore(path));
    const bundles = await Promise.all(
      [1, 2, 3, 4, 5].map((sequence) => testBundle({ salt: `at once ${sequence}`, predicate: { sequence } })),
    );
    const verdicts = await Promise.all(
      bundles.map(({ module, sidecar, trustBytes }) =>
        verdict(loadBundle(module, sidecar, trustBytes, { now: NOW, state: guard })),
      ),
    );
    // Which of them finish in order is chance; that the last word is the highest accepted one is not.
    const accepted = verdicts.flatMap((verdict_, i) => (verdict_ === 'accepted' ? [i + 1] : []));
    expect(state().bundles['acme']?.sequence).toBe(Math.max(...accepted));
    expect(new Set(verdicts.filter((code) => code !== 'accepted'))).toEqual(
      new Set(verdicts.includes('sequence_rollback') ? ['sequence_rollback'] : []),
    );
  });
});
