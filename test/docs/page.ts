/** Pages that are made from the code: what stands in the repository must be what the code makes now. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const update = process.env['UPDATE'] === '1';

export const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Holds a page to what the code makes; `npm run goldens` writes it anew. */
export function checkPage(path: string, expected: string): void {
  if (update) {
    mkdirSync(dirname(fileOf(path)), { recursive: true });
    writeFileSync(fileOf(path), expected);
  }
  expect(readFileSync(fileOf(path), 'utf8')).toBe(expected);
}
