/**
 * A module has no free name: whatever stands around its text decides nothing, so that a module that a host has imported can
 * be told by that text (`adoptBundle`).
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Linter } from 'eslint';
import type { Rule, Scope } from 'eslint';
import { expect, it } from 'vitest';
import { directoryHost } from '../../bundles/directory-host.ts';
import { compile } from '../../compiler/index.ts';
import { MODULE_HEAD, MODULE_TAIL } from '@plan-lint/runtime/contract';

/** Names that a module's text uses and does not declare, by the scopes that eslint finds; language names among them. */
function freeNames(code: string): readonly string[] {
  const names = new Set<string>();
  const collect: Rule.RuleModule = {
    create: ({ sourceCode }) => ({
      Program() {
        const scope: Scope.Scope | null = sourceCode.scopeManager.globalScope;
        const references = [
          ...(scope?.through ?? []),
          ...(scope?.variables ?? []).flatMap((each) => each.references),
        ];
        for (const { identifier } of references) names.add((identifier as { readonly name: string }).name);
      },
    }),
  };
  const messages = new Linter().verify(code, [
    {
      plugins: { own: { rules: { collect } } },
      languageOptions: { ecmaVersion: 2024, sourceType: 'module' },
      rules: { 'own/collect': 'error' },
    },
  ]);
  expect(messages).toEqual([]);
  return [...names].sort();
}

const directories = readdirSync('fixtures')
  .map((name) => join('fixtures', name, 'policies'))
  .filter((path) => existsSync(path))
  .concat('policies');

it('sees free names', () => {
  expect(freeNames('export default(function({a}){return a+b+undefined+Math.max(a)});')).toEqual([
    'Math',
    'b',
    'undefined',
  ]);
});

it.each(directories)('%s', async (directory) => {
  const { result } = await compile(directoryHost(directory));
  if (!result) throw new Error(`${directory} does not compile`);
  const { code } = result.module;
  expect(freeNames(code)).toEqual([]);
  // The factory is one function expression: nothing else stands between head and tail.
  expect(code.startsWith(`${MODULE_HEAD}function(`)).toBe(true);
  expect(code.endsWith(`}${MODULE_TAIL}`)).toBe(true);
});
