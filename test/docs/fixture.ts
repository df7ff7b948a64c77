/** Fixtures of diagnostics as pages show them: `policies/` is bad, and `good/` holds the files in which it is mended. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileOf } from './page.ts';

export const fixtures: readonly string[] = ['fixtures/diagnostics', 'fixtures/lint'].flatMap((folder) =>
  readdirSync(fileOf(folder))
    .sort()
    .map((name) => `${folder}/${name}`),
);

/** Names of the policy and catalog files of a folder, in order. */
export function filesIn(fixture: string, folder: 'policies' | 'good'): readonly string[] {
  const directory = fileOf(join(fixture, folder));
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.(ya?ml|json)$/i.test(name))
    .sort();
}

/** The text of a file; '' where it is a link that leads nowhere. */
export function textOf(fixture: string, folder: 'policies' | 'good', name: string): string {
  const file = fileOf(join(fixture, folder, name));
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** What was printed of a fixture; diagnostics stand apart by an empty line. */
export function printedOf(fixture: string): readonly string[] {
  const expected = fileOf(join(fixture, 'expected/diagnostics.txt'));
  return existsSync(expected) ? readFileSync(expected, 'utf8').trimEnd().split('\n\n') : [];
}

/** The first that was printed of this code, or ''. */
export const printed = (fixture: string, code: string): string =>
  printedOf(fixture).find((block) => block.split('\n')[0]?.includes(` ${code}: `)) ?? '';

/** The fixture that shows a code: one that is mended before one that is not. */
export function fixtureOf(code: string): string | undefined {
  const showing = fixtures.filter((name) => printed(name, code) !== '');
  return showing.find((name) => filesIn(name, 'good').length > 0) ?? showing[0];
}

/** The files once they are mended: those of `good/` in place of the bad ones. An empty file is one that goes. */
export function mendedFiles(fixture: string): Readonly<Record<string, string>> {
  const mended = filesIn(fixture, 'good');
  const kept = filesIn(fixture, 'policies').filter((name) => !mended.includes(name));
  const texts: Record<string, string> = {};
  for (const name of kept) texts[name] = textOf(fixture, 'policies', name);
  for (const name of mended) {
    const text = textOf(fixture, 'good', name);
    if (text !== '') texts[name] = text;
  }
  return texts;
}
