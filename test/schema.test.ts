/** The schemas that editors read say what the compiler accepts; `npm run goldens` writes them anew. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { SCHEMA_FILES } from '../compiler/1-parse/published.ts';
import { parseYaml } from '../compiler/1-parse/yaml.ts';
import { SCHEMAS, schema } from '../cli/commands/schema.ts';
import { Diagnostics } from '../compiler/diagnostics/diagnostic.ts';
import type { YamlNode } from '../compiler/ir/node.ts';
import { TEST_SCHEMA_FILE } from '../cli/testing/shape.ts';
import { STARTER } from '../cli/authoring/starter.ts';
import { place } from './cli/place.ts';

const root = join(import.meta.dirname, '..');
const names = ['policy', 'configuration', 'test'] as const;
const FILES = { ...SCHEMA_FILES, test: TEST_SCHEMA_FILE };

const validators = Object.fromEntries(
  names.map((name) => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
    return [name, ajv.compile(SCHEMAS[name])];
  }),
);

/** The file's errors; nothing where it is no YAML at all. */
function errorsOf(path: string, text: string): readonly unknown[] | null {
  const node = parseYaml({ path, text }, new Diagnostics());
  if (!node) return null;
  const validate = validators[path.endsWith('plan-lint.yaml') ? 'configuration' : 'policy'];
  return validate?.(plain(node)) ? [] : (validate?.errors ?? ['no schema']);
}

function plain(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'sequence') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(root, folder, path))
    .filter((path) => path.endsWith('.yaml'));

const read = (path: string): string => readFileSync(path, 'utf8');

describe.each(names)('the schema of %s', (name) => {
  const file = join(root, 'policies', FILES[name]);

  it('is what the compiler makes now', async () => {
    const at = place();
    await schema({ of: name }, at.io);
    const printed = at.out();
    if (process.env['UPDATE'] === '1') writeFileSync(file, printed);
    expect(printed).toBe(read(file));
    at.remove();
  });

  it('describes every key', () => {
    const silent: string[] = [];
    const look = (value: unknown, at: string): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        if (key === 'properties') {
          for (const [property, said] of Object.entries(inner as object)) {
            if (!(said as { description?: string }).description) silent.push(`${at}/${property}`);
          }
        }
        look(inner, `${at}/${key}`);
      }
    };
    look(SCHEMAS[name], '');
    expect(silent).toEqual([]);
  });
});

it('accepts every policy that is shipped or written by init, and that of every fixture that compiles', () => {
  const fixtures = filesBelow('fixtures').filter((path) => {
    const shown = join(path.slice(0, path.indexOf('/policies/')), 'expected/diagnostics.txt');
    return path.includes('/policies/') && !(existsSync(shown) && read(shown).includes(' error PL'));
  });
  const files = [...filesBelow('policies'), ...fixtures].map((path) => [path, read(path)] as const);
  const written = Object.entries(STARTER).filter(([path]) => path.startsWith('policies/'));
  const all = [...files, ...written];
  expect(all.length).toBeGreaterThan(40);
  expect(all.flatMap(([path, text]) => (errorsOf(path, text)?.length === 0 ? [] : [path]))).toEqual([]);
});

it('refuses every fixture that the compiler refuses for its shape', () => {
  const codes = ['PL1101', 'PL1102', 'PL1103', 'PL1104', 'PL1105', 'PL1107'];
  // Beside what is refused stands the same policy, mended.
  const refused = filesBelow('fixtures/diagnostics').filter(
    (path) => codes.some((code) => path.includes(code)) && !path.includes('/good/'),
  );
  expect(refused.length).toBeGreaterThanOrEqual(codes.length);
  const accepted = refused.filter((path) => errorsOf(path, read(path))?.length === 0);
  expect(accepted.filter((path) => shapeErrors(path))).toEqual([]);
});

/** Whether the diagnostics of the fixture name this file, for its shape. */
function shapeErrors(path: string): boolean {
  const [folder = '', name = ''] = path.split('/policies/');
  const shown = read(join(folder, 'expected/diagnostics.txt'));
  return new RegExp(`^${name.replaceAll('.', '\\.')}:.* error PL110[123457]:`, 'm').test(shown);
}

describe('the validators that the build makes', () => {
  const broken = [
    {},
    { rules: [{ rule: 'a b', severity: 'grave', pattern: { tool: 5 }, weight: 2 }], rool: 1 },
    { max_steps: -1, bounds: { 'a.b': [1] }, extends: 5, deny_tokens_regex: [''] },
    {
      name: 'x'.repeat(200),
      require_base: [{ sha256: 'x' }],
      capabilities: ['session', 'session'],
      catalog: 5,
    },
  ];

  it('say what ajv says of the schemas as they are now', async () => {
    const ready = await import('#shape-validators');
    const now = await import('../scripts/shape-validators.ts');
    for (const name of ['validatePolicy', 'validateConfiguration'] as const) {
      for (const document of broken) {
        const says = [ready, now].map((module) => [module[name](document), module[name].errors]);
        expect(says[0]).toEqual(says[1]);
      }
    }
  });

  it('are the same text each time, which makes no code of text', async () => {
    const { shapeValidatorsText } = await import('../scripts/shape-validators.ts');
    const text = shapeValidatorsText();
    expect(read(join(root, 'dist/shape-validators.js'))).toBe(text);
    expect(text).not.toMatch(/require\(|new Function|eval\(/);
  });
});
