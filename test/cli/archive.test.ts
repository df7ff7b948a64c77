import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { Header } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArchive, writeArchive } from '../../bundles/archive.ts';
import { bundle } from '../../cli/commands/bundle.ts';
import { unpack } from '../../runtime/unpack.ts';
import { keygen } from '../../cli/commands/keygen.ts';
import { validateBatch } from '../../cli/commands/validate-batch.ts';
import { verify } from '../../cli/commands/verify.ts';
import { commandLine, run } from '../../cli/program.ts';
import { pathOf } from '../../cli/verbs/clashes.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';
import type { Place } from './place.ts';

let at: Place;
beforeEach(() => {
  at = place();
  at.write(DOCUMENT_POLICIES);
  at.write({
    'plan.json': '{"steps": [{"id": "s", "tool": "payments.transfer", "args": {"amount": 5}}]}',
    'policies/plan-lint.yaml': 'name: acme\n',
    'policy-tests/t.yaml': `plan_file: ../plan.json\nexpect: { status: pass }\n`,
  });
});
afterEach(() => at.remove());

const signed = {
  policyDir: 'policies',
  output: 'acme.tar.gz',
  key: ['keys/signer.key'],
  testDir: 'policy-tests',
  capability: ['session'] as const,
};
const make = async (): Promise<void> => {
  await keygen({ anyName: true, out: 'keys' }, at.io);
  expect(await bundle(signed, at.io)).toBe(0);
};

describe('an archive', () => {
  it('is made by the command of the source document, and unpacks to the directory its workflow uses', async () => {
    expect(await bundle({ policyDir: 'policies/', output: 'policy-bundle.tar.gz' }, at.io)).toBe(0);
    expect(at.err()).toContain('not signed');
    execFileSync('sh', ['-c', 'mkdir there && cd there && tar -xzf ../policy-bundle.tar.gz'], {
      cwd: at.directory,
    });
    at.write({ 'there/agent/plans/p.json': at.read('plan.json') });
    const options = { plansDir: 'agent/plans/', policyDir: 'policies/', output: ['validation-report.json'] };
    expect(await validateBatch(options, { ...at.io, cwd: at.path('there') })).toBe(0);
    await keygen({ anyName: true, out: 'keys' }, at.io);
    expect(await verify({ file: 'policy-bundle.tar.gz', trust: 'keys/trust.json' }, at.io)).toBe(4);
  });

  /** Verbs that take a bundle, each with a command line that gives it an archive; and those that take none. `serve` is told by its configuration, and `mcp` wants a server: a test of its own gives it one. */
  const TAKES: Readonly<Record<string, string>> = {
    sign: 'acme.tar.gz --trust keys/trust.json --payload-out to-sign.bin',
    verify: 'acme.tar.gz --trust keys/trust.json',
    inspect: 'acme.tar.gz --trust keys/trust.json',
    validate: 'plan.json --bundle acme.tar.gz --trust keys/trust.json',
    'validate-batch': 'plan.json --bundle acme.tar.gz --trust keys/trust.json',
    diff: 'acme.tar.gz policies --plans-dir plans --trust keys/trust.json',
    simulate: '--old policies --new acme.tar.gz --plans-dir plans --trust keys/trust.json',
    doctor: '--bundle acme.tar.gz --trust keys/trust.json',
    publish: 'acme.tar.gz --to registry --channel stable --trust channels.json --key channel/signer.key',
    session: '--bundle acme.tar.gz --trust keys/trust.json',
    replay: 'trace.jsonl --bundle acme.tar.gz --trust keys/trust.json',
    'receipt create':
      'plan.json --bundle acme.tar.gz --trust decisions.json --executor payments --key keys/decision.key',
    'receipt verify': 'plan.json --bundle acme.tar.gz --trust decisions.json --executor payments',
    'receipt recompute': 'plan.json --bundle acme.tar.gz --trust decisions.json',
  };
  const TAKES_NONE =
    /^(keygen|bundle|explain|graph|import|lint|init|mcp|schema|serve|test-policies|completion|report (merge|compliance)|pull|vendor|backup|restore|(audit|catalog|trust|cert|rollout) .*)$/;

  it('is taken by every verb that takes a bundle', async () => {
    await make();
    at.write({ 'plans/a.json': at.read('plan.json'), 'trace.jsonl': '{"op":"close"}\n' });
    for (const line of [
      'keygen --out keys --role decision',
      'trust add --trust keys/trust.json --add keys/decision.pub --decisions --executor payments --output decisions.json --key keys/signer.key',
      'keygen --any-name --out channel',
      'trust add --trust keys/trust.json --add channel/signer.pub --channel stable --output channels.json --key keys/signer.key',
    ])
      expect({ line, code: await run(line.split(' '), at.io) }).toEqual({ line, code: 0 });
    at.err();
    const leaves = (verb: Command): readonly Command[] =>
      verb.commands.length === 0 ? [verb] : verb.commands.flatMap(leaves);
    const verbs = leaves(commandLine(at.io, () => undefined)).map(pathOf);
    expect(verbs.filter((verb) => !TAKES_NONE.test(verb)).sort()).toEqual(Object.keys(TAKES).sort());
    for (const [verb, words] of Object.entries(TAKES)) {
      const code = await run([...verb.split(' '), ...words.split(' ')], at.io);
      // A note is no complaint: of a receipt, that its single use is the executor's to know.
      const err = at.err().replace(/^note: .*\n/gm, '');
      expect({ verb, code, err }).toEqual({ verb, code: 0, err: '' });
    }
    expect(await run(['verify', 'acme.tar.gz', '--trust', 'keys/trust.json'], at.io)).toBe(0);
    expect(at.out()).toContain('plan-lint.yaml');
    const own = ['--signature', 'x.json'];
    expect(await run(['verify', 'acme.tar.gz', '--trust', 'keys/trust.json', ...own], at.io)).toBe(2);
    expect(at.err()).toContain('an archive holds its own signatures');
    const entries = readArchive(readFileSync(at.path('acme.tar.gz')));
    expect([...entries.keys()]).toEqual([
      'acme.mjs',
      'acme.mjs.sigstore.json',
      'policies/base.yaml',
      'policies/plan-lint.yaml',
      'policies/team-finance.yaml',
      'statement.json',
      'test-report.json',
      'tests/t.yaml',
    ]);
  });

  it('is signed by a further key, or for the first time, into another archive', async () => {
    await make();
    await keygen({ anyName: true, out: 'other' }, at.io);
    const before = readFileSync(at.path('acme.tar.gz'));
    const sign = (...words: string[]): Promise<number> =>
      run(['sign', ...words, '--trust', 'keys/trust.json'], at.io);
    expect(await sign('acme.tar.gz', '--key', 'other/signer.key')).toBe(2);
    expect(at.err()).toContain('a signature makes another archive of this one');
    expect(await sign('acme.tar.gz', '--key', 'other/signer.key', '--output', 'two.tar.gz')).toBe(0);
    expect(readFileSync(at.path('acme.tar.gz')).equals(before)).toBe(true);
    expect([...readArchive(readFileSync(at.path('two.tar.gz'))).keys()]).toContain(
      'acme.mjs.2.sigstore.json',
    );
    for (const keys of ['keys', 'other']) {
      const options = { file: 'two.tar.gz', trust: `${keys}/trust.json`, now: at.io.now() };
      expect(await verify(options, at.io)).toBe(0);
    }
    // Never unasked over what is there, and never twice by one key.
    expect(await sign('acme.tar.gz', '--key', 'other/signer.key', '--output', 'two.tar.gz')).toBe(2);
    expect(at.err()).toContain('exists');
    expect(await sign('two.tar.gz', '--key', 'other/signer.key', '--force')).toBe(2);
    expect(at.err()).toContain('has signed');
    expect(await sign('acme.tar.gz', '--key', 'other/signer.key', '--force')).toBe(0);
    const replaced = { file: 'acme.tar.gz', trust: 'other/trust.json', now: at.io.now() };
    expect(await verify(replaced, at.io)).toBe(0);

    expect(await bundle({ policyDir: 'policies', output: 'bare.tar.gz' }, at.io)).toBe(0);
    expect(await sign('bare.tar.gz', '--payload-out', 'to-sign.bin')).toBe(0);
    execFileSync('openssl', ['dgst', '-sha256', '-sign', 'keys/signer.key', '-out', 's.bin', 'to-sign.bin'], {
      cwd: at.directory,
    });
    const attach = ['--attach', 's.bin', '--public-key', 'keys/signer.pub', '--output', 'signed.tgz'];
    expect(await sign('bare.tar.gz', ...attach, '--json')).toBe(0);
    expect(at.out()).toContain(`"${at.path('signed.tgz')}"`);
    expect(await verify({ file: 'signed.tgz', trust: 'keys/trust.json', now: at.io.now() }, at.io)).toBe(0);
  });

  it('with anything else in it is not signed', async () => {
    expect(await bundle({ policyDir: 'policies', output: 'bare.tar.gz' }, at.io)).toBe(0);
    const entries = readArchive(readFileSync(at.path('bare.tar.gz')));
    at.write({ 'bad.tar.gz': writeArchive(new Map([...entries, ['extra.txt', Buffer.from('x')]])) });
    await keygen({ anyName: true, out: 'keys' }, at.io);
    expect(await run(['sign', 'bad.tar.gz', '--key', 'keys/signer.key', '--output', 'o.tgz'], at.io)).toBe(4);
    expect(at.err()).toContain('extra.txt is not covered');
  });

  it('holds paths beyond ASCII, which tar and the runtime read alike', async () => {
    await keygen({ anyName: true, out: 'keys' }, at.io);
    const folder = 'ordner-ä/'.repeat(9);
    const names = ['zahlungen-ü.yaml', '支払い.yaml', `${folder}lang-ß-${'x'.repeat(30)}.yaml`];
    for (const name of names) at.write({ [`weit/${name}`]: 'max_steps: 3\n' });
    const options = { policyDir: 'weit', output: 'weit.tar.gz', key: ['keys/signer.key'] };
    expect(await bundle(options, at.io), at.err()).toBe(0);
    const archive = readFileSync(at.path('weit.tar.gz'));
    const check = { file: 'weit.tar.gz', trust: 'keys/trust.json', sources: 'weit', now: at.io.now() };
    expect(await verify(check, at.io), at.err()).toBe(0);
    expect(unpack(archive).signatures).toHaveLength(1);
    const list = execFileSync('tar', ['-tzf', 'weit.tar.gz', '--quoting-style=literal'], {
      cwd: at.directory,
      encoding: 'utf8',
    });
    for (const name of names) expect(list).toContain(`policies/${name}\n`);
    at.write({ [`lang/${'ü'.repeat(60)}.yaml`]: 'max_steps: 3\n' });
    expect(await bundle({ ...options, policyDir: 'lang', output: 'lang.tar.gz' }, at.io)).toBe(2);
    expect(at.err()).toContain('too long for an archive');
  });

  it('has the same bytes each time, apart from the signature', async () => {
    await bundle({ policyDir: 'policies', output: 'a/x.tar.gz' }, at.io);
    await bundle({ policyDir: 'policies', output: 'b/x.tar.gz' }, at.io);
    expect(readFileSync(at.path('a/x.tar.gz')).equals(readFileSync(at.path('b/x.tar.gz')))).toBe(true);
  });

  it('is refused with anything in it that the signature does not cover', async () => {
    await make();
    const entries = readArchive(readFileSync(at.path('acme.tar.gz')));
    const text = (value: string): Uint8Array => Buffer.from(value);
    const changes: Record<string, [string, Uint8Array]> = {
      'an extra policy': ['policies/extra.yaml', text('max_steps: 1\n')],
      'a changed source': ['policies/base.yaml', text('max_steps: 1\n')],
      'an extra file': ['README.md', text('hello')],
      'a changed test': ['tests/t.yaml', text('')],
      'a changed test report': ['test-report.json', text('{"files":[]}')],
      'a changed statement': ['statement.json', text('{}')],
      'a second module': ['zzz.mjs', text('export default 1;\n')],
      'a sidecar of another module': ['other.mjs.sigstore.json', text('{}')],
      'a changed module': ['acme.mjs', text('export default 1;\n')],
      'a path that leaves': ['../evil.yaml', text('')],
    };
    for (const [what, [path, content]] of Object.entries(changes)) {
      at.write({ 'bad.tar.gz': writeArchive(new Map([...entries, [path, content]])) });
      const code = await verify({ file: 'bad.tar.gz', trust: 'keys/trust.json', now: at.io.now() }, at.io);
      expect({ what, code }).toEqual({ what, code: 4 });
    }
    execFileSync('sh', ['-c', 'ln -s /etc/passwd link && tar -czf link.tar.gz link'], { cwd: at.directory });
    expect(await verify({ file: 'link.tar.gz', trust: 'keys/trust.json' }, at.io)).toBe(4);
    at.write({ 'cut.tar.gz': readFileSync(at.path('acme.tar.gz')).subarray(0, -20) });
    expect(await verify({ file: 'cut.tar.gz', trust: 'keys/trust.json' }, at.io)).toBe(4);
  });

  it('is refused where other programs may unpack something else than was verified', async () => {
    await make();
    const tar = gunzipSync(readFileSync(at.path('acme.tar.gz')));
    const first = tar.indexOf('policies/base.yaml');
    const block = (path: string, type: 'ExtendedHeader' | 'File', body: string): Buffer => {
      const header = Buffer.alloc(512);
      new Header({ path, type, size: body.length, mode: 0o644, mtime: new Date(0) }).encode(header, 0);
      return Buffer.concat([header, Buffer.from(body), Buffer.alloc(-body.length & 511)]);
    };
    const insert = (...blocks: readonly Buffer[]): Buffer =>
      Buffer.concat([tar.subarray(0, first), ...blocks, tar.subarray(first)]);
    const changed = (offset: number, value: string): Buffer => {
      const copy = Buffer.from(tar);
      copy.write(value, offset, 'latin1');
      copy.fill(' ', 148, 156);
      const sum = copy.subarray(0, 512).reduce((all, byte) => all + byte, 0);
      copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
      return copy;
    };
    const sparse = [
      '22 GNU.sparse.major=0\n',
      '22 GNU.sparse.minor=1\n',
      '37 GNU.sparse.name=policies/gone.yaml\n',
    ];
    const hostile: Readonly<Record<string, Uint8Array>> = {
      'a sparse file under another name': insert(
        block('PaxHeader/x', 'ExtendedHeader', [...sparse, '21 GNU.sparse.size=0\n'].join('')),
      ),
      'a path in an extended header': insert(
        block('PaxHeader/x', 'ExtendedHeader', '24 path=policies/x.yaml\n'),
      ),
      'something behind the end': Buffer.concat([tar, block('more.yaml', 'File', 'x'), Buffer.alloc(1024)]),
      'something in the padding': changed(tar.length - 1024 - 1, 'x'),
      'another mode': changed(100, '0000777'),
      'a number that is none': changed(124, '\xff\xff\xff\xff\xff'),
      'compressed twice': gzipSync(tar),
      'cut in a header': tar.subarray(0, -1500),
      'of nothing': Buffer.alloc(0),
    };
    for (const [what, bytes] of Object.entries(hostile)) {
      at.write({ 'bad.tar.gz': gzipSync(bytes) });
      const code = await verify({ file: 'bad.tar.gz', trust: 'keys/trust.json', now: at.io.now() }, at.io);
      expect({ what, code, err: at.err() }).toMatchObject({ what, code: 4 });
    }
    at.write({ 'good.tar.gz': gzipSync(tar) });
    expect(await verify({ file: 'good.tar.gz', trust: 'keys/trust.json', now: at.io.now() }, at.io)).toBe(0);
  });

  it('is not made of policies that fail their tests', async () => {
    await keygen({ anyName: true, out: 'keys' }, at.io);
    at.write({ 'policy-tests/t.yaml': 'plan_file: ../plan.json\nexpect: { status: deny }\n' });
    expect(await bundle(signed, at.io)).toBe(2);
    expect(at.err()).toContain('1 of 1 tests fail, the first at t.yaml:1:1');
  });
});
