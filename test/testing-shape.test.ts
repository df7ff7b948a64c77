/** What an editor says of a file of tests is what the reader says of it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { readTests } from '../cli/testing/read.ts';
import { KEYS, testSchema } from '../cli/testing/shape.ts';
import { place } from './cli/place.ts';

const isValid = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
  testSchema,
);

/** One of each key, in a table and alone. */
const FULL = {
  tests: [
    {
      name: 'a table',
      plan: { steps: [] },
      expect: { status: 'deny' },
      cases: [
        {
          name: 'a row',
          step: { id: 'a', tool: 'a.b', args: { x: 1 }, depends_on: ['s0'], on_fail: 'stop' },
        },
        { entry: 'finance', context: { role: 'x' }, now: '2026-06-01T00:00:00Z', values: 'later' },
        {
          now: 5,
          expect: {
            violations: ['r', { rule: 'r', step: 'a' }, { rule: 'r', step_index: 0 }],
            not: ['q'],
            exact: true,
          },
        },
      ],
    },
    { plan_file: 'plan.json', expect: { violations: [] } },
    { record_file: 'log.jsonl:1', expect: { status: 'pass' } },
  ],
};

type Path = readonly (string | number)[];

function pathsOf(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...at, key]))];
}

function withValue(root: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(root))
    return (root as readonly unknown[]).map((each, i) =>
      i === Number(key) ? withValue(each, rest, value) : each,
    );
  const mapping = root as Readonly<Record<string, unknown>>;
  return { ...mapping, [key]: withValue(mapping[key], rest, value) };
}

/** The same with the last key of a path misspelt. */
function misspelt(root: unknown, path: Path): unknown {
  const parent = path.slice(0, -1);
  const mapping = parent.reduce<unknown>((each, key) => (each as Record<string, unknown>)[key], root);
  if (Array.isArray(mapping) || path.length === 0) return root;
  const entries = Object.entries(mapping as Readonly<Record<string, unknown>>);
  const renamed = Object.fromEntries(
    entries.map(([key, value]): [string, unknown] => [key === path.at(-1) ? `${key}x` : key, value]),
  );
  return withValue(root, parent, renamed);
}

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));

it('takes the tests of the shipped policies', () => {
  const files = filesOf(join(import.meta.dirname, '../policy-tests'));
  expect(files.length).toBeGreaterThan(5);
  for (const text of files) expect(isValid(load(text)), JSON.stringify(isValid.errors)).toBe(true);
});

it('knows each key', () => {
  const written = JSON.stringify(FULL);
  for (const key of Object.values(KEYS).flat()) expect(written).toContain(`"${key}"`);
});

it('refuses what the reader refuses, and nothing else, wherever one value or key is another', async () => {
  const at = place();
  at.write({
    'tests/plan.json': '{"steps":[]}',
    'tests/log.jsonl': '{"plan":{"steps":[]}}\n',
  });
  const others = [5, true, 'odd', ['odd'], { odd: 1 }];
  const paths = pathsOf(FULL);
  const files = [
    FULL,
    ...paths.flatMap((path) => [
      misspelt(FULL, path),
      ...others.map((value) => withValue(FULL, path, value)),
    ]),
  ];
  let refused = 0;
  for (const file of files) {
    const text = JSON.stringify(file);
    // A file that does not exist and an instant that is none are no matter of shape; one without tests is let be.
    if (/_file":"odd|now":"odd/.test(text) || !text.includes('"expect"')) continue;
    at.write({ 'tests/t.yaml': text });
    const isRead = await readTests(join(at.directory, 'tests'), at.io).then(
      () => true,
      () => false,
    );
    expect({ text, isValid: isValid(file) }).toEqual({ text, isValid: isRead });
    if (!isRead) refused += 1;
  }
  at.remove();
  expect(files.length - refused).toBeGreaterThan(50);
  expect(refused).toBeGreaterThan(150);
});
