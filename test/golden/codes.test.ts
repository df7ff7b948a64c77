import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { catalog } from '../../compiler/diagnostics/catalog.ts';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));

it('every diagnostic is provoked by a fixture', () => {
  const texts = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('diagnostics.txt'))
    .map((path) => readFileSync(join(fixtures, path), 'utf8'))
    .join('\n');
  const silent = Object.keys(catalog).filter((code) => !texts.includes(` ${code}: `));
  expect(silent).toEqual([]);
});
