import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import promises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBundle } from '@plan-lint/runtime';
import { fileStore, rollbackGuard, type LoaderState, type RollbackLimits } from '@plan-lint/runtime/node';
import { NOW, testBundle, verdict } from '../support/signing.ts';

let directory = '';
let path = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'state-'));
  path = join(directory, 'state.json');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A loader as it is after a restart: it knows the file only. */
async function load(sequence: number, now = NOW, limits: RollbackLimits = {}): Promise<string> {
  const { module, sidecar, trustBytes } = await testBundle({
    salt: `state ${sequence}`,
    predicate: { sequence },
  });
  const guard = rollbackGuard(fileStore(path), limits);
  return verdict(loadBundle(module, sidecar, trustBytes, { now, state: guard }));
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
      '{"trustVersion":1,"time":0,"bundles":[]}',
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
    // As runtimes before 0.2 lock.
    writeFileSync(`${path}.lock`, '');
    utimesSync(`${path}.lock`, 0, 0);
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

  const DAY = 86_400;
  it.each([
    ['long ago', 0],
    ['in a time to come', Date.now() / 1000 + DAY],
  ])('takes a turn away that began %s, and sweeps what its process left', async (_, time) => {
    for (const left of [
      `${path}.lock`,
      `${path}.00000000-0000-4000-8000-000000000000.turn`,
      `${path}.lock.1700000000000.5`,
      `${path}.17.1.tmp`,
    ]) {
      mkdirSync(left);
      writeFileSync(join(left, 'draft'), '');
      utimesSync(left, time, time);
    }
    writeFileSync(`${path}.backup.tmp`, '');
    expect(await load(3)).toBe('accepted');
    expect(readdirSync(directory).sort()).toEqual(['state.json', 'state.json.backup.tmp']);
  });

  it('is not put back by a process that slept right before its last step', async () => {
    await load(3);
    const rename = promises.rename;
    let asleep: () => void = () => undefined;
    const falls = new Promise<void>((done) => (asleep = done));
    let wake: () => void = () => undefined;
    const sleep = new Promise<void>((done) => (wake = done));
    promises.rename = async (from, to) => {
      if (to === path) {
        promises.rename = rename;
        asleep();
        await sleep;
      }
      return rename(from, to);
    };
    try {
      const slow = load(4);
      await falls;
      utimesSync(`${path}.lock`, 0, 0);
      expect(await load(9)).toBe('accepted');
      wake();
      // Asked again in a turn of its own.
      expect(await slow).toBe('sequence_rollback');
    } finally {
      promises.rename = rename;
    }
    expect(state().bundles['acme']?.sequence).toBe(9);
    expect(readdirSync(directory)).toEqual(['state.json']);
  });

  it('does not believe a clock that is far ahead, and an operator may say that it is right', async () => {
    const years = 3 * 366 * DAY * 1000;
    // A first load has nothing to hold the clock against.
    expect(await load(3, NOW + years)).toBe('accepted');
    expect(await load(4)).toBe('clock_moved_back');
    expect(await load(4, NOW, { acceptClock: true })).toBe('accepted');
    expect(state().time).toBe(NOW);
    expect(await load(5, NOW + years)).toBe('clock_jumped_ahead');
    expect(await load(5, NOW + 300 * DAY * 1000)).toBe('accepted');
    expect(await load(6, NOW + years, { maxClockJump: NaN })).toBe('clock_jumped_ahead');
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
