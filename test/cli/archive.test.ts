import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArchive, writeArchive } from '../../cli/archive.ts';
import { bundle } from '../../cli/commands/bundle.ts';
import { keygen } from '../../cli/commands/keygen.ts';
import { validateBatch } from '../../cli/commands/validate-batch.ts';
import { validate } from '../../cli/commands/validate.ts';
import { verify } from '../../cli/commands/verify.ts';
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
};
const make = async (): Promise<void> => {
  await keygen({ out: 'keys' }, at.io);
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
    await keygen({ out: 'keys' }, at.io);
    expect(await verify({ file: 'policy-bundle.tar.gz', trust: 'keys/trust.json' }, at.io)).toBe(4);
  });

  it('is taken by every verb that takes a bundle', async () => {
    await make();
    const { io } = at;
    const now = io.now();
    expect(await verify({ file: 'acme.tar.gz', trust: 'keys/trust.json', now }, io)).toBe(0);
    expect(at.out()).toContain('plan-lint.yaml');
    const use = { bundle: 'acme.tar.gz', trust: 'keys/trust.json' };
    expect(await validate({ plans: ['plan.json'], ...use }, io)).toBe(0);
    expect(await validateBatch({ plans: ['plan.json'], ...use }, io)).toBe(0);
    const entries = await readArchive(readFileSync(at.path('acme.tar.gz')));
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

  it('has the same bytes each time, apart from the signature', async () => {
    await bundle({ policyDir: 'policies', output: 'a/x.tar.gz' }, at.io);
    await bundle({ policyDir: 'policies', output: 'b/x.tar.gz' }, at.io);
    expect(readFileSync(at.path('a/x.tar.gz')).equals(readFileSync(at.path('b/x.tar.gz')))).toBe(true);
  });

  it('is refused with anything in it that the signature does not cover', async () => {
    await make();
    const entries = await readArchive(readFileSync(at.path('acme.tar.gz')));
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

  it('is not made of policies that fail their tests', async () => {
    await keygen({ out: 'keys' }, at.io);
    at.write({ 'policy-tests/t.yaml': 'plan_file: ../plan.json\nexpect: { status: deny }\n' });
    expect(await bundle(signed, at.io)).toBe(2);
    expect(at.err()).toContain('1 of 1 tests fail, the first at t.yaml:1:1');
  });
});
