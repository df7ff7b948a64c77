/** Pages that are made from the code must be what the code makes now; `npm run goldens` writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { catalog } from '../compiler/diagnostics/catalog.ts';
import type { CatalogEntry } from '../compiler/diagnostics/catalog.ts';
import { OPERANDS, OPERATIONS } from '../compiler/operations/index.ts';
import { ERRORS } from '../runtime/meanings.ts';

const update = process.env['UPDATE'] === '1';

/** Stands for any parameter of a message: its name in braces, and an empty or one-element list. */
const parameters = new Proxy(
  {},
  {
    get: (_target, key) =>
      /s$|known|allowed|cycle/.test(String(key)) && key !== 'says'
        ? [`{${String(key)}}`]
        : `{${String(key)}}`,
  },
);

function diagnosticsPage(): string {
  const inOrder = Object.entries(catalog).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = inOrder.map(([code, entry]) => {
    const { severity, text } = entry as CatalogEntry<unknown>;
    return `| ${code} | ${severity} | ${text(parameters).replaceAll('|', '\\|')} |`;
  });
  const runtime = Object.entries(ERRORS).map(
    ([code, [meaning, hint]]) => `| \`${code}\` | ${meaning} | ${hint} |`,
  );
  return [
    '# Diagnostics',
    '',
    '*Reference.* All codes in one table; [codes](codes/README.md) has each with an example.',
    '',
    'Made from `compiler/diagnostics/catalog.ts` and `runtime/meanings.ts` by `npm run goldens`. Each compiler',
    'diagnostic has a fixture under `fixtures/diagnostics/` that shows it with its place and hint.',
    '',
    '## Compiler',
    '',
    '| code | | says |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '## Loading a bundle',
    '',
    '| code | means | what to do |',
    '| --- | --- | --- |',
    ...runtime,
    '',
  ].join('\n');
}

/** What an operation looks at, in words. */
const LOOKS_AT = {
  texts: 'every text at or below the argument',
  size: 'its length',
  value: 'the value',
} as const;

function operationsTable(): string {
  const rows = Object.values(OPERATIONS).map(({ name, operand, anywhere, reads }) => {
    return `| \`${name}\` | ${OPERANDS[operand].expected} | ${LOOKS_AT[reads]} | ${anywhere ? 'may be left out' : 'needed'} |`;
  });
  return ['| operation | `value` | looks at | `arg` |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function file(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

function check(path: string, expected: string): void {
  if (update) writeFileSync(file(path), expected);
  expect(readFileSync(file(path), 'utf8')).toBe(expected);
}

it('docs/diagnostics.md lists every diagnostic', () => {
  check('docs/diagnostics.md', diagnosticsPage());
});

function findingsTable(): string {
  const rows = Object.entries(catalog).flatMap(([code, entry]) => {
    const { text, hint } = entry as CatalogEntry<unknown>;
    if (!code.startsWith('PL4')) return [];
    const cells = [text(parameters), hint(parameters)].map((cell) => cell.replaceAll('|', '\\|'));
    return [`| ${[code, ...cells].join(' | ')} |`];
  });
  return ['| code | says | what to do |', '| --- | --- | --- |', ...rows.sort()].join('\n');
}

it('docs/lint.md lists what lint warns of', () => {
  const page = readFileSync(file('docs/lint.md'), 'utf8');
  const [before = '', rest = ''] = page.split('<!-- findings -->\n');
  const [, after = ''] = rest.split('<!-- end -->');
  const expected = `${before}<!-- findings -->\n${findingsTable()}\n<!-- end -->${after}`;
  check('docs/lint.md', expected);
  expect(expected).toContain(findingsTable());
});

it('docs/policies/patterns.md has the table of operations', () => {
  const page = readFileSync(file('docs/policies/patterns.md'), 'utf8');
  const [before = '', rest = ''] = page.split('<!-- operations -->\n');
  const [, after = ''] = rest.split('<!-- end -->');
  const expected = `${before}<!-- operations -->\n${operationsTable()}\n<!-- end -->${after}`;
  check('docs/policies/patterns.md', expected);
  expect(expected).toContain(operationsTable());
});

it('docs/loading.md and verifier number the same steps', () => {
  const page = readFileSync(file('docs/loading.md'), 'utf8');
  const steps = [...page.matchAll(/^(\d+)\. /gm)].map((found) => Number(found[1]));
  expect(steps).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
  const code = ['verify', 'permit', 'load']
    .map((name) => readFileSync(file(`runtime/${name}.ts`), 'utf8'))
    .join('\n');
  const said = steps.filter((step) =>
    step === 14 ? code.includes('Step 14') : new RegExp(`(?:// |, |\\. |to )${step}\\. `).test(code),
  );
  expect(said).toEqual(steps);
});
