/** What the pages of codes call good is: it compiles without an error, and nothing is told of it that was told of the bad. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, lint, memoryHost, renderDiagnostic } from '../../compiler/index.ts';
import { catalog } from '../../compiler/diagnostics/catalog.ts';
import { filesIn, fixtureOf, fixtures, mendedFiles, printedOf } from './fixture.ts';
import { fileOf } from './page.ts';
import { sentencesOf } from '../../scripts/prose.ts';
import { WHY } from './why/index.ts';

/** The day on which the fixtures of `lint` are read. */
const AT = { now: Date.parse('2026-06-01T00:00:00Z'), warnExpiry: 30 * 86_400_000 };

const optionsOf = (fixture: string): object => {
  const file = fileOf(`${fixture}/lint.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : {};
};

const codesOf = (fixture: string): readonly string[] =>
  printedOf(fixture).flatMap((block) => (/ (PL\d{4}): /.exec(block) ?? []).slice(1));

const mended = fixtures.filter((fixture) => filesIn(fixture, 'good').length > 0);

describe('mended policies', () => {
  it('are there for every code', () => {
    expect(Object.keys(catalog).filter((code) => !mended.includes(fixtureOf(code) ?? ''))).toEqual([]);
  });

  it.each(mended)('%s', async (fixture) => {
    const bad = codesOf(fixture);
    expect(bad.length).toBeGreaterThan(0);
    const host = memoryHost(mendedFiles(fixture));
    const { result, diagnostics } = await compile(host);
    const { diagnostics: warnings } = await lint(host, { ...AT, ...optionsOf(fixture) });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(renderDiagnostic)).toEqual([]);
    expect(result).toBeDefined();
    const again = [...diagnostics, ...warnings].filter(({ code }) => bad.includes(code));
    expect(again.map(renderDiagnostic)).toEqual([]);
  });
});

it('each code says why, in two sentences', () => {
  const lengths = Object.entries(WHY).map(([code, why]) => [code, sentencesOf(why).length]);
  expect(lengths.filter(([, length]) => length !== 2)).toEqual([]);
});
