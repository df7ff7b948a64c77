import { describe, expect, it } from 'vitest';
import type { ModuleFacts, PredicateModule } from '../../runtime/contract.ts';
import { factsOf } from '../../runtime/facts.ts';
import { compileMemory, moduleOf } from '../support/decide.ts';

const facts: ModuleFacts = {
  policies: ['p'],
  categories: ['c'],
  files: ['p.yaml'],
  rules: [['a', 0, 0, 3, 3, 0.5, '', 0, 1, 1]],
  entries: [{ name: 'e', aggregate: 'sum', threshold: 1, waivers: [], rules: [0, 1] }],
};

const moduleThat = (says: () => unknown): PredicateModule => ({
  format: 2,
  entries: ['e'],
  open: () => ({ evaluate: () => null, allows: () => true }),
  facts: says as PredicateModule['facts'],
});

describe('what a module says of itself', () => {
  it('is copied, frozen, and without what decides', async () => {
    const compiled = await compileMemory({
      'p.yaml':
        'rules: [{rule: r, pattern: {tool: t}}]\nexceptions: [{rule: r, scope: {tool: t}, reason: x, ticket: T-1, requested_by: a, approved_by: b, expires: 2030-01-01T00:00:00Z}]',
    });
    const found = factsOf(await moduleOf(compiled));
    expect(found).toMatchObject({
      rules: [['r', 0, 0, 2, 3, expect.any(Number), '', 0, 1, expect.any(Number)]],
      entries: [{ name: 'p', aggregate: 'sum', rules: [0, 1] }],
    });
    expect(found.entries[0]?.waivers[0]?.label).toContain('T-1');
    expect(Object.keys(found).sort()).toEqual(['categories', 'entries', 'files', 'policies', 'rules']);
    for (const each of [found, found.rules, found.rules[0], found.entries[0]])
      expect(Object.isFrozen(each)).toBe(true);
  });

  it.each<readonly [string, () => unknown]>([
    ['nothing', () => undefined],
    ['rules that are no list', () => ({ ...facts, rules: { length: 0 } })],
    ['a rule that is short', () => ({ ...facts, rules: [['a']] })],
    ['a weight that is not a number', () => ({ ...facts, rules: [['a', 0, 0, 0, 0, NaN, '', 0, 1, 1]] })],
    ['an entry without a name', () => ({ ...facts, entries: [{ ...facts.entries[0], name: 5 }] })],
    [
      'an exception without a function',
      () => ({
        ...facts,
        entries: [
          { ...facts.entries[0], waivers: [{ rule: 0, label: '', notBefore: 0, expires: 1, applies: true }] },
        ],
      }),
    ],
    [
      'an error',
      () => {
        throw new Error('no');
      },
    ],
  ])('and %s is refused', (_name, says) => {
    expect(() => factsOf(moduleThat(says))).toThrow(expect.objectContaining({ code: 'module_malformed' }));
  });
});
