/** Names of tools as plans may have them, and as policies and catalogs name them. */
import { describe, expect, it } from 'vitest';
import { bundleFrom } from '../support/decide.ts';

const call = (tool: string): object => ({ steps: [{ id: 's1', tool, args: { owner: null } }] });

describe('a name with single spaces inside', () => {
  it('is named by policies and catalogs like any other', async () => {
    const bundle = await bundleFrom({
      'p.yaml':
        'tools: only-catalog\nrules:\n  - rule: no_delete\n    severity: high\n    pattern: { tool: "Delete * Share" }\n',
      'plan-lint.yaml': 'catalog: tools.json\n',
      'tools.json': JSON.stringify({
        tools: ['Delete CIFS Share', 'List Shares'].map((name) => ({
          name,
          inputSchema: { type: 'object' },
        })),
      }),
    });
    const rulesOf = (tool: string): readonly string[] =>
      bundle
        .policy()
        .evaluate(call(tool))
        .violations.map(({ rule }) => rule);
    expect(rulesOf('Delete CIFS Share')).toEqual(['no_delete']);
    expect(rulesOf('List Shares')).toEqual([]);
    // Other white space makes no name.
    for (const tool of ['List  Shares', ' List Shares', 'List Shares ', 'List\tShares', 'List\u00a0Shares'])
      expect(rulesOf(tool)).toEqual(['plan.shape']);
  });
});

describe('a message', () => {
  it('says what an argument is where that is null', async () => {
    const files = {
      'p.yaml':
        'rules:\n  - rule: r\n    severity: high\n    pattern: { tool: t.close, arg: owner, operation: equals, value: null }\n',
    };
    const [violation] = (await bundleFrom(files)).policy().evaluate(call('t.close')).violations;
    expect(violation?.message).toContain('`owner` of `t.close` is null');
  });
});
