/** What rules about the whole plan do once a plan, and where they end. */
import { describe, expect, it } from 'vitest';
import { bundleFrom } from '../support/decide.ts';
import type { Policy } from '../../runtime/evaluate.ts';

const steps = (
  tool: string,
  count: number,
  args: (i: number) => object,
  more: (i: number) => object = () => ({}),
): readonly object[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${tool}${i}`, tool, args: args(i), ...more(i) }));
const x = (i: number): object => ({ x: i });

async function policyOf(...bodies: readonly object[]): Promise<Policy> {
  const rules = bodies.map((body, i) => ({ rule: `r${i}`, severity: 'high', ...body }));
  return (await bundleFrom({ 'p.yaml': JSON.stringify({ rules }) })).policy();
}

const BEFORE = { require_before: { tool: 'a', before: 'b', same: ['x'] } };
const AFTER = { require_after: { tool: 'a', after: 'b', same: ['x'] } };

/** References take less room than `depends_on`, of which each is a value. */
const refs = (ids: readonly string[]): string => ids.map((id) => `\${${id}.result}`).join('');
const all = (tool: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${tool}${i}`);
const tooLong = 4900;

describe('require_before', () => {
  /** Approvals, one step that waits for all of them, and behind it what needs them: half as many groups as steps. */
  const gathered = (groups: number): object => {
    const others = all('b', groups).slice(0, 8);
    return {
      steps: [
        ...steps('b', groups, x),
        { id: 'c', tool: 'c', args: { all: refs(all('b', groups)) } },
        ...steps(
          'a',
          groups,
          (i) => ({ x: i, all: refs(others) }),
          () => ({ depends_on: ['c'] }),
        ),
      ],
    };
  };

  it('tells hundreds of groups apart in a plan of a thousand steps', async () => {
    expect((await policyOf(BEFORE)).evaluate(gathered(500)).violations).toEqual([]);
  });

  it('fires on what is left where telling them apart would take too long', async () => {
    const fired = (await policyOf(BEFORE)).evaluate(gathered(tooLong)).violations;
    expect(fired.every(({ rule, stepId }) => rule === 'r0' && stepId?.startsWith('a'))).toBe(true);
    expect(fired.length).toBeGreaterThan(100);
    expect(fired.length).toBeLessThan(tooLong);
    expect(fired.at(-1)?.stepId).toBe(`a${tooLong - 1}`);
  });

  it('tells any number apart where each waits for its own, and where the list decides', async () => {
    const own = steps('a', tooLong, x, (i) => ({ depends_on: [`b${i}`, 'b0', 'b1'] }));
    const plan = { steps: [...steps('b', tooLong, x), ...own] };
    expect((await policyOf(BEFORE)).evaluate(plan).valid).toBe(true);
    const listed = { require_before: { ...BEFORE.require_before, order: 'listed' } };
    expect((await policyOf(listed)).evaluate(gathered(tooLong)).violations).toEqual([]);
  });
});

describe('require_after', () => {
  /** One step that waits for all that is to be logged, and the logs behind it. */
  const logged = (count: number): object => {
    const others = all('a', count).slice(0, 8);
    return {
      steps: [
        ...steps('a', count, x, () => ({ on_fail: 'continue' })),
        { id: 'c', tool: 'c', args: { all: refs(all('a', count)) }, on_fail: 'continue' },
        ...steps(
          'b',
          count,
          (i) => ({ x: i, all: refs(others) }),
          () => ({ depends_on: ['c'] }),
        ),
      ],
    };
  };

  it('tells hundreds of steps apart in a plan of a thousand', async () => {
    expect((await policyOf(AFTER)).evaluate(logged(500)).violations).toEqual([]);
  });

  it('fires on what is left where telling them apart would take too long', async () => {
    const fired = (await policyOf(AFTER)).evaluate(logged(tooLong)).violations;
    expect(fired.every(({ rule, stepId }) => rule === 'r0' && stepId?.startsWith('a'))).toBe(true);
    expect(fired.length).toBeGreaterThan(100);
    expect(fired.length).toBeLessThan(tooLong);
  });

  it('tells any number apart where the list decides', async () => {
    const listed = { require_after: { ...AFTER.require_after, order: 'listed', on_failure: false } };
    const pairs = Array.from({ length: 5000 }, (_, i) => [
      { id: `a${i}`, tool: 'a', args: { x: i } },
      { id: `b${i}`, tool: 'b', args: { x: i } },
    ]);
    expect((await policyOf(listed)).evaluate({ steps: pairs.flat() }).valid).toBe(true);
  });
});

describe('rules about the whole plan', () => {
  const counted = (i: number): object => ({ max_calls: { tool: `t${i}`, limit: 1, per: 'x' } });

  it('go over ten thousand steps, all together; those behind say so', async () => {
    const bodies = Array.from({ length: 8 }, (_, i) => counted(i));
    const policy = await policyOf(...bodies);
    expect(policy.evaluate({ steps: steps('a', 1_000, x) }).valid).toBe(true);
    const { violations } = policy.evaluate({ steps: steps('a', 1_500, x) });
    expect(violations.map(({ rule, stepIndex }) => `${rule} ${stepIndex}`)).toEqual(['r6 -1', 'r7 -1']);
    expect(violations[0]?.message).toBe(
      'nobody can tell: an error inside this rule, or more work than one plan may take',
    );
    expect(policy.evaluate({ steps: steps('a', 1_000, x) }).valid).toBe(true);
  });

  it('tell six thousand texts apart; the others are of any group', async () => {
    const policy = await policyOf(
      { max_calls: { tool: 'a', limit: 1, per: 'x' } },
      { max_calls: { tool: 'a', limit: 1, per: 'y' } },
      { max_calls: { tool: 'a', limit: 1, per: 'z' } },
    );
    const texts = (i: number): object => ({ x: `x${i}`, y: `y${i}`, z: `z${i}` });
    expect(policy.evaluate({ steps: steps('a', 2_000, texts) }).valid).toBe(true);
    const { violations } = policy.evaluate({ steps: steps('a', 2_500, texts) });
    expect(violations).toHaveLength(1_500);
    expect(violations[0]?.rule).toBe('r2');
  });
});

describe('what several rules ask of a plan', () => {
  /** A plan that counts how often the dependencies of its first step are read, beyond the runtime's own reading. */
  const watched = (): { readonly plan: object; readonly reads: () => number } => {
    let count = 0;
    const first = {
      id: 'first',
      tool: 'a',
      args: { x: 1 },
      get depends_on(): readonly string[] {
        count += 1;
        return [];
      },
    };
    return {
      plan: { steps: [first, ...steps('a', 50, x, () => ({ depends_on: ['first'] }))] },
      reads: () => count,
    };
  };
  const FLOWS = { flows: { from: 'a', to: 'b' } };

  it('is found once, be there one rule or many, and not again when the decision is explained', async () => {
    const one = watched();
    (await policyOf(BEFORE)).evaluate(one.plan);
    const many = watched();
    const listed = { require_before: { ...BEFORE.require_before, order: 'listed' } };
    const decision = (await policyOf(BEFORE, AFTER, FLOWS, listed)).evaluate(many.plan);
    expect(many.reads()).toBe(one.reads());
    expect(decision.violations.length).toBeGreaterThan(100);
    expect(many.reads()).toBe(one.reads());
  });

  it('is found once for all entries', async () => {
    const one = watched();
    (await policyOf(BEFORE)).evaluate(one.plan);
    const file = (name: string, body: object): string =>
      JSON.stringify({ rules: [{ rule: name, severity: 'high', ...body }] });
    const few = {
      'p.yaml': file('p', BEFORE),
      'q.yaml': file('q', AFTER),
      'r.yaml': file('r', { pattern: { tool: 'z' } }),
    };
    const lots = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`s${i}.yaml`, file(`s${i}`, FLOWS)]),
    );
    for (const files of [few, { ...few, ...lots }]) {
      const many = watched();
      const decision = (await bundleFrom(files)).policy().evaluate(many.plan);
      expect(decision.violations.length).toBeGreaterThan(100);
      expect(many.reads()).toBe(one.reads());
    }
  });

  it('is found anew when the plan is asked about again, for it may have changed', async () => {
    const policy = await policyOf(BEFORE, AFTER);
    const plan = {
      steps: [...steps('b', 1, x), ...steps('a', 1, x, () => ({ on_fail: 'continue', depends_on: ['b0'] }))],
    };
    expect(policy.evaluate(plan).violations.map(({ rule }) => rule)).toEqual(['r1']);
    (plan.steps[1] as { depends_on: string[] }).depends_on = [];
    expect(policy.evaluate(plan).violations.map(({ rule }) => rule)).toEqual(['r0', 'r1']);
    expect(policy.allows(plan)).toBe(false);
  });
});
