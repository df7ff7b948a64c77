/** `docs/codes/`: a page for each diagnostic, made from the catalog and from the fixture that provokes it. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../compiler/diagnostics/catalog.ts';
import type { CatalogEntry } from '../../compiler/diagnostics/catalog.ts';
import { checkPage, fileOf } from './page.ts';

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

const entries = Object.entries(catalog).sort(([one], [other]) =>
  one < other ? -1 : 1,
) as readonly (readonly [string, CatalogEntry<unknown>])[];

const fixtures = ['fixtures/diagnostics', 'fixtures/lint'].flatMap((folder) =>
  readdirSync(fileOf(folder)).map((name) => `${folder}/${name}`),
);

/** What was printed of this code; diagnostics stand apart by an empty line. */
function printed(fixture: string, code: string): string {
  const expected = fileOf(join(fixture, 'expected/diagnostics.txt'));
  if (!existsSync(expected)) return '';
  const blocks = readFileSync(expected, 'utf8').trimEnd().split('\n\n');
  return blocks
    .filter((block) => block.split('\n')[0]?.includes(` ${code}: `))
    .slice(0, 1)
    .join('');
}

function filesOf(fixture: string): readonly string[] {
  const folder = fileOf(join(fixture, 'policies'));
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort();
}

function shown(fixture: string, name: string): string {
  const file = fileOf(join(fixture, 'policies', name));
  // A fixture may be a link that leads nowhere.
  if (!existsSync(file)) return '';
  const text = readFileSync(file, 'utf8').trimEnd();
  const isShort = text.split('\n').length <= MOST_LINES && !/[^\n -~]/.test(text);
  const language = name.endsWith('json') ? 'json' : 'yaml';
  return isShort && text !== '' ? `\`${name}\`:\n\n\`\`\`${language}\n${text}\n\`\`\`\n` : '';
}

/** A hint that depends on what was found stands with the example instead. */
function hintOf(hint: CatalogEntry<unknown>['hint']): string {
  try {
    return hint(parameters);
  } catch {
    return '';
  }
}

function page(code: string, { severity, text, hint }: CatalogEntry<unknown>): string {
  const fixture = fixtures.find((name) => printed(name, code) !== '');
  const hinted = hintOf(hint);
  const parts = [
    `# ${code}`,
    '',
    `*Reference.* ${severity === 'error' ? 'An error: nothing is compiled.' : 'A warning of `plan-lint lint`.'}`,
    '',
    `> ${text(parameters)}`,
    '',
  ];
  if (hinted !== '') parts.push('## What to do', '', hinted, '');
  if (fixture) {
    parts.push('## An example that is told', '');
    const files = filesOf(fixture).map((name) => shown(fixture, name));
    parts.push(...files.filter((each) => each !== ''));
    parts.push('```text', printed(fixture, code), '```', '', `It stands in \`${fixture}\`.`, '');
  }
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
      '*Reference.* Each diagnostic of the compiler, with an example. `npm run goldens` makes these pages.',
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
