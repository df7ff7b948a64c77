/** Work is bounded for a plan as a whole: what would exceed the budget is denied, and says why. */
import { describe, expect, it } from 'vitest';
import { bundleFrom } from '../support/decide.ts';

const rule = (body: string): Record<string, string> => ({
  'p.yaml': `rules:\n  - rule: r\n    severity: high\n    ${body}\n`,
});

const steps = (count: number, args: object = {}): object => ({
  steps: Array.from({ length: count }, (_, i) => ({ id: `s${i}`, tool: 't', args })),
});

describe('conditions over all steps, asked of each step', () => {
  const files = rule('when: "plan.steps.exists(s, s.tool == \'never\')"');

  it('are answered where the plan is of a usual size', async () => {
    const policy = (await bundleFrom(files)).policy();
    expect(policy.evaluate(steps(200)).status).toBe('pass');
  });

  it('cannot be decided behind the budget of the plan, by the rule that asks', async () => {
    const policy = (await bundleFrom(files)).policy();
    const { status, violations } = policy.evaluate(steps(2_000));
    expect(status).toBe('deny');
    expect([...new Set(violations.map(({ rule: id }) => id))]).toEqual(['r']);
    // The first steps are within the budget.
    expect(violations[0]?.stepIndex).toBeGreaterThan(100);
    // The next plan has a budget of its own.
    expect(policy.evaluate(steps(200)).status).toBe('pass');
  });
});

/** A plan that counts how often somebody takes a step out of it. */
function counted(count: number): { readonly plan: object; readonly reads: () => number } {
  let reads = 0;
  const { steps: list } = steps(count) as { readonly steps: readonly object[] };
  const get = (target: readonly object[], key: string | symbol): unknown => {
    if (typeof key === 'string' && /^\d/.test(key)) reads += 1;
    return Reflect.get(target, key);
  };
  return { plan: { steps: new Proxy(list, { get }) }, reads: () => reads };
}

describe('the work for a plan, counted', () => {
  const quadratic = 'when: "plan.steps.exists(s, s.tool == \'never\')"';
  const readsOf = async (files: Record<string, string>, count: number): Promise<number> => {
    const { plan, reads } = counted(count);
    expect((await bundleFrom(files)).policy().evaluate(plan).status).toBe('deny');
    return reads();
  };

  it('ends at the budget, however long the plan is', async () => {
    const files = rule(quadratic);
    expect(await readsOf(files, 2_000)).toBeLessThan(250_000 + 10 * 2_000);
    expect(await readsOf(files, 8_000)).toBeLessThan(250_000 + 10 * 8_000);
  });

  it('is that of reading it where `max_steps` denies it, and the report says that no rule was asked', async () => {
    const files = { 'p.yaml': `max_steps: 50\n${rule(quadratic)['p.yaml'] ?? ''}` };
    expect(await readsOf(files, 8_000)).toBeLessThan(5 * 8_000);
    const { violations } = (await bundleFrom(files)).policy().evaluate(steps(300));
    expect(violations.map(({ rule: id }) => id)).toEqual(['max_steps']);
    expect(violations[0]?.message).toMatch(/more than 50 steps; of so long a plan no other rule is asked$/);
  });

  it('is that of all rules where the plan is short, or the limit is waived', async () => {
    const always = 'rules:\n  - rule: r\n    severity: high\n    pattern: { tool: t }\n';
    const exception = `exceptions:\n  - { rule: max_steps, reason: migration, ticket: T-1, requested_by: a@x.example, approved_by: b@x.example, scope: { context: { a: 1 } }, not_before: 2020-01-01T00:00:00Z, expires: 2099-01-01T00:00:00Z }\n`;
    const rulesOf = async (text: string, count: number): Promise<readonly string[]> => {
      const { violations } = (await bundleFrom({ 'p.yaml': text }))
        .policy()
        .evaluate(steps(count), { context: { a: 1 } });
      return [...new Set(violations.map(({ rule: id }) => id))];
    };
    expect(await rulesOf(`max_steps: 50\n${always}`, 60)).toEqual(['max_steps', 'r']);
    expect(await rulesOf(`max_steps: 50\n${exception}${always}`, 300)).toEqual(['max_steps', 'r']);
    expect(await rulesOf(`max_steps: 50\n${always}`, 300)).toEqual(['max_steps']);
  });
});

describe('schemas that refer to themselves', () => {
  const form = (op: string): object => ({
    type: 'object',
    properties: { op: { const: op }, left: { $ref: '#/$defs/e' }, right: { $ref: '#/$defs/e' } },
    required: ['op', 'left'],
  });
  const leaf = {
    type: 'object',
    properties: { field: { type: 'string' } },
    required: ['field'],
    additionalProperties: false,
  };
  const catalogOf = (forms: readonly object[]): Record<string, string> => ({
    'p.yaml': 'validate_args: true\n',
    'plan-lint.yaml': 'catalog: tools.json\n',
    'tools.json': JSON.stringify({
      tools: [
        {
          name: 't',
          inputSchema: {
            type: 'object',
            properties: { filter: { $ref: '#/$defs/e' } },
            $defs: { e: { oneOf: forms } },
          },
        },
      ],
    }),
  });
  const nested = (depth: number, end: unknown): unknown =>
    depth === 0 ? end : { op: 'not', left: nested(depth - 1, end) };

  it('are told apart by the member that must have a certain value, at each level once', async () => {
    const files = catalogOf([form('and'), form('or'), form('not'), leaf]);
    const policy = (await bundleFrom(files)).policy();
    expect(policy.evaluate(steps(100, { filter: nested(40, { field: 'a' }) })).status).toBe('pass');
    expect(policy.evaluate(steps(1, { filter: nested(40, { field: 5 }) })).status).toBe('deny');
    expect(policy.evaluate(steps(1, { filter: { op: 'xor', left: { field: 'a' } } })).status).toBe('deny');
    expect(policy.evaluate(steps(1, { filter: { left: { field: 'a' } } })).status).toBe('deny');
  });

  it('are denied where they cannot be told apart', async () => {
    const open = { type: 'object', properties: { left: { $ref: '#/$defs/e' } }, required: ['left'] };
    const policy = (await bundleFrom(catalogOf([open, { ...open, title: 'b' }, open, leaf]))).policy();
    const { status, violations } = policy.evaluate(steps(100, { filter: nested(12, { field: 'a' }) }));
    expect(status).toBe('deny');
    expect(violations[0]?.rule).toBe('validate_args');
  });
});

describe('texts that every rule has to look at', () => {
  const RULES = Array.from({ length: 30 }, (_, i) => ({
    rule: `r${i}`,
    severity: 'high',
    pattern: { operation: 'contains', value: `word${i}` },
  }));
  const files = { 'p.yaml': JSON.stringify({ rules: RULES }) };
  const call = (note: string): object => ({ steps: [{ id: 's', tool: 't', args: { note } }] });

  it('are looked at by all of them where the text is of a usual length', async () => {
    const { violations } = (await bundleFrom(files)).policy().evaluate(call(`${'x'.repeat(300_000)} word7`));
    expect(violations.map(({ rule: id }) => id)).toEqual(['r7']);
  });

  it('are denied by the rules behind the budget of the plan, which say so', async () => {
    const policy = (await bundleFrom(files)).policy();
    const { status, violations } = policy.evaluate(call(`${'x'.repeat(1_000_000)} word7`));
    expect(status).toBe('deny');
    expect(violations.map(({ rule: id }) => id)).toEqual(['r7', ...RULES.slice(9).map(({ rule: id }) => id)]);
    expect(violations[1]?.message).toBe('nobody can tell for `t`: it would take more work than one plan may');
    // The next plan has a budget of its own.
    expect(policy.evaluate(call('word8')).violations.map(({ rule: id }) => id)).toEqual(['r8']);
  });

  it('count as often as they may be read, what is known of a text with a reference too', async () => {
    const policy = (await bundleFrom(files)).policy();
    const note = `${'\u0430'.repeat(400_000)} word7`;
    const firing = (text: string): number =>
      policy.evaluate({
        steps: [
          { id: 'a', tool: 'b', args: {} },
          { id: 's', tool: 't', args: { note: text } },
        ],
      }).violations.length;
    expect(firing(note)).toBeGreaterThan(10);
    expect(firing(`${note}\${a.result}`)).toBeGreaterThan(10);
  });

  it('are eight thousand where they may be read in another way, wherever they stand', async () => {
    const planLimits = { maxNodes: 100_000 };
    const policy = (await bundleFrom(rule('pattern: { tool: other }'), { planLimits })).policy();
    const listing = (count: number): object =>
      steps(10, { list: Array.from({ length: count / 10 }, (_, i) => `\u0430${i}`) });
    expect(policy.evaluate(listing(8_000)).valid).toBe(true);
    const { violations } = policy.evaluate(listing(8_010));
    expect(violations.map(({ rule: id }) => id)).toEqual(['plan.limits']);
    expect(policy.evaluate(steps(10, { list: Array.from({ length: 9_000 }, (_, i) => `a${i}`) })).valid).toBe(
      true,
    );
  });
});

describe('values and characters of one plan', () => {
  it('that are short are looked at by as many rules as the budget has room for', async () => {
    const rules = Array.from({ length: 30 }, (_, i) => ({
      rule: `r${i}`,
      severity: 'high',
      pattern: { operation: 'contains', value: `word${i}` },
    }));
    const planLimits = { maxNodes: 100_000 };
    const policy = (await bundleFrom({ 'p.yaml': JSON.stringify({ rules }) }, { planLimits })).policy();
    const listing = (count: number): object =>
      steps(1, { list: ['word0', ...Array.from({ length: count }, (_, i) => `a${i}`)] });
    const firing = (count: number): number => policy.evaluate(listing(count)).violations.length;
    expect(firing(9_000)).toBe(1);
    expect(firing(90_000)).toBeGreaterThan(20);
  });

  it('are half a million in texts that may be read in another way', async () => {
    const policy = (await bundleFrom(rule('pattern: { tool: other }'))).policy();
    const text = (length: number): object => steps(1, { text: '\u0430'.repeat(length) });
    expect(policy.evaluate(text(500_000)).status).toBe('pass');
    const { violations } = policy.evaluate(text(500_001));
    expect(violations.map(({ rule: id }) => id)).toEqual(['plan.limits']);
    expect(violations[0]?.message).toMatch(/500000 characters in texts that may be read in another way/);
    expect(policy.evaluate(steps(1, { text: 'a'.repeat(1_000_000) })).status).toBe('pass');
  });
});

describe('signs that stand for several', () => {
  it('count with all they stand for, in the plan as a whole', async () => {
    const policy = (await bundleFrom(rule('pattern: { operation: contains, value: xyz }'))).policy();
    const { violations } = policy.evaluate(steps(20, { text: '\ufdfa'.repeat(20_000) }));
    expect(violations[0]?.rule).toBe('plan.limits');
    expect(policy.evaluate(steps(1, { text: '\ufdfa'.repeat(20_000) })).status).toBe('pass');
  });

  it('count where only a rule about the whole plan, or none, reads texts', async () => {
    for (const body of ['flows: { from_context: [a], to: t }', 'pattern: { tool: other }']) {
      const policy = (await bundleFrom(rule(body))).policy();
      const { violations } = policy.evaluate(steps(20, { text: '\ufdfa'.repeat(20_000) }));
      expect(violations[0]?.rule).toBe('plan.limits');
    }
  });
});
