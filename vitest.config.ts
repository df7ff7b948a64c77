import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = '@plan-lint/source';

/** What needs programs or data beside Node is run by `npm run test:parts`. */
const parts = JSON.parse(readFileSync(new URL('test/parts.json', import.meta.url), 'utf8')) as readonly {
  readonly files: readonly string[];
}[];
const ofParts = parts
  .flatMap(({ files }) => files)
  .map((file) => (file.endsWith('.ts') ? file : `${file}/**`));

/** What the build makes ready is made once a run, not once a file: seconds of the processor each. */
const ready = ['engine-parts', 'shape-validators', 'byte-scanner'];
const alias = Object.fromEntries(
  ready.map((name) => [`#${name}`, fileURLToPath(new URL(`dist/${name}.js`, import.meta.url))]),
);

export default defineConfig({
  resolve: { conditions: [source], alias },
  ssr: { resolve: { conditions: [source] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/setup.ts'],
    setupFiles: ['test/support/tidy.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...ofParts],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
    // Files share what they import: a quarter of the processor time. What a test changes, it puts back.
    isolate: false,
  },
});
