import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const source = '@plan-lint/source';

/** What needs programs or data beside Node is run by `npm run test:parts`. */
const parts = JSON.parse(readFileSync(new URL('test/parts.json', import.meta.url), 'utf8')) as readonly {
  readonly files: readonly string[];
}[];
const ofParts = parts
  .flatMap(({ files }) => files)
  .map((file) => (file.endsWith('.ts') ? file : `${file}/**`));

export default defineConfig({
  resolve: { conditions: [source] },
  ssr: { resolve: { conditions: [source] } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...ofParts],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
  },
});
