import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArchive, writeArchive } from '../../bundles/archive.ts';
import { keygen } from '../../cli/commands/keygen.ts';
import { run } from '../../cli/program.ts';
import { readSourceMap } from '../support/source-map.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';
import type { Place } from './place.ts';

let at: Place;
beforeEach(async () => {
  at = place();
  at.write(DOCUMENT_POLICIES);
  await keygen({ anyName: true, out: 'keys' }, at.io);
  at.out();
});
afterEach(() => at.remove());

const command = (words: string): Promise<number> => run(words.split(' '), at.io);
const make = async (more = '--source-map', output = 'acme.mjs'): Promise<void> => {
  const flags = `--policy-dir policies --output ${output} --key keys/signer.key`;
  expect(await command(`bundle ${flags} ${more}`.trim())).toBe(0);
  at.out();
};
const verify = (more = '', file = 'acme.mjs'): Promise<number> =>
  command(`verify ${file} --trust keys/trust.json ${more}`.trim());

describe('bundle --source-map', () => {
  it('writes a map beside the very module that is made without it', async () => {
    await make('', 'plain.mjs');
    await make();
    expect(at.read('acme.mjs')).toBe(at.read('plain.mjs'));
    expect(JSON.parse(at.read('acme.mjs.map'))).toMatchObject({
      sources: ['base.yaml', 'team-finance.yaml'],
      names: expect.arrayContaining(['prevent_sql_injection', 'check_transaction_limits']) as unknown,
    });
    expect(readSourceMap(at.read('acme.mjs.map')).map(({ origin }) => origin?.place)).toContain(
      'team-finance.yaml:8:15',
    );
  });

  it('is verified, told, and made again from the sources', async () => {
    await make();
    expect(await verify('--sources policies')).toBe(0);
    const text = at.out();
    expect(text).toMatch(/^source map {3}[0-9a-f]{64} {2}acme\.mjs\.map, as signed$/m);
    expect(text).toContain('the same sources give the same bytes, and the same source map');
    expect(await verify('--sources policies --json')).toBe(0);
    expect(JSON.parse(at.out())).toMatchObject({
      source_map: { name: 'acme.mjs.map', state: 'as signed' },
      sources: { identical: true, same_map: true },
    });
    for (const [format, shows] of [
      ['text', 'acme.mjs.map, as signed'],
      ['html', 'acme.mjs.map, as signed'],
      ['json', '"state": "as signed"'],
    ] as const) {
      expect(await command(`inspect acme.mjs --trust keys/trust.json --format ${format}`)).toBe(0);
      expect(at.out()).toContain(shows);
    }
  });

  it('may be missing, which is said', async () => {
    await make();
    rmSync(at.path('acme.mjs.map'));
    expect(await verify('--sources policies')).toBe(0);
    expect(at.out()).toMatch(/acme\.mjs\.map, not there\n[^]*and the same source map/);
  });

  it('is refused where it is not what was signed', async () => {
    await make();
    const map = at.read('acme.mjs.map');
    at.write({ 'acme.mjs.map': map.replace('team-finance.yaml', 'team-finance.yamk') });
    expect(await verify()).toBe(4);
    expect(at.err()).toContain('error[digest_mismatch]');
    expect(await verify('--json')).toBe(4);
    expect(JSON.parse(at.out())).toMatchObject({ verified: false, error: { code: 'digest_mismatch' } });
    expect(await command('inspect acme.mjs --trust keys/trust.json')).toBe(4);
    expect(at.out()).toContain('acme.mjs.map, altered');
    await keygen({ anyName: true, out: 'other' }, at.io);
    expect(await command('sign acme.mjs --key other/signer.key')).toBe(4);
  });

  it('is refused where nobody signed it', async () => {
    await make('');
    expect(await verify()).toBe(0);
    expect(at.out()).toContain('source map   none');
    at.write({ 'acme.mjs.map': '{"version":3,"sources":[],"names":[],"mappings":""}' });
    expect(await verify()).toBe(4);
    expect(at.err()).toContain('acme.mjs.map is a source map, and the statement is about none');
  });

  it('that another compiler would not make again fails the comparison with the sources', async () => {
    await make();
    const { verify: verifyCommand } = await import('../../cli/commands/verify.ts');
    const options = { file: 'acme.mjs', trust: 'keys/trust.json', sources: 'policies', now: at.io.now() };
    const rebuild = (): Promise<{ code: string; sourceMap: () => string }> =>
      Promise.resolve({ code: at.read('acme.mjs'), sourceMap: () => '{}' });
    expect(await verifyCommand(options, at.io, { rebuild })).toBe(4);
    expect(at.out()).toContain('DIFFERENT    the same sources give this module and another source map');
  });

  it('goes with a statement that is signed later, and with a single file', async () => {
    expect(await command('bundle --policy-dir policies --output acme.mjs --unsigned --source-map')).toBe(0);
    expect(await command('sign acme.mjs --key keys/signer.key')).toBe(0);
    at.out();
    expect(await verify()).toBe(0);
    expect(at.out()).toContain('acme.mjs.map, as signed');
    await make('--source-map --single-file', 'one.mjs');
    expect(await verify('', 'one.mjs')).toBe(0);
    expect(at.out()).toContain('one.mjs.map, as signed');
  });

  it('does not outlive the bundle it belongs to', async () => {
    await make();
    await make('--force');
    expect(await verify()).toBe(0);
    expect(at.out()).toContain('source map   none');
  });

  it('is part of an archive, covered like the rest of it', async () => {
    await make('--source-map', 'acme.tar.gz');
    const entries = readArchive(readFileSync(at.path('acme.tar.gz')));
    expect([...entries.keys()]).toContain('acme.mjs.map');
    expect(await verify('', 'acme.tar.gz')).toBe(0);
    expect(at.out()).toContain('acme.mjs.map, as signed');
    expect(await command('inspect acme.tar.gz --trust keys/trust.json')).toBe(0);
    expect(at.out()).toContain('acme.mjs.map, as signed');
    const archived = (change: ReadonlyMap<string, Uint8Array>): void =>
      at.write({ 'other.tar.gz': writeArchive(change) });
    archived(new Map([...entries, ['acme.mjs.map', Buffer.from('{}')]]));
    expect(await verify('', 'other.tar.gz')).toBe(4);
    expect(at.err()).toContain('acme.mjs.map is not covered by the signature');
    archived(new Map([...entries].filter(([path]) => path !== 'acme.mjs.map')));
    expect(await verify('', 'other.tar.gz')).toBe(0);
    expect(at.out()).toContain('acme.mjs.map, not there');
  });
});
