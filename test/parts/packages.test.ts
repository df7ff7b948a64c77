/** What users install: the packed workspaces, from a registry on loopback, into an empty project; then a walk to a denied plan. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load } from 'js-yaml';
import { partsDirectory } from '../../scripts/parts-directory.mjs';

const root = join(import.meta.dirname, '../..');
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly workspaces: readonly string[];
};
const directory = mkdtempSync(join(tmpdir(), 'plan-lint-packages-'));
const at = (name: string): string => join(directory, name);
let registry: ChildProcess | undefined;
let address = '';

function command(
  program: string,
  args: readonly string[],
  cwd: string,
): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 300_000 });
  return { status, out: stdout + stderr };
}

function succeeds(program: string, args: readonly string[], cwd: string): string {
  const { status, out } = command(program, args, cwd);
  expect(status, `${program} ${args.join(' ')}\n${out}`).toBe(0);
  return out;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Verdaccio, with everything that is not ours from the registry that npm is set up with. */
async function startRegistry(): Promise<void> {
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  const upstream = succeeds('npm', ['config', 'get', 'registry'], root).trim();
  const ours = { access: '$all', publish: '$all' };
  const config = {
    storage: at('storage'),
    auth: { htpasswd: { file: at('htpasswd') } },
    uplinks: { upstream: { url: upstream, timeout: '120s' } },
    packages: { '@plan-lint/*': ours, 'plan-lint': ours, '**': { access: '$all', proxy: 'upstream' } },
    max_body_size: '50mb',
    log: { type: 'stdout', format: 'json', level: 'error' },
  };
  writeFileSync(at('verdaccio.yaml'), JSON.stringify(config));
  const program = join(partsDirectory(), 'verdaccio/node_modules/.bin/verdaccio');
  registry = spawn(program, ['--config', at('verdaccio.yaml'), '--listen', `127.0.0.1:${port}`], {
    stdio: 'ignore',
  });
  for (;;) {
    if (
      await fetch(`${address}/-/ping`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    if (registry.exitCode !== null) throw new Error('the registry has ended');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

beforeAll(async () => {
  await startRegistry();
  mkdirSync(at('packs'));
  for (const name of [...workspaces, '.']) {
    succeeds('npm', ['pack', '--pack-destination', at('packs')], join(root, name));
  }
  // npm publishes to nobody without a token; the registry takes any.
  writeFileSync(at('.npmrc'), `registry=${address}/\n//${address.slice(7)}/:_authToken=any\n`);
  const tarballs = command('ls', [at('packs')], root)
    .out.trim()
    .split('\n');
  expect(tarballs).toHaveLength(workspaces.length + 1);
  for (const tarball of tarballs) {
    succeeds('npm', ['publish', join(at('packs'), tarball), '--userconfig', at('.npmrc')], directory);
  }
  mkdirSync(at('project'));
  writeFileSync(at('project/package.json'), '{ "private": true, "type": "module" }\n');
  const wanted = ['@plan-lint/runtime', '@plan-lint/service', '@plan-lint/agents', 'plan-lint'];
  const options = ['--userconfig', at('.npmrc'), '--no-audit', '--no-fund'];
  succeeds('npm', ['install', ...options, ...wanted], at('project'));
}, 600_000);

afterAll(() => {
  registry?.kill();
  rmSync(directory, { recursive: true, force: true });
});

describe('packages', () => {
  it.each(['plan-lint', '@plan-lint/runtime', '@plan-lint/service', '@plan-lint/agents'])(
    '%s has a page, a licence and types',
    (name) => {
      const folder = join(at('project/node_modules'), name);
      for (const file of ['README.md', 'LICENSE']) expect(existsSync(join(folder, file)), file).toBe(true);
      const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
      };
      for (const target of Object.values(exports)) {
        if (typeof target === 'string') continue;
        for (const kind of ['types', 'default'])
          expect(existsSync(join(folder, target[kind] ?? '')), target[kind]).toBe(true);
      }
    },
  );

  it('lead from an empty directory to a denied plan in CI, and in a program', () => {
    const cwd = at('project');
    const planLint = (...args: string[]): { status: number | null; out: string } =>
      command(join(cwd, 'node_modules/.bin/plan-lint'), args, cwd);
    // The service is there, and takes the policies of this directory.
    expect(planLint('serve', '--dev', '--print-config').out).toMatch(
      /^listen: "127\.0\.0\.1:8000" # flag --dev$/m,
    );
    // The package for agents is there, and asks for a server.
    expect(planLint('mcp', '--bundle', 'acme.mjs', '--trust', 'trust.json').out).toContain('name one server');
    expect(planLint('--version').out).toMatch(/^\d+\.\d+\.\d+/);
    expect(planLint('init', '--ci', 'github').status).toBe(0);
    writeFileSync(
      join(cwd, 'agent/plans/bad.json'),
      '{"steps": [{"id": "s", "tool": "db.query", "args": {"sql": "1=1"}}]}',
    );
    const { jobs } = load(readFileSync(join(cwd, '.github/workflows/plan-lint.yml'), 'utf8')) as {
      readonly jobs: { readonly policies: { readonly steps: readonly { name?: string; run?: string }[] } };
    };
    const bin = join(cwd, 'node_modules/.bin');
    const codes = Object.fromEntries(
      jobs.policies.steps.flatMap(({ name = '', run }) => {
        // The tarballs are installed already.
        if (run === undefined || name === 'Install') return [];
        const script = `export PATH="${bin}:$PATH"\n${run}`;
        return [[name, command('bash', ['-eo', 'pipefail', '-c', script], cwd).status]];
      }),
    );
    expect(codes).toEqual({
      'Lint policies': 0,
      'Test policies': 0,
      'Validate plans': 1,
      'Bundle policies': 0,
    });
    expect(planLint('keygen', '--out', 'keys', '--name', 'acme').status).toBe(0);
    const bundle = ['bundle', '--policy-dir', 'policies', '--output', 'acme.mjs', '--key', 'keys/signer.key'];
    expect(planLint(...bundle, '--name', 'acme', '--sequence', '1')).toMatchObject({ status: 0 });
    writeFileSync(
      join(cwd, 'decide.js'),
      `import { readFile } from 'node:fs/promises';
import { loadBundle, parsePlan } from '@plan-lint/runtime';
const read = (name) => readFile(name);
const bundle = await loadBundle(await read('acme.mjs'), await read('acme.mjs.sigstore.json'), await read('keys/trust.json'), { name: 'acme' });
console.log(JSON.stringify(bundle.policy().evaluate(parsePlan(await readFile('agent/plans/bad.json', 'utf8')))));
`,
    );
    const { status, out } = command(process.execPath, ['decide.js'], cwd);
    expect(status, out).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ is_valid: false, status: 'deny' });
  });
});
