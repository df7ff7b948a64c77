/** Channels in a real registry of containers: `crane registry serve` (go-containerregistry). */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { partsDirectory } from '../../../scripts/parts-directory.mjs';
import { run } from '../../../cli/program.ts';
import { place } from '../../cli/place.ts';

const at = place();
const program = join(partsDirectory(), 'bin/crane');
let registry: ChildProcess;
let host = '';

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
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
const crane = (...argv: string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

beforeAll(async () => {
  host = `127.0.0.1:${await freePort()}`;
  registry = spawn(program, ['registry', 'serve', '--address', host], { stdio: 'ignore' });
  const isUp = (): Promise<boolean> =>
    fetch(`http://${host}/v2/`).then(
      (reply) => reply.ok,
      () => false,
    );
  for (let left = 200; left > 0 && !(await isUp()); left -= 1)
    await new Promise((done) => setTimeout(done, 50));
  await fine('keygen', '--out', 'keys', '--name', 'acme');
  await fine('keygen', '--out', 'channel', '--any-name');
  const signers = ['--add', 'keys/signer.pub', '--name', 'acme', '--channel-key', 'channel/signer.pub'];
  await fine('trust', 'init', ...signers, '--output', 'trust.json');
  at.write({ 'policies/pay.yaml': 'allow_tools: [pay]\n' });
  for (const sequence of ['1', '2'])
    await fine(
      ...['bundle', '--policy-dir', 'policies', '--output', `acme-${sequence}.tar.gz`, '--no-cache'],
      ...['--key', 'keys/signer.key', '--name', 'acme', '--sequence', sequence],
    );
});
afterAll(() => {
  registry.kill();
  at.remove();
});

it('a bundle goes up and down byte for byte; the registry’s own client sees an artifact', async () => {
  const to = ['--to', `oci://${host}/team/policies`, '--channel', 'finance/stable', '--trust', 'trust.json'];
  const from = ['pull', '--from', ...to.slice(1), '--state', 'seen.json', '--force', '--output'];
  for (const sequence of [1, 2]) {
    await fine('publish', `acme-${sequence}.tar.gz`, ...to, '--key', 'channel/signer.key');
    await fine(...from, 'got.tar.gz');
    expect(at.read('got.tar.gz')).toBe(at.read(`acme-${sequence}.tar.gz`));
  }
  const manifest = JSON.parse(crane('manifest', `${host}/team/policies:finance..stable`)) as {
    readonly artifactType: string;
    readonly layers: readonly { readonly digest: string }[];
  };
  expect(manifest.artifactType).toBe('application/vnd.plan-lint.channel.v1+json');
  expect(crane('blob', `${host}/team/policies@${manifest.layers[0]?.digest}`)).toContain('dsseEnvelope');
  // A renewal replaces the head alone.
  await fine('publish', '--renew', ...to, '--key', 'channel/signer.key');
  expect(await fine(...from, 'got.tar.gz')).toContain('sequence 3');
});

it('a tag that is set back by the registry is refused by who saw the newer one', async () => {
  const tag = `${host}/team/policies:finance..stable`;
  const newest = crane('digest', tag).trim();
  const old = ['--to', `oci://${host}/team/old`, '--channel', 'finance/stable', '--trust', 'trust.json'];
  await fine('publish', 'acme-1.tar.gz', ...old, '--key', 'channel/signer.key');
  crane('copy', `${host}/team/old:finance..stable`, tag);
  const pull = ['pull', '--from', `oci://${host}/team/policies`, '--channel', 'finance/stable'];
  const facts = ['--trust', 'trust.json', '--state', 'seen.json', '--force', '--output', 'got.tar.gz'];
  expect(await cli(...pull, ...facts)).toBe(4);
  expect(at.err()).toContain('channel_rollback');
  crane('tag', `${host}/team/policies@${newest}`, 'finance..stable');
  expect(await cli(...pull, ...facts)).toBe(0);
});

it('what is no channel is said to be none', async () => {
  const pull = ['--channel', 'none', '--trust', 'trust.json', '--output', 'x.tar.gz'];
  expect(await cli('pull', '--from', `oci://${host}/team/policies`, ...pull)).toBe(4);
  expect(at.err()).toContain('has no channel none');
  expect(await cli('pull', '--from', 'oci://nowhere', ...pull)).toBe(2);
  expect(at.err()).toContain('names no repository');
});
