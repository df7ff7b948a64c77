/** Writes the pieces of the engine for the built compiler: `dist/engine-parts.js`. Runs before the type check of the build. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { engineParts } from './engine-parts.ts';

const dist = new URL('../dist/', import.meta.url);
mkdirSync(dist, { recursive: true });
const file = (name: string): string => fileURLToPath(new URL(name, dist));
writeFileSync(file('engine-parts.js'), `export const ENGINE_PARTS = ${JSON.stringify(engineParts())};\n`);
// Without an import: the type check of the build would take the declarations in `dist` for its input.
writeFileSync(
  file('engine-parts.d.ts'),
  `export declare const ENGINE_PARTS: {
  readonly exports: Readonly<Record<string, readonly [name: string, piece: number]>>;
  readonly pieces: readonly { readonly keyword: '' | 'var'; readonly text: string; readonly needs: readonly number[] }[];
};
`,
);
