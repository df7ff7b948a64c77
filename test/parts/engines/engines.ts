/** The engines of the matrix: how each runs the program, and what it is expected to make of it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { partsDirectory } from '../../../scripts/parts-directory.mjs';
import { Browser, findBrowser } from '../../support/browser.ts';

export type Way = 'import' | 'vm' | 'adopt';

/** What came of the questions of one way. */
export interface WayResult {
  /** `yes`, or `no: ` and why. */
  readonly load: string;
  /** Kind → the code it is refused with, or `accepted`. */
  readonly refuse: Readonly<Record<string, string>>;
  /** Of adoption: `yes` where it decides right whatever its surroundings call what. */
  readonly shadowed?: string;
}

export interface Result {
  readonly error?: string;
  readonly verify: readonly string[];
  readonly ways: Readonly<Partial<Record<Way, WayResult>>>;
  /** Artifacts of the corpus that got another answer than they should. */
  readonly surprises: readonly string[];
}

export interface Engine {
  readonly name: string;
  /** A file that must be there, or whether it is there. */
  readonly needs: () => boolean;
  readonly run: (app: string) => Promise<Result> | Result;
  /** Ways that do not load here, and what they say; ways that are not listed load. */
  readonly refusing?: Readonly<Partial<Record<Way, RegExp>>>;
  /** Ways there are; without `vm` where there is no `node:vm`. */
  readonly ways: readonly Way[];
  /** Answers that differ from those of all others: still refusals, by another code. */
  readonly differing?: readonly string[];
}

const engines = join(partsDirectory(), 'engines');
const installed = (path: string): string => join(engines, 'node_modules', path);
const there = (path: string) => (): boolean => existsSync(path);
const fromEngines = createRequire(join(engines, 'package.json'));

const NODE_WAYS: readonly Way[] = ['import', 'vm', 'adopt'];
const WEB_WAYS: readonly Way[] = ['import', 'adopt'];

/** Runs a program and takes the line it prints. */
function execute(program: string, args: readonly string[], cwd: string): Result {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8', timeout: 120_000 });
  const line = (stdout ?? '').split('\n').find((each) => each.includes('RESULT {'));
  if (line === undefined)
    return { error: `${stdout}${stderr}`.slice(-1500), verify: [], ways: {}, surprises: [] };
  return JSON.parse(line.slice(line.indexOf('RESULT ') + 7)) as Result;
}

const major = Number(process.versions.node.split('.')[0]);
/** Node of a major version: the one that runs this test, or one of the engines. */
const nodeOf = (version: number): string =>
  version === major ? process.execPath : installed(`node${version}/bin/node`);

function nodeEngine(version: number, flags: readonly string[], file = 'main.mjs', suffix = ''): Engine {
  const shown = flags.find((flag) => !flag.startsWith('--allow') && flag !== '--no-warnings');
  return {
    name: `Node ${version}${shown === undefined ? '' : ` \`${shown.replace('experimental-', '')}\``}${suffix}`,
    needs: there(nodeOf(version)),
    run: (app) => execute(nodeOf(version), [...flags, file], app),
    ways: NODE_WAYS,
  };
}

const nodes = [20, 22, 24, 26].flatMap((version) => [
  nodeEngine(version, []),
  nodeEngine(version, [version < 24 ? '--experimental-permission' : '--permission', '--allow-fs-read=*']),
  nodeEngine(version, ['--frozen-intrinsics', '--no-warnings']),
  nodeEngine(version, ['--disallow-code-generation-from-strings']),
  nodeEngine(version, [], 'main.cjs', ', `require()`'),
]);

/** The program for hosts without Node, in one file beside the modules it has imported. */
async function buildForWeb(app: string): Promise<void> {
  await build({
    entryPoints: [join(app, 'web.mjs')],
    outfile: join(app, 'web.js'),
    bundle: true,
    format: 'esm',
    external: ['./good.mjs', './tampered.mjs', './reprinted.mjs', './shadowed.mjs'],
    logLevel: 'error',
  });
}

const PAGE = `import { run } from './web.js';
let result;
try { result = await run(); } catch (error) { result = { error: String(error) }; }
await fetch('/done', { method: 'POST', body: JSON.stringify(result) });
`;

/** Serves the program to a browser, with these headers on the page, and waits for what it says. */
async function inBrowser(app: string, headers: Readonly<Record<string, string>>): Promise<Result> {
  await buildForWeb(app);
  let done: (result: Result) => void = () => undefined;
  const result = new Promise<Result>((resolve) => (done = resolve));
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/done') {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        response.end();
        done(JSON.parse(body) as Result);
      });
      return;
    }
    if (path === '/')
      return void response
        .writeHead(200, { 'content-type': 'text/html', ...headers })
        .end('<!doctype html><title>engines</title><script type=module src=/page.mjs></script>');
    const text = path === '/page.mjs' ? PAGE : /^\/\w+\.m?js$/.test(path) && readFileSync(join(app, path));
    if (!text) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = new Browser(findBrowser() ?? '');
  const timer = setTimeout(
    () => done({ error: 'nothing came back', verify: [], ways: {}, surprises: [] }),
    90_000,
  );
  try {
    await browser.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, 'light');
    return await result;
  } finally {
    clearTimeout(timer);
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

const STRICT = { 'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'" };

const EXTERNAL = ['./good.mjs', './tampered.mjs', './shadowed.mjs'];

/** Tools that make one file of a program: the module is outside it, and once more inside, as the tool prints it. */
const TOOLS: Readonly<Record<string, (app: string) => Promise<unknown>>> = {
  esbuild: (app) =>
    build({
      entryPoints: [join(app, 'packed.mjs')],
      outfile: join(app, 'esbuild.out.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: EXTERNAL,
      logLevel: 'error',
    }),
  async rollup(app) {
    const { rollup } = (await import(pathToFileURL(installed('rollup/dist/es/rollup.js')).href)) as {
      readonly rollup: (options: object) => Promise<{ write(options: object): Promise<unknown> }>;
    };
    const resolved = await rollup({
      input: join(app, 'packed.mjs'),
      external: EXTERNAL,
      plugins: [
        {
          name: 'as-node-does',
          resolveId: (id: string) =>
            id.startsWith('@plan-lint/runtime')
              ? join(app, 'node_modules/@plan-lint/runtime/dist', `${id.split('/')[2] ?? 'index'}.js`)
              : EXTERNAL.includes(id)
                ? { id, external: true }
                : null,
        },
      ],
    });
    await resolved.write({ file: join(app, 'rollup.out.mjs'), format: 'es' });
  },
  webpack(app) {
    const webpack = fromEngines('webpack') as (
      options: object,
      then: (error: Error | null, stats?: { hasErrors(): boolean; toString(): string }) => void,
    ) => void;
    return new Promise<void>((resolve, reject) =>
      webpack(
        {
          mode: 'production',
          target: 'node20',
          context: app,
          entry: './packed.mjs',
          experiments: { outputModule: true },
          output: { path: app, filename: 'webpack.out.mjs', module: true },
          externalsType: 'module',
          externals: Object.fromEntries(EXTERNAL.map((each) => [each, each])),
          performance: { hints: false },
        },
        (error, stats) => {
          if (error ?? stats?.hasErrors() ?? true) reject(error ?? new Error(stats?.toString()));
          else resolve();
        },
      ),
    );
  },
};

const tool = (name: string, needs: () => boolean): Engine => ({
  name,
  needs,
  ways: NODE_WAYS,
  async run(app) {
    await TOOLS[name]?.(app);
    return execute(process.execPath, [`${name}.out.mjs`], app);
  },
});

const JEST = JSON.stringify({ testEnvironment: 'node', transform: {}, testMatch: ['**/engine.spec.mjs'] });

export const ENGINES: readonly Engine[] = [
  ...nodes,
  {
    name: 'Bun',
    needs: there(installed('.bin/bun')),
    run: (app) => execute(installed('.bin/bun'), ['main.mjs'], app),
    ways: NODE_WAYS,
    // It prints every module anew before it runs it.
    refusing: { adopt: /digest_mismatch/ },
  },
  {
    name: 'Deno',
    needs: there(installed('.bin/deno')),
    run: (app) =>
      execute(
        installed('.bin/deno'),
        ['run', '--no-prompt', '--node-modules-dir=manual', `--allow-read=${app}`, 'main.mjs'],
        app,
      ),
    ways: NODE_WAYS,
  },
  {
    name: 'workerd',
    needs: there(installed('miniflare/dist/src/index.js')),
    async run(app) {
      await buildForWeb(app);
      const script = join(import.meta.dirname, 'workerd.mjs');
      return execute(process.execPath, [script, installed('miniflare/dist/src/index.js'), app], app);
    },
    ways: WEB_WAYS,
    refusing: { import: /module_failed/ },
    // It does not import a key with that exponent, so nobody comes to ask how strong it is.
    differing: ['RSA of 2048 bits, exponent 65539: key_malformed, not key_weak'],
  },
  {
    name: 'Chromium',
    needs: () => findBrowser() !== null,
    run: (app) => inBrowser(app, {}),
    ways: WEB_WAYS,
  },
  {
    name: "Chromium, `script-src 'self'`",
    needs: () => findBrowser() !== null,
    run: (app) => inBrowser(app, STRICT),
    ways: WEB_WAYS,
    refusing: { import: /module_failed/ },
  },
  tool('webpack', there(installed('webpack/package.json'))),
  tool('esbuild', () => true),
  tool('rollup', there(installed('rollup/package.json'))),
  {
    name: 'jest',
    needs: there(installed('jest/bin/jest.js')),
    run(app) {
      writeFileSync(join(app, 'jest.config.json'), JEST);
      const jest = installed('jest/bin/jest.js');
      return execute(
        process.execPath,
        ['--experimental-vm-modules', '--no-warnings', jest, '--config', 'jest.config.json'],
        app,
      );
    },
    ways: NODE_WAYS,
  },
];
