/** Global policies as a pinned package: fetched once, extended by teams, and compiled from without asking anybody. */
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { place } from './place.ts';

const at = place();
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

const core = (limit: number): string =>
  `policies: [{name: core, rules: [{rule: limit, pattern: {tool: pay, operation: amount_gt, value: ${limit}}}]}]\n`;
const channel = ['--channel', 'global', '--trust', 'trust.json'] as const;
const vendor = (...more: string[]): Promise<number> =>
  cli('vendor', '--policy-dir', 'team', '--from', 'registry', ...channel, '--into', 'vendor/global', ...more);

async function release(sequence: number, limit: number): Promise<void> {
  at.write({ 'global/base/core.yaml': core(limit) });
  const facts = [
    '--name',
    'global',
    '--sequence',
    String(sequence),
    '--key',
    'keys/signer.key',
    '--no-cache',
  ];
  await fine('bundle', '--policy-dir', 'global', '--output', `global-${sequence}.tar.gz`, ...facts);
  const publish = ['publish', `global-${sequence}.tar.gz`, '--to', 'registry', '--key', 'channel/signer.key'];
  await fine(...publish, ...channel);
}

/** Of a plan that pays so much, by the team's policies. */
const decide = (amount: number): Promise<number> => {
  at.write({ 'plan.json': JSON.stringify({ steps: [{ id: 's', tool: 'pay', args: { amount } }] }) });
  return cli('validate', 'plan.json', '--policy-dir', 'team', '--no-cache');
};

beforeAll(async () => {
  await fine('keygen', '--out', 'keys', '--name', 'global');
  await fine('keygen', '--out', 'channel', '--any-name');
  const signers = ['--add', 'keys/signer.pub', '--name', 'global', '--channel-key', 'channel/signer.pub'];
  await fine('trust', 'init', ...signers, '--output', 'trust.json');
  at.write({ 'global/plan-lint.yaml': 'name: global\n' });
  await release(1, 100);
});
afterAll(() => at.remove());

it('writes the files and a lock, and says how they are pinned', async () => {
  expect(await vendor()).toBe(0);
  const pin = /vendor\/global\/base\/core\.yaml#sha256=[0-9a-f]{64}/.exec(at.out())?.[0] ?? '';
  expect(at.read('team/vendor/global/base/core.yaml')).toBe(core(100));
  // What speaks for a whole directory stays behind.
  expect(readdirSync(at.path('team/vendor/global'))).toEqual(['base']);
  expect(JSON.parse(at.read('team/plan-lint.lock.json'))).toMatchObject({
    format: 'plan-lint-lock/1',
    packages: [
      { into: 'vendor/global', channel: 'global', sequence: 1, files: [{ name: 'base/core.yaml' }] },
    ],
  });
  at.write({ 'team/pay.yaml': `extends: ${pin}\nmax_steps: 3\n` });
  expect(await decide(50)).toBe(0);
  expect(await decide(150)).toBe(1);
  expect(await vendor()).toBe(0);
});

it('needs no registry to compile, and may not be weakened by who extends it', async () => {
  renameSync(at.path('registry'), at.path('elsewhere'));
  expect(await decide(150)).toBe(1);
  expect(await cli('vendor', '--policy-dir', 'team', '--check')).toBe(0);
  expect(at.out()).toContain('as locked    vendor/global: global');
  expect(await vendor()).toBe(4);
  expect(at.err()).toContain('source_unreachable');
  renameSync(at.path('elsewhere'), at.path('registry'));
  const own = at.read('team/pay.yaml');
  at.write({ 'team/pay.yaml': `${own}refine: [{rule: limit, pattern: {value: 1000}}]\n` });
  expect(await decide(50)).toBe(3);
  at.write({ 'team/pay.yaml': own });
});

it.each([
  ['changed', 'base/core.yaml', core(1_000_000)],
  ['added', 'base/more.yaml', core(1)],
])('a file that is %s stops every compile, until it is fetched again', async (kind, name, content) => {
  at.write({ [`team/vendor/global/${name}`]: content });
  expect(await decide(50)).toBe(2);
  expect(at.err()).toContain(
    `\`vendor/global/${name}\` is ${kind === 'added' ? 'not in' : 'changed, against'}`,
  );
  expect(await cli('vendor', '--policy-dir', 'team', '--check')).toBe(1);
  expect(at.out()).toBe(`${kind.padEnd(12)} vendor/global/${name}\n`);
  expect(await vendor()).toBe(2);
  expect(at.err()).toContain('it would be lost');
  expect(await vendor('--force')).toBe(0);
  expect(await decide(50)).toBe(0);
});

it('a file that is missing stops it, too; so does a lock that somebody wrote', async () => {
  rmSync(at.path('team/vendor/global/base/core.yaml'));
  expect(await decide(50)).toBe(2);
  expect(at.err()).toContain('is missing, against');
  expect(await vendor('--force')).toBe(0);
  const lock = at.read('team/plan-lint.lock.json');
  for (const [from, to] of [
    ['"vendor/global"', '"../elsewhere"'],
    ['"base/core.yaml"', '"/etc/passwd"'],
    ['plan-lint-lock/1', 'plan-lint-lock/9'],
    ['"sequence": 1', '"sequence": "1"'],
    ['"files"', '"more"'],
    ['{', '{{'],
  ] as const) {
    at.write({ 'team/plan-lint.lock.json': lock.replace(from, to) });
    expect(await decide(50), to).toBe(2);
    expect(at.err()).toContain('is not as plan-lint writes it');
  }
  at.write({ 'team/plan-lint.lock.json': lock });
});

it('a new release changes nothing until it is fetched, and then the pin says so', async () => {
  await release(2, 10);
  expect(await decide(50)).toBe(0);
  expect(await vendor()).toBe(0);
  // The team has pinned what it read.
  expect(await decide(50)).toBe(3);
  const pin = /vendor\/global\/base\/core\.yaml#sha256=[0-9a-f]{64}/.exec(at.out())?.[0];
  expect(pin).toBeUndefined();
  at.write({ 'team/pay.yaml': 'extends: vendor/global/base/core.yaml\nmax_steps: 3\n' });
  expect(await decide(50)).toBe(1);
});

it('an older head than the locked one is refused, whatever remembers it', async () => {
  const head = at.read('registry/channels/global.sigstore.json');
  const lock = at.read('team/plan-lint.lock.json');
  at.write({ 'team/plan-lint.lock.json': lock.replace('"sequence": 2', '"sequence": 7') });
  expect(await vendor()).toBe(2);
  expect(at.err()).toContain('the channel `global` is at 2, and plan-lint.lock.json was at 7');
  at.write({ 'team/plan-lint.lock.json': lock, 'registry/channels/global.sigstore.json': head });
});
