/** The built program as its users run it: the first minute, a diagnosis, an end in order, and what is said without the package. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DOCUMENT_POLICIES } from '../cli/place.ts';
import { directoryOf } from './support/running.ts';

const root = join(import.meta.dirname, '../..');
const MAIN = join(root, 'dist/cli/main.js');
const directory = directoryOf({ ...DOCUMENT_POLICIES, 'acme.mjs': '' });
let child: ChildProcess;
const printed = { out: '', err: '' };
let ended: Promise<number | null>;

beforeAll(async () => {
  child = spawn(
    process.execPath,
    [MAIN, 'serve', '--dev', '--policy-dir', 'policies', '--listen', '127.0.0.1:0'],
    {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdout?.on('data', (part: Buffer) => (printed.out += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (printed.err += part.toString()));
  while (!printed.err.includes('curl') && child.exitCode === null)
    await new Promise((done) => setTimeout(done, 20));
});
afterAll(() => {
  child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

it('prints a token, and the line that it prints works', async () => {
  const url = /listens on (\S+)/.exec(printed.err)?.[1] ?? printed.err;
  const authorization = /^Authorization: (Bearer \S+)$/m.exec(printed.err)?.[1] ?? '';
  const body = /-d '([^']+)'/.exec(printed.err)?.[1] ?? '';
  const headers = { authorization, 'content-type': 'application/json' };
  const reply = await fetch(`${url}/validate`, { method: 'POST', headers, body });
  const answer = (await reply.json()) as { decision_id: string };
  expect([reply.status, answer]).toMatchObject([
    200,
    { is_valid: false, violations: [{ rule: 'prevent_sql_injection' }] },
  ]);
  // The audit log is on standard output, the token is not in it.
  expect(printed.out).toContain(answer.decision_id);
  expect(printed.out).not.toContain(authorization.slice('Bearer '.length));
  expect(printed.err).toContain('not signed');
});

it('ends in order when it is told to', async () => {
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(printed.out).toContain('"action":"service_stopped"');
});

const run = (main: string, args: readonly string[]): { status: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: directory,
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
};

it('says where each setting comes from', () => {
  const { status, out } = run(MAIN, ['serve', '--policy-dir', 'policies', '--print-config']);
  expect(status).toBe(0);
  expect(out).toMatch(/^ {2}path: ".*policies" # flag --policy-dir$/m);
  expect(out).toMatch(/^listen: "0\.0\.0\.0:8000" # default$/m);
});

const POLICIES = ['--policy-dir', 'policies'];
it.each([
  [[...POLICIES, '--listen', '0.0.0.0:0'], 'nobody is authenticated'],
  [[...POLICIES, '--listen', 'here'], 'which is no address'],
  [['--listen', '127.0.0.1:0', '--bundle', 'acme.mjs'], 'needs a trust root'],
  [['--config', 'none.yaml'], 'none.yaml` cannot be read: ENOENT'],
])('%j is told with a way out', (args, message) => {
  const { status, err } = run(MAIN, ['serve', '--audit', 'audit.log', ...args]);
  expect(status).toBe(2);
  expect(err).toContain(message);
  expect(err).toMatch(/\n {2}hint: .+/);
  expect(err).not.toMatch(/^\s+at /m);
});

it('without the package it says what to install', () => {
  const alone = mkdtempSync(join(tmpdir(), 'plan-lint-alone-'));
  cpSync(join(root, 'dist'), join(alone, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(alone, 'package.json'));
  mkdirSync(join(alone, 'node_modules/@plan-lint'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')).filter(
    (each) => !/^(?:\.|plan-lint$|@plan-lint$)/.test(each),
  ))
    symlinkSync(join(root, 'node_modules', name), join(alone, 'node_modules', name));
  cpSync(join(root, 'runtime'), join(alone, 'node_modules/@plan-lint/runtime'), { recursive: true });
  const { status, err } = run(join(alone, 'dist/cli/main.js'), ['serve', '--dev']);
  expect([status, err]).toEqual([
    2,
    'error: `plan-lint serve` is in the package @plan-lint/service, which is not installed\n  hint: npm install @plan-lint/service\n',
  ]);
  const proxy = ['mcp', '--bundle', 'acme.mjs', '--trust', 'trust.json', '--', 'server'];
  expect(run(join(alone, 'dist/cli/main.js'), proxy)).toMatchObject({
    status: 2,
    err: 'error: `plan-lint mcp` is in the package @plan-lint/agents, which is not installed\n  hint: npm install @plan-lint/agents\n',
  });
  rmSync(alone, { recursive: true });
});
