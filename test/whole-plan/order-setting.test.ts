/** `order` beside the rules of a file or policy. */
import { expect, test } from 'vitest';
import { bundleFrom } from '../support/decide.ts';

const before = (name: string, more = ''): string =>
  `{ rule: ${name}, require_before: { tool: run, before: backup${more} } }`;
const PLAN = {
  steps: [
    { id: 'a', tool: 'backup', args: {} },
    { id: 'b', tool: 'run', args: {} },
  ],
};

async function fires(files: Record<string, string>, entry?: string): Promise<readonly string[]> {
  const { violations } = (await bundleFrom(files)).policy(entry).evaluate(PLAN);
  return violations.map(({ rule }) => rule).sort();
}

test('rules that say no order go by that of their policy, else by that of the file', async () => {
  const file = (order: string): string => `
${order}
rules: [${before('own')}, ${before('said', ', order: dependencies')}]
policies:
  - { name: silent, rules: [${before('silent')}] }
  - { name: says, order: dependencies, rules: [${before('says')}] }
`;
  expect(await fires({ 'p.yaml': file('') })).toEqual(['own', 'said', 'says', 'silent']);
  expect(await fires({ 'p.yaml': file('order: listed') })).toEqual(['said', 'says']);
});

test('the order of a child is not that of a rule which it inherits, nor the other way round', async () => {
  const files = {
    'base.yaml': `rules: [${before('inherited')}]\n`,
    'child.yaml': `extends: base.yaml\norder: listed\nrules: [${before('own')}]\n`,
  };
  expect(await fires(files, 'child')).toEqual(['inherited']);
  const swapped = {
    'base.yaml': `order: listed\nrules: [${before('inherited')}]\n`,
    'child.yaml': `extends: base.yaml\nrules: [${before('own')}]\n`,
  };
  expect(await fires(swapped, 'child')).toEqual(['own']);
});
