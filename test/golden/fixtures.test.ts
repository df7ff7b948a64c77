/**
 * Each folder of `fixtures/` is a test: `policies/` (or the folder that `policies-dir` names) is compiled, what the compiler says must be
 * `expected/diagnostics.txt`, and each of `plans/` must be decided as `expected/<plan>.json` says, with what the
 * caller vouches for in `context.json`. Folders below `lint/` compile without a word, and show what `lint` warns of.
 * `FILTER=name`
 * runs the folders whose path contains it; `npm run goldens` writes what is expected anew.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compile, lint, renderDiagnostic } from '../../compiler/index.ts';
import { directoryHost } from '../../bundles/directory-host.ts';
import { bundleOf } from '../support/decide.ts';

const root = fileURLToPath(new URL('../../fixtures', import.meta.url));
const filter = process.env['FILTER'] ?? '';
const update = process.env['UPDATE'] === '1';

function casesBelow(folder: string): readonly string[] {
  if (existsSync(join(folder, 'policies')) || existsSync(join(folder, 'policies-dir'))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => casesBelow(join(folder, entry.name)));
}

const read = (...path: readonly string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));

function list(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

const cases = casesBelow(root)
  .map((folder) => relative(root, folder))
  .filter((name) => name.includes(filter));

/** `lint.json` of a fixture: options of `lint` that it needs. */
const optionsOf = (folder: string): object =>
  existsSync(join(folder, 'lint.json')) ? (read(folder, 'lint.json') as object) : {};

const AT = { now: Date.parse('2026-06-01T00:00:00Z'), warnExpiry: 30 * 86_400_000 };

it('finds fixtures', () => {
  expect(cases.length).toBeGreaterThan(0);
});

it.each(cases)('%s', async (name) => {
  const folder = join(root, name);
  const found = new Map<string, string>();
  const named = join(folder, 'policies-dir');
  const policies = join(folder, existsSync(named) ? readFileSync(named, 'utf8').trim() : 'policies');
  const host = directoryHost(policies);
  const { result, diagnostics } = await compile(host);
  if (name.startsWith('lint/')) {
    expect(diagnostics, 'what only lint is to say').toEqual([]);
    const { diagnostics: warnings } = await lint(host, { ...AT, ...optionsOf(folder) });
    found.set('diagnostics.txt', `${warnings.map(renderDiagnostic).join('\n\n')}\n`);
  }
  if (diagnostics.length > 0)
    found.set('diagnostics.txt', `${diagnostics.map(renderDiagnostic).join('\n\n')}\n`);
  const plans = list(join(folder, 'plans'));
  expect(plans.length > 0 && !result, 'plans, but policies that do not compile').toBe(false);
  if (result && plans.length > 0) {
    const bundle = await bundleOf(result);
    const context = existsSync(join(folder, 'context.json')) ? read(folder, 'context.json') : undefined;
    for (const plan of plans) {
      const { entry, status, risk_score, violations } = bundle
        .policy()
        .evaluate(read(folder, 'plans', plan), { context })
        .toJSON();
      found.set(plan, `${JSON.stringify({ entry, status, risk_score, violations }, null, 2)}\n`);
    }
  }
  expect(found.size, 'a fixture that shows nothing').toBeGreaterThan(0);
  if (update) writeExpected(join(folder, 'expected'), found);
  const expected = list(join(folder, 'expected')).map((file) => {
    return [file, readFileSync(join(folder, 'expected', file), 'utf8')];
  });
  expect(Object.fromEntries([...found].sort())).toEqual(Object.fromEntries(expected));
});

function writeExpected(folder: string, found: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of found) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}
