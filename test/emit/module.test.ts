import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile, memoryHost } from '../../compiler/index.ts';
import { directoryHost } from '../../bundles/directory-host.ts';
import { FORBIDDEN_WORDS } from '../../runtime/contract.ts';
import { scanModule } from '../../runtime/load.ts';
import { kit } from '../../runtime/kit.ts';
import { newQuestion } from '../../engine/module/question.ts';
import { beginWork } from '../../engine/work.ts';
import type { Tables } from '../../engine/module/tables.ts';
import type { ModuleFactory } from '../../runtime/contract.ts';
import { bundleOf, compileMemory } from '../support/decide.ts';

const library = directoryHost(fileURLToPath(new URL('../../policies', import.meta.url)));

/** A schema for whose keywords validators hold code of every kind. */
const EVERY_KEYWORD = {
  type: 'object',
  minProperties: 9,
  properties: {
    query: { type: ['string', 'null'], minLength: 99, pattern: '^(a|b)+$' },
    n: {
      type: 'array',
      uniqueItems: true,
      contains: { type: 'integer' },
      minContains: 2,
      items: { $ref: '#' },
    },
    constructor: { multipleOf: 0.1, not: { type: 'number' } },
    x: { if: { const: [1] }, then: { enum: [{ a: 1 }] }, else: { oneOf: [{ type: 'string' }, false] } },
  },
  patternProperties: { '^q': { minimum: 5 } },
  propertyNames: { maxLength: 3 },
  dependentRequired: { n: ['z'] },
  required: ['z'],
  additionalProperties: false,
};

async function code(files: Readonly<Record<string, string>>): Promise<string> {
  return (await compileMemory(files)).module.code;
}

describe('the emitted module', () => {
  it('has the same bytes whenever it is made', async () => {
    const [first, second] = [await compile(library), await compile(library)];
    expect(first.result?.module.code).toBe(second.result?.module.code);
  });

  it('does not depend on the order in which files are read', async () => {
    const files = {
      'a.yaml': 'max_steps: 5',
      'b.yaml': 'extends: a.yaml\nmax_steps: 4',
      'c.yaml': 'max_steps: 3',
    };
    const reversed = {
      ...memoryHost(files),
      readPolicyFiles: async () => (await memoryHost(files).readPolicyFiles()).toReversed(),
    };
    const { result } = await compile(reversed);
    expect(result?.module.code).toBe(await code(files));
  });

  it('is printable ASCII, imports nothing and spells out no forbidden word, whatever the policy says', async () => {
    const nasty =
      'import("fs"); eval`x`; constructor["prototype"].__proto__ \u2028 </script> */ ${(process.env)} \\u0065val globalThis';
    const text = await code({
      'p.yaml': JSON.stringify({
        rules: FORBIDDEN_WORDS.map((word, i) => ({
          rule: `r${i}`,
          description: `${nasty} ${word}`,
          pattern: { tool: word, arg: word, operation: 'contains', value: `${word} ${nasty}` },
        })),
        allow_tools: [...FORBIDDEN_WORDS],
        deny_tokens_regex: [
          'import\\(|eval|\\window',
          'con\\structor',
          '^[\\s(]*select',
          '\\u0041',
          '[^\\0-\\x1f]a',
        ],
      }),
    });
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(() => scanModule(text)).not.toThrow();
    expect(text).not.toMatch(new RegExp(`(?<![\\w$])(?:${FORBIDDEN_WORDS.join('|')})(?![\\w$])`));
  });

  const core = readFileSync(new URL('../../policies/base/core-security.yaml', import.meta.url), 'utf8');
  it.each([
    ['policies', { 'p.yaml': core }],
    [
      'policies that validate arguments',
      {
        'base.yaml': core,
        'p.yaml': 'extends: base.yaml\nvalidate_args: true',
        'plan-lint.yaml': 'catalog: tools.json',
        'tools.json': JSON.stringify({
          tools: [
            { name: 'db.query', inputSchema: EVERY_KEYWORD },
            { name: 'db.list', inputSchema: {} },
          ],
        }),
      },
    ],
  ])('reads no global: it runs where there is none (%s)', async (_, files) => {
    const { module } = await compileMemory(files);
    // Every free name of the module becomes a read from this proxy, and is noted.
    const read: string[] = [];
    const scope = new Proxy(
      {},
      { has: (_target, key) => (read.push(String(key)), true), get: () => undefined },
    );
    const body = module.code.replace('export default', 'return ');
    // The compiler's own output, run without the loader: `with` is how a test sees every free name.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see above
    const factory = new Function('scope', `with (scope) { return (function () { ${body} })() }`) as (
      s: object,
    ) => unknown;
    const made = (factory(scope) as ModuleFactory)(kit);
    // The tables hold what decides, too.
    const { entries, rules } = made.facts() as Tables;
    const entry = entries[0];
    const plan = { steps: [{ id: 'a', tool: 'db.query', args: { query: "x' OR 1=1", n: [1, { k: 'v' }] } }] };
    // Every rule on steps is a candidate, and the guard's rows are made too.
    const candidates = Int32Array.from(rules.flatMap((row, i) => (row[0] === 'max_steps' ? [] : [i, 0])));
    entry?.guard.row('db.query');
    entry?.guard.row('never.heard_of');
    const question = { ...newQuestion(), plan, candidates, asked: candidates.length, asksPlan: true };
    beginWork(question);
    entry?.check(question);
    expect(question.count).toBeGreaterThan(0);
    const decider = made.open([0], {});
    for (const each of [plan, { ...plan, id: 1 }, { steps: [...plan.steps, ...plan.steps] }]) {
      expect(decider.evaluate(each, undefined, 0)?.violations().length).toBeGreaterThan(0);
      expect(decider.allows(each, undefined, 0)).toBe(false);
    }
    expect(read.filter((name) => name !== 'undefined')).toEqual([]);
  });

  it('shares rules among entries that inherit them', async () => {
    const base = JSON.stringify({
      rules: Array.from({ length: 50 }, (_, i) => ({
        rule: `r${i}`,
        pattern: { tool: `t${i}`, operation: 'amount_gt', value: i },
      })),
    });
    const two = {
      'base.yaml': base,
      'a.yaml': 'extends: base.yaml\nmax_steps: 5',
      'b.yaml': 'extends: base.yaml\nmax_steps: 6',
    };
    const three = { ...two, 'c.yaml': 'extends: base.yaml\nmax_steps: 7' };
    expect((await code(three)).length - (await code(two)).length).toBeLessThan(600);
  });
});

describe('a policy of several entries', () => {
  it('decides by all of them, the strongest outcome wins, and each by its name', async () => {
    const rule = (name: string, severity: string): string =>
      JSON.stringify({ rules: [{ rule: name, severity, pattern: { tool: 't' } }] });
    const bundle = await bundleOf(
      await compileMemory({ 'soft.yaml': rule('a', 'low'), 'hard.yaml': rule('b', 'high') }),
    );
    const plan = { steps: [{ id: 's', tool: 't', args: {} }] };
    expect(bundle.policy().evaluate(plan)).toMatchObject({ status: 'deny', entry: null, riskScore: 0.4 });
    expect(bundle.policy('soft').evaluate(plan)).toMatchObject({ status: 'warn', entry: 'soft' });
    expect(() => bundle.policy('none')).toThrow(/soft/);
  });
});
