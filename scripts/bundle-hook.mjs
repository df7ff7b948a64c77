// The hook in one file: an agent starts it before each call, and a file for each idea would take longer to open than to run.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
await build({
  entryPoints: [at('../agents/hook/main.ts')],
  outfile: at('../agents/dist/hook/main.js'),
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  legalComments: 'none',
  logLevel: 'warning',
});
