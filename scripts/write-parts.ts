/** Writes what the built compiler finds ready: the pieces of the engine, the validators of shapes, the scanner of bytes. Runs before the type check of the build. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SCANNER_TEXT } from './byte-scanner.ts';
import { engineParts } from './engine-parts.ts';
import { shapeValidatorsText } from './shape-validators.ts';

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
writeFileSync(file('shape-validators.js'), shapeValidatorsText());
writeFileSync(
  file('shape-validators.d.ts'),
  `import type { ValidateFunction } from 'ajv';
export declare const validatePolicy: ValidateFunction;
export declare const validateConfiguration: ValidateFunction;
`,
);
writeFileSync(file('byte-scanner.js'), SCANNER_TEXT);
writeFileSync(file('byte-scanner.d.ts'), 'export declare const SCANNER: string;\n');
