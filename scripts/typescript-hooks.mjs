// Loader hooks: a `.ts` file loses its types by esbuild, nothing else is touched. `load` is for Node's `module.register`,
// `loadSync` for `module.registerHooks`, which later versions have in its place.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

export function loadSync(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const sourcefile = fileURLToPath(url);
  const { code } = transformSync(readFileSync(sourcefile, 'utf8'), {
    sourcefile,
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    tsconfigRaw: {},
  });
  return { format: 'module', source: code, shortCircuit: true };
}

export const load = async (url, context, next) => loadSync(url, context, next);
