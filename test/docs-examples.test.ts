/** YAML in the documents that is a policy, or rules of one, compiles as it stands. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { compile, memoryHost, renderDiagnostic } from '../compiler/index.ts';
import { loadConfig } from '../service/config/load.ts';
import { readControls } from '../service/reports/controls.ts';
import { readRoles } from '../service/rbac/roles.ts';

/** Files that examples mention. */
const BESIDE = {
  'base.yaml': 'name: base-of-examples\nmax_steps: 50\n',
  'parent.yaml': `
deny_tokens_regex: ['AKIA[0-9A-Z]{16}']
rules:
  - rule: check_transaction_limits
    pattern: { tool: payments.transfer, operation: amount_gt, value: 10000 }
  - rule: prevent_sql_injection
    pattern: { tool: db.query, operation: matches, value: "'; DROP TABLE|1=1" }
  - rule: transfer_limit
    pattern: { tool: payments.transfer, operation: amount_gt, value: 5000 }
`,
  'tools.json': JSON.stringify({ tools: [{ name: 'db.query', inputSchema: { type: 'object' } }] }),
};

/** Kinds of block that are no policies, by a key that only they have. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  workflow: ['jobs', 'stages', 'uses'],
  tests: ['tests'],
  controls: ['frameworks'],
  configuration: ['entries', 'catalog', 'capabilities'],
  service: [
    'audit',
    'auth',
    'drain',
    'limits',
    'listen',
    'metrics',
    'rbac',
    'receipts',
    'results',
    'sessions',
    'approvals',
    'rollout',
    'siem',
    'state_dir',
    'teams',
    'tls',
  ],
  roles: ['roles'],
};

interface Block {
  readonly page: string;
  readonly line: number;
  readonly kind: string;
  readonly text: string;
}

function root(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(root(page), 'utf8');
  return [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map((found) => {
    const [, yaml = ''] = found;
    return { page, line: text.slice(0, found.index).split('\n').length + 1, ...asFile(yaml) };
  });
}

/** What an author would save: a list of rules stands under `rules:`, a pattern in a rule. */
function asFile(yaml: string): { readonly kind: string; readonly text: string } {
  const indented = yaml.replace(/^(?=.)/gm, '  ');
  if (/^- rule:/m.test(yaml)) {
    if (yaml.startsWith('- rule:')) return { kind: 'rules', text: `rules:\n${indented}` };
    return { kind: 'policy', text: yaml };
  }
  if (yaml.startsWith('pattern:')) {
    const rules = yaml.trim().split('\n');
    return {
      kind: 'patterns',
      text: `rules:\n${rules.map((rule, i) => `  - rule: r${i}\n    ${rule}\n`).join('')}`,
    };
  }
  if (/^(?:refine|exceptions):/m.test(yaml))
    return { kind: 'child', text: `extends: [parent.yaml]\n${yaml}` };
  if (/^(?:#.*\n)*$/.test(yaml)) return { kind: 'comment', text: yaml };
  const keys = keysOf(yaml);
  const other = Object.entries(OTHERS).find(([, marks]) => marks.some((key) => keys.includes(key)));
  return { kind: other?.[0] ?? 'policy', text: yaml };
}

function keysOf(yaml: string): readonly string[] {
  const value: unknown = load(yaml);
  const members = Object.entries((Array.isArray(value) ? value[0] : value) as object);
  // A list of this name is a setting of policies.
  return members.flatMap(([key, member]) => (key === 'results' && Array.isArray(member) ? [] : [key]));
}

/** What the pages of codes show is told by their own test: most of it is bad. */
const inDocs = readdirSync(root('docs'), { recursive: true, encoding: 'utf8' })
  .map((name) => `docs/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.md') && !name.startsWith('docs/codes/'));
const pages = ['README.md', ...inDocs];
const blocks = pages.flatMap(blocksOf);
const policies = blocks.filter(({ kind }) => kind !== 'comment' && !(kind in OTHERS));

describe('settings of the service in documents are settings', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plan-lint-docs-'));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });
  const settings = blocks.filter(({ kind }) => kind === 'service');
  it.each(settings.map((block) => [`${block.page}:${block.line}`, block] as const))(
    '%s',
    async (_at, { text }) => {
      const file = join(directory, 'service.yaml');
      writeFileSync(file, text);
      await expect(loadConfig({ file, env: {} })).resolves.toBeDefined();
    },
  );
});

it.each(
  blocks
    .filter(({ kind }) => kind === 'roles')
    .map((block) => [`${block.page}:${block.line}`, block] as const),
)('roles in documents are roles: %s', (_at, { text }) => {
  expect(readRoles(load(text) as Readonly<Record<string, unknown>>).bindings.length).toBeGreaterThan(0);
});

it.each([
  ...blocks.filter(({ kind }) => kind === 'controls').map(({ page, text }) => [page, text] as const),
  ['docs/controls.yaml', readFileSync(root('docs/controls.yaml'), 'utf8')] as const,
])('controls in documents are controls: %s', (page, text) => {
  expect(readControls(text, page).size).toBeGreaterThan(0);
});

describe('examples in documents compile', () => {
  it('of every kind some are found', () => {
    const kinds = new Set(blocks.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      'child',
      'comment',
      'configuration',
      'controls',
      'patterns',
      'policy',
      'roles',
      'rules',
      'service',
      'tests',
      'workflow',
    ]);
    const shown = policies.map(({ page }) => page);
    for (const page of ['README.md', 'docs/cel.md', 'docs/inheritance.md', 'docs/tutorial.md'])
      expect(shown).toContain(page);
    const ofPolicies = pages.filter((page) => page.startsWith('docs/policies/'));
    expect(ofPolicies.length).toBeGreaterThan(10);
    expect(ofPolicies.filter((page) => !shown.includes(page))).toEqual([
      'docs/policies/decisions.md',
      'docs/policies/entries.md',
    ]);
  });

  it.each(policies.map((block) => [`${block.page}:${block.line}`, block] as const))(
    '%s',
    async (_at, block) => {
      // The settings that ask for a catalog do not compile without one.
      const catalog = /only-catalog|validate_args/.test(block.text) ? 'catalog: tools.json\n' : '';
      const configuration = `entries: [example.yaml]\n${catalog}`;
      const host = memoryHost({ ...BESIDE, 'plan-lint.yaml': configuration, 'example.yaml': block.text });
      const { diagnostics } = await compile(host);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(errors.map(renderDiagnostic)).toEqual([]);
    },
  );
});

/** Every name that the schema of policy files gives to a property, at any depth. */
function keysIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => [
    ...(key === 'properties' && typeof value === 'object' && value !== null ? Object.keys(value) : []),
    ...keysIn(value),
  ]);
}

it('every key of a policy file stands in an example or in the text', () => {
  const schema: unknown = JSON.parse(readFileSync(root('policies/schema/policy.schema.json'), 'utf8'));
  const text = pages
    .filter((page) => page.startsWith('docs/policies/') || page === 'docs/inheritance.md')
    .map((page) => readFileSync(root(page), 'utf8'))
    .join('\n');
  const keys = [...new Set(keysIn(schema))];
  expect(keys).toContain('flows');
  expect(keys.filter((key) => !new RegExp(`\\b${key}:|\`${key}\``).test(text))).toEqual([]);
});
