/** The table of docs/corpora.md says what is decided. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { present } from './corpora.ts';
import { SEAL } from './seal.ts';
import { table } from './table.ts';

const cells = (row: string): readonly string[] =>
  row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''));

it.skipIf(!present(SEAL))('the table of the page is the one that the command prints', async () => {
  const page = readFileSync(new URL('../../docs/corpora.md', import.meta.url), 'utf8');
  const [rows = ''] = /\| Corpus \|[^]*?(?=\n\n)/.exec(page) ?? [];
  const before = cells(rows.split('\n')[0] ?? '').indexOf('Denied before');
  expect(before).toBeGreaterThan(0);
  const shown = rows.split('\n').map((row) => cells(row).filter((_, i) => i !== before));
  expect(shown).toEqual((await table(null)).split('\n').map(cells));
});
