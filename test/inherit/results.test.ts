/** `results` in a hierarchy: what is added stands beside what is inherited, and blocking is stricter than taking out. */
import { expect, test } from 'vitest';
import { rulesIn } from '../../compiler/ir/layer.ts';
import { compiled } from './support.ts';
import { says } from './support.ts';

const entry = (tool: string, regex: string, action: string): string =>
  `results: [{ tool: '${tool}', deny_tokens_regex: ['${regex}'], action: ${action} }]\n`;

async function actions(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const { entries } = (await compiled(files)).policies;
  const rules = entries.flatMap(({ layer }) => rulesIn(layer));
  return Object.fromEntries(
    rules.flatMap((rule) => (rule.kind === 'result' ? [[rule.id, rule.action]] : [])),
  );
}

test('a child adds, and may only block what its parent takes out', async () => {
  const base = entry('db.*', 'AKIA', 'redact');
  const child = (text: string) => ({ 'base.yaml': base, 'team.yaml': `extends: base.yaml\n${text}` });
  expect(await actions(child('results: []\n'))).toEqual({ 'results["db.*"]["AKIA"]': 'redact' });
  expect(await actions(child(entry('db.q', 'AKIA', 'redact')))).toEqual({
    'results["db.*"]["AKIA"]': 'redact',
    'results["db.q"]["AKIA"]': 'redact',
  });
  expect(await actions(child(entry('db.*', 'AKIA', 'block')))).toEqual({
    'results["db.*"]["AKIA"]': 'block',
  });
});

test('to take out what a parent blocks is refused, with both places', async () => {
  const files = {
    'base.yaml': entry('db.*', 'AKIA', 'block'),
    'team.yaml': `extends: base.yaml\n${entry('db.*', 'AKIA', 'redact')}`,
  };
  expect(await says(files)).toMatchInlineSnapshot(`
    "team.yaml:2:47: error PL2102: \`results["db.*"]["AKIA"]: redact\` is weaker than the inherited \`block\`
      2 | results: [{ tool: 'db.*', deny_tokens_regex: ['AKIA'], action: redact }]
        |                                               ^^^^^^
      base.yaml:1:47: the inherited value: block
      1 | results: [{ tool: 'db.*', deny_tokens_regex: ['AKIA'], action: block }]
        |                                               ^^^^^^
      hint: \`block\` is stricter than \`redact\`; a child may only tighten what it inherits"
  `);
});

test('nothing refines it away, and it takes no exceptions', async () => {
  const child = async (text: string): Promise<string> =>
    (
      await says({ 'base.yaml': entry('db.*', 'AKIA', 'block'), 'team.yaml': `extends: base.yaml\n${text}` })
    ).split('\n')[0] ?? '';
  const rule = `'results["db.*"]["AKIA"]'`;
  expect(await child(`refine: [{ rule: ${rule}, enabled: false }]\n`)).toContain('PL2204');
  expect(await child(`refine: [{ rule: ${rule}, enforcement: audit }]\n`)).toContain('PL2');
  expect(await child(`refine: [{ rule: ${rule}, final: false }]\n`)).toContain('PL2211');
  expect(await child(`refine: [{ rule: ${rule}, value: x }]\n`)).toContain('PL2');
  const waiver = `exceptions: [{ rule: ${rule}, reason: r, ticket: T-1, requested_by: a@x.example, approved_by: b@x.example, expires: 2026-12-01, scope: { tool: db.q } }]\n`;
  expect(await child(waiver)).toContain('PL2225');
});

test('of two parents, and of two blocks of one file, blocking holds', async () => {
  const parents = {
    'a.yaml': entry('db.*', 'AKIA', 'redact'),
    'b.yaml': entry('db.*', 'AKIA', 'block'),
    'c.yaml': 'extends: [a.yaml, b.yaml]\n',
    'd.yaml': 'extends: [b.yaml, a.yaml]\n',
  };
  const { entries } = (await compiled(parents)).policies;
  for (const { layer } of entries)
    expect(rulesIn(layer).map((rule) => (rule.kind === 'result' ? rule.action : ''))).toEqual(['block']);
  const both = `policies: [{ name: p, ${entry('a', 'x', 'block').trim()} }, { name: q, ${entry('a', 'x', 'redact').trim()} }]\n`;
  expect(await actions({ 'p.yaml': both })).toEqual({ 'results["a"]["x"]': 'block' });
});

test.each([
  ['without an action', `results: [{ tool: a, deny_tokens_regex: [x] }]`, 'PL1'],
  ['another action', `results: [{ tool: a, deny_tokens_regex: [x], action: drop }]`, 'PL1'],
  ['without expressions', `results: [{ tool: a, deny_tokens_regex: [], action: block }]`, 'PL1'],
  [
    'with what nobody knows',
    `results: [{ tool: a, deny_tokens_regex: [x], action: block, mode: default }]`,
    'PL1',
  ],
  ['an expression that is none', `results: [{ tool: a, deny_tokens_regex: ['('], action: block }]`, 'PL'],
  ['a reference', "results: [{ tool: a, deny_tokens_regex: ['${params.x}'], action: block }]", 'PL1116'],
  ['a rule of its name', `rules: [{ rule: results, pattern: { tool: a } }]`, 'PL'],
])('%s is refused', async (_, text, code) => {
  expect(await says({ 'p.yaml': `${text}\n` })).toContain(code);
});
