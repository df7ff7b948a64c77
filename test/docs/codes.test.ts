/** `docs/codes/`: a page for each diagnostic, made from the catalog, from the fixture that provokes it, and from why. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../compiler/diagnostics/catalog.ts';
import type { CatalogEntry, DiagnosticCode } from '../../compiler/diagnostics/catalog.ts';
import { filesIn, fixtureOf, printed, textOf } from './fixture.ts';
import { checkPage, fileOf } from './page.ts';
import { WHY } from './why/index.ts';

/** Stands for any parameter of a message: its name in braces. */
const parameters = new Proxy(
  {},
  {
    get: (_target, key) =>
      /s$|known|allowed|cycle/.test(String(key)) && key !== 'says'
        ? [`{${String(key)}}`]
        : `{${String(key)}}`,
  },
);

/** Files longer than this are left to the fixture itself. */
const MOST_LINES = 40;
/** A fixture of more files shows the first few. */
const MOST_FILES = 8;
const FEW_FILES = 3;

const entries = Object.entries(catalog).sort(([one], [other]) =>
  one < other ? -1 : 1,
) as readonly (readonly [string, CatalogEntry<unknown>])[];

/** A file of a fixture as a page shows it. */
function shown(fixture: string, folder: 'policies' | 'good', name: string): string {
  const text = textOf(fixture, folder, name).trimEnd();
  if (text === '') return folder === 'good' ? `\`${name}\` is gone.\n` : '';
  // Bytes that are no text stand in the fixture alone.
  const isShort =
    text.split('\n').length <= MOST_LINES && !/[\p{Cc}\p{Cf}\uFFFD]/u.test(text.replaceAll('\n', ''));
  const language = name.endsWith('json') ? 'json' : 'yaml';
  return isShort ? `\`${name}\`:\n\n\`\`\`${language}\n${text}\n\`\`\`\n` : '';
}

const allShown = (fixture: string, folder: 'policies' | 'good'): readonly string[] =>
  filesIn(fixture, folder)
    .map((name) => shown(fixture, folder, name))
    .filter((each) => each !== '');

/** A hint that depends on what was found stands with the example instead. */
function hintOf(hint: CatalogEntry<unknown>['hint']): string {
  try {
    return hint(parameters);
  } catch {
    return '';
  }
}

/** The bad files, what is told of them, and the same mended. */
function exampleOf(fixture: string, code: string): readonly string[] {
  const all = allShown(fixture, 'policies');
  const bad = all.length > MOST_FILES ? all.slice(0, FEW_FILES) : all;
  const rest = bad.length < all.length ? [`And ${all.length - bad.length} files more of this kind.\n`] : [];
  return [
    '## Bad',
    '',
    ...bad,
    ...rest,
    '```text',
    printed(fixture, code),
    '```',
    '',
    '## Good',
    '',
    ...allShown(fixture, 'good'),
    `Both stand in \`${fixture}\`; a test compiles both.`,
    '',
  ];
}

function page(code: string, { severity, text, hint }: CatalogEntry<unknown>): string {
  const fixture = fixtureOf(code);
  const hinted = hintOf(hint);
  const parts = [
    `# ${code}`,
    '',
    `*Reference.* ${severity === 'error' ? 'An error: nothing is compiled.' : 'A warning of `plan-lint lint`.'}`,
    '',
    `> ${text(parameters)}`,
    '',
    '## Why',
    '',
    WHY[code as DiagnosticCode],
    '',
  ];
  if (hinted !== '') parts.push('## What to do', '', hinted, '');
  if (fixture !== undefined) parts.push(...exampleOf(fixture, code));
  parts.push('[All codes](README.md)', '');
  return parts.join('\n');
}

describe('docs/codes', () => {
  it.each(entries)('%s', (code, entry) => {
    checkPage(`docs/codes/${code}.md`, page(code, entry));
  });

  it('lists every code', () => {
    const rows = entries.map(([code, { severity, text }]) => {
      return `| [${code}](${code}.md) | ${severity} | ${text(parameters).replaceAll('|', '\\|')} |`;
    });
    const lines = [
      '# Codes',
      '',
      '*Reference.* Each diagnostic of the compiler: what is bad, the same mended, and why. `npm run goldens` makes these pages.',
      '',
      '| code | | says |',
      '| --- | --- | --- |',
      ...rows,
      '',
    ];
    checkPage('docs/codes/README.md', lines.join('\n'));
  });

  it('has no page of a code that is gone', () => {
    const pages = readdirSync(fileOf('docs/codes')).filter((name) => name.startsWith('PL'));
    expect(pages.sort()).toEqual(entries.map(([code]) => `${code}.md`));
  });
});
