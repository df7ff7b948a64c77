/** The compiler in a browser: bundled for one, without a builtin of Node, it makes the bytes that Node makes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, findBrowser } from '../support/browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What is shipped, as `npm run build` leaves it. */
const entry = join(root, 'dist/compiler/index.js');
const name = findBrowser();
const reason = name === null ? ' (skipped: no Chromium; set BROWSER, or install the package chromium)' : '';

function filesBelow(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => /\.(ya?ml|json)$/.test(path) && !path.startsWith('schema'));
  return Object.fromEntries(
    files.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, folder, path), 'utf8')]),
  );
}

/** Sets of policies that take every way through the compiler: conditions, patterns, a pin, schemas of arguments. */
const CASES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['the shipped policies', filesBelow('policies')],
  ['a pinned parent', filesBelow('fixtures/pinned-parent/policies')],
  [
    'schemas of arguments',
    {
      'plan-lint.yaml': 'catalog: tools.json\n',
      'p.yaml':
        'validate_args: true\ntools: only-catalog\nrules:\n  - rule: r\n    when: step.args.to.matches("^DE[0-9]+$")\n',
      'tools.json': JSON.stringify({
        tools: [
          {
            name: 'pay',
            inputSchema: {
              type: 'object',
              properties: { to: { type: 'string', pattern: '^[A-Z]{2}[0-9]*$' } },
            },
          },
        ],
      }),
    },
  ],
];

/** What compiles the files and answers with the text of the module, or with what was told of them. */
const program = (compiler: string, files: object): string => `(async () => {
  const { compile, memoryHost, renderDiagnostic } = ${compiler};
  const { result, diagnostics } = await compile(memoryHost(${JSON.stringify(files)}));
  return result ? result.module.code : diagnostics.map(renderDiagnostic).join('\\n');
})()`;

function compiledByNode(files: object): string {
  const script = `process.stdout.write(await ${program(`await import(${JSON.stringify(pathToFileURL(entry).href)})`, files)})`;
  return execFileSync(process.execPath, ['--input-type=module', '-'], {
    input: script,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
}

describe('the compiler in a browser', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plan-lint-browser-compiler-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const script = join(directory, 'compiler.js');

  beforeAll(async () => {
    const { metafile, outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'browser',
      format: 'iife',
      globalName: 'planLint',
      charset: 'utf8',
      // Builtins stay outside, so that they are counted and not only refused.
      external: ['node:*', ...builtinModules],
    });
    const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    const inside = Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    expect(outside).toEqual([]);
    expect(inside.filter((path) => path.startsWith('node:') || builtinModules.includes(path))).toEqual([]);
    writeFileSync(script, outputFiles[0]?.text ?? '');
  });

  it('holds no builtin of Node', () => {
    expect(readFileSync(script, 'utf8')).toContain('planLint');
  });

  describe.skipIf(name === null)(`${name ?? 'no browser'}${reason}`, () => {
    let browser: Browser;
    beforeAll(() => {
      browser = new Browser(name ?? '');
      writeFileSync(join(directory, 'page.html'), '<!doctype html><script src="compiler.js"></script>');
    });
    afterAll(() => browser.close());

    it.each(CASES)('makes the bytes that Node makes of %s', async (_name, files) => {
      const page = await browser.open(pathToFileURL(join(directory, 'page.html')).href, 'light');
      const code = await page.evaluate(program('planLint', files));
      expect(page.events.complaints).toEqual([]);
      expect(code).toMatch(/^export default/m);
      expect(code).toBe(compiledByNode(files));
    });
  });
});
