/** Backups that can be restored, and the drill that shows it. */
import {
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { place } from './place.ts';

let now = Date.parse('2026-06-01T03:00:00Z');
const at = place({ now: () => now });
const cli = (...argv: string[]): Promise<number> => {
  at.out();
  at.err();
  return run(argv, at.io);
};
async function fine(...argv: string[]): Promise<string> {
  const code = await cli(...argv);
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${code}\n${at.err()}`);
  return at.out();
}
const backup = (...more: string[]): Promise<number> =>
  cli('backup', '--policy-dir', 'etc/policies', '--backup-dir', 'backups', ...more);
const restore = (file: string, ...more: string[]): Promise<number> =>
  cli('restore', file, '--policy-dir', 'etc/policies', ...more);
const backups = (): readonly string[] =>
  readdirSync(at.path('backups')).filter((name) => name.startsWith('policy-backup-'));
const latest = (): { readonly timestamp: string; readonly file: string; readonly size: number } =>
  JSON.parse(at.read('backups/latest-backup.json')) as never;

async function deploy(sequence: number): Promise<void> {
  at.write({ 'policies/pay.yaml': `max_steps: ${10 - sequence}\n` });
  await fine(
    ...['bundle', '--policy-dir', 'policies', '--output', 'etc/policies/acme.mjs', '--force', '--no-cache'],
    ...['--key', 'keys/signer.key', '--name', 'acme', '--sequence', String(sequence)],
  );
}

beforeAll(async () => {
  await fine('keygen', '--out', 'keys', '--name', 'acme');
  await deploy(1);
  at.write({ 'state/followed/state.json': '{"seen": 1}', 'state/followed/state.json.lock/x': '' });
});
afterAll(() => at.remove());

describe('a backup', () => {
  it('has the name, the place and the metadata of the source document', async () => {
    expect(await backup('--state-dir', 'state', '--trust', 'keys/trust.json')).toBe(0);
    expect(at.out()).toContain('left out     state/followed/state.json.lock/x');
    expect(backups()).toEqual(['policy-backup-20260601-030000.tar.gz']);
    const file = at.path('backups/policy-backup-20260601-030000.tar.gz');
    expect(latest()).toEqual({ timestamp: '20260601-030000', file, size: statSync(file).size });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await backup()).toBe(2);
    expect(at.err()).toContain('one a second is enough');
  });

  it('keeps the last ten of twelve; a broken one counts for nothing', async () => {
    for (let each = 0; each < 11; each += 1) {
      now += 60_000;
      expect(await backup()).toBe(0);
    }
    expect(backups()).toHaveLength(10);
    expect(backups()[0]).toBe('policy-backup-20260601-030200.tar.gz');
    // Twelve that a full disk has cut short, newer than all: the good ones stay.
    for (let each = 10; each < 22; each += 1)
      writeFileSync(at.path(`backups/policy-backup-20260602-0000${each}.tar.gz`), 'cut short');
    now += 60_000;
    expect(await backup()).toBe(0);
    const good = backups().filter((name) => name.startsWith('policy-backup-20260601'));
    expect(good).toHaveLength(10);
    for (const name of backups().filter((each) => each.startsWith('policy-backup-20260602')))
      rmSync(at.path(join('backups', name)));
  });

  it('of nothing is none, and pushes nothing out', async () => {
    at.write({ 'empty/.keep': '' });
    now += 1000;
    expect(await cli('backup', '--policy-dir', 'empty', '--backup-dir', 'backups')).toBe(2);
    expect(at.err()).toContain('is the volume mounted?');
    expect(await backup('--trust', 'none.json')).toBe(2);
    expect(at.err()).toContain('there is no trust root');
    expect(backups()).toHaveLength(10);
  });

  it('takes what Kubernetes mounts: the file behind the link, once', async () => {
    at.write({ 'mounted/..2026/acme.mjs': 'module' });
    symlinkSync('..2026', at.path('mounted/..data'));
    symlinkSync('..data/acme.mjs', at.path('mounted/acme.mjs'));
    const out = await fine('backup', '--policy-dir', 'mounted', '--backup-dir', 'other', '--json');
    expect(JSON.parse(out)).toMatchObject({ files: 1 });
  });
});

describe('the drill', () => {
  const trust = ['--trust', 'keys/trust.json'] as const;

  it('brings back what was lost, byte for byte, and says before what it would do', async () => {
    now += 1000;
    await fine('backup', '--policy-dir', 'etc/policies', '--backup-dir', 'drill', '--state-dir', 'state');
    const file = join('drill', readdirSync(at.path('drill')).find((name) => name.endsWith('.gz')) ?? '');
    const module = at.read('etc/policies/acme.mjs');
    rmSync(at.path('etc'), { recursive: true });
    rmSync(at.path('state'), { recursive: true });
    expect(await restore(file, ...trust, '--state-dir', 'state')).toBe(0);
    expect(at.out()).toMatch(/verified {5}acme, sequence 1\n(.*\n)*nothing was written/);
    expect(readdirSync(at.directory)).not.toContain('etc');
    expect(await restore(file, ...trust, '--state-dir', 'state', '--apply')).toBe(0);
    expect(at.read('etc/policies/acme.mjs')).toBe(module);
    expect(at.read('state/followed/state.json')).toBe('{"seen": 1}');
    expect(await cli('verify', 'etc/policies/acme.mjs', ...trust)).toBe(0);
    copyFileSync(at.path(file), at.path('first.tar.gz'));
  });

  it('refuses to go back, unless that is meant', async () => {
    await deploy(2);
    // What nobody could load stands beside it, and hides nothing.
    at.write({ 'etc/policies/broken.mjs': 'cut short', 'etc/policies/broken.tar.gz': 'cut short' });
    expect(await restore('first.tar.gz', ...trust, '--apply')).toBe(2);
    expect(at.err()).toContain('the bundle `acme` would go back from sequence 2 to 1');
    expect(await restore('first.tar.gz', ...trust, '--state-dir', 'state', '--accept-rollback')).toBe(0);
    expect(await fine('inspect', 'etc/policies/acme.mjs', '--json')).toContain('"sequence": 2');
    expect(await restore('first.tar.gz', ...trust, '--accept-rollback', '--apply')).toBe(0);
    expect(await fine('inspect', 'etc/policies/acme.mjs', '--json')).toContain('"sequence": 1');
  });

  it('asks whose signature counts, and holds each bundle against the trust root of today', async () => {
    expect(await restore('first.tar.gz')).toBe(2);
    expect(at.err()).toContain('whose signature counts?');
    await fine('keygen', '--out', 'others', '--name', 'acme');
    expect(await restore('first.tar.gz', '--trust', 'others/trust.json', '--apply')).toBe(4);
    expect(at.err()).toContain('key_unknown');
  });

  it('does not let the state go back by itself', async () => {
    expect(await restore('first.tar.gz', ...trust, '--state-dir', 'state')).toBe(2);
    expect(at.err()).toContain('remembers what was loaded since');
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 40)],
    ['no archive', () => Buffer.from('nothing')],
    ['with a changed byte', (bytes: Buffer) => (bytes.writeUInt8(bytes.readUInt8(700) ^ 1, 700), bytes)],
  ])('takes no backup that is %s', async (_, change) => {
    at.write({ 'bad.tar.gz': change(readFileSync(at.path('first.tar.gz'))) });
    expect(await restore('bad.tar.gz', ...trust)).toBe(4);
    expect(at.err()).toContain('module_malformed');
  });

  it('takes no archive that is something else', async () => {
    await fine(
      ...['bundle', '--policy-dir', 'policies', '--output', 'acme.tar.gz', '--no-cache', '--name', 'acme'],
      ...['--key', 'keys/signer.key'],
    );
    expect(await restore('acme.tar.gz', ...trust)).toBe(2);
    expect(at.err()).toContain('it is no backup of plan-lint');
  });
});
