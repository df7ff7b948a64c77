import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { SUPPORT } from './scope.ts';
import type { SupportName } from './scope.ts';
import { supportSource } from '../code/code.ts';
import type { Code } from '../code/code.ts';

const here = fileURLToPath(import.meta.url);
const memo = new Map<string, Promise<Code>>();

/**
 * The support functions a module uses, bundled and minified by esbuild, names too: what a plan is decided by stands in every module. Policy text never passes through here:
 * esbuild would print escaped words plainly, so it comes before the policy's own code, not after.
 */
export function bundleSupport(names: readonly SupportName[], celNames: readonly string[]): Promise<Code> {
  const key = [...names, ...celNames].join();
  let code = memo.get(key);
  if (!code) {
    code = bundle(names, celNames);
    memo.set(key, code);
  }
  return code;
}

async function bundle(names: readonly SupportName[], celNames: readonly string[]): Promise<Code> {
  if (names.length + celNames.length === 0) return supportSource('');
  const extension = extname(here);
  // In the order of the table, core first: where two files have a private function of the same name, esbuild renames the later one's.
  const exports = [...new Set(Object.values(SUPPORT))].flatMap((file) =>
    names.filter((id) => SUPPORT[id] === file).map((id) => `export { ${id} } from './${file}${extension}';`),
  );
  const contents = [
    ...exports,
    ...celNames.map((id) => `export { ${id} } from './cel/index${extension}';`),
  ].join('\n');
  const result = await build({
    stdin: {
      contents,
      resolveDir: join(dirname(here), '../../engine'),
      sourcefile: `entry${extension}`,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'ascii',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
    // The nearest tsconfig is that of whoever runs the compiler.
    tsconfigRaw: {},
  });
  const text = result.outputFiles[0]?.text.trim() ?? '';
  const footer = /export\{([^{}]*)\};?$/.exec(text);
  if (!footer) throw new Error('support code cannot be placed into the module: it exports nothing');
  // A function around it, so that its short names are its own.
  const made = (footer[1] ?? '').split(',').map((each) => {
    const [inside = '', outside = inside] = each.split(' as ');
    return { inside, outside };
  });
  const taken = made.map(({ outside }) => outside).join();
  const given = made
    .map(({ inside, outside }) => (inside === outside ? inside : `${outside}:${inside}`))
    .join();
  return supportSource(`const{${taken}}=(()=>{${text.slice(0, footer.index)}return{${given}}})();`);
}
